"""Questions to the call log: SQL aggregates, typed rows come back."""

import json
from collections.abc import Iterable
from typing import Any, Literal

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    Row,
    case,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy import tuple_ as row_of

from facematch.analytics.metrics import BINS_PER_E, bin_edge, percentile
from facematch.analytics.rows import (
    Bucket,
    CallRow,
    Choices,
    ErrorCount,
    FailuresOverTime,
    Latency,
    LatencyBin,
    ScoreHistogram,
    Selection,
    Totals,
)
from facematch.log.schema import calls

__all__ = [
    "Bucket", "CallRow", "Choices", "ErrorCount", "FailuresOverTime", "Latency", "LatencyBin",
    "ScoreHistogram", "Selection", "Totals", "attempts", "call", "choices", "error_counts", "failures_over_time",
    "latency", "newest", "score_histogram", "totals",
]  # fmt: skip

_HOUR_MS = 3_600_000
_WIDTH_MS: dict[Literal["hour", "day"], int] = {"hour": _HOUR_MS, "day": 24 * _HOUR_MS}
_HOURLY_UP_TO_MS = 72 * _HOUR_MS  # three days are 72 points, the most that a narrow screen shows
_SCORE_BINS = 101
_FRACTIONS = (0.5, 0.95, 0.99)
_FAILED = calls.c.outcome != literal_column("'ok'")  # not a parameter: only so does the partial index ix_fail apply
_DIGESTS = ("req_digest", "ref_digest", "probe_digest", "subject_hmac")
_SHOWN = [column for column in calls.columns if column.name not in _DIGESTS]


def totals(db: Connection, sel: Selection) -> Totals:
    """How many calls there were and how they ended."""
    c, count = calls.c, func.count()
    statement = select(
        count.label("calls"),
        count.filter(~_FAILED).label("ok"),
        count.filter(_FAILED).label("failed"),
        count.filter(c.success == 1).label("passed"),
        count.filter(c.success == 0).label("not_passed"),
        func.min(c.ts_ms).label("first_ms"),
        func.max(c.ts_ms).label("last_ms"),
    )
    return Totals(**db.execute(statement.select_from(calls).where(*_within(sel))).mappings().one())


def score_histogram(db: Connection, sel: Selection) -> ScoreHistogram:
    """How scores are spread, by verdict."""
    c = calls.c
    cell = c.success, cast(c.score, Integer), c.threshold
    scored = (*_within(sel), c.score.between(0, 100), c.success.is_not(None))
    counts, used = {0: [0] * _SCORE_BINS, 1: [0] * _SCORE_BINS}, set[float]()
    for success, point, threshold, n in db.execute(select(*cell, func.count()).where(*scored).group_by(*cell)):
        counts[success][point] += n
        used |= set() if threshold is None else {threshold}
    return ScoreHistogram(tuple(counts[1]), tuple(counts[0]), tuple(sorted(used)))


def failures_over_time(db: Connection, sel: Selection, *, utc_offset_min: int = 0) -> FailuresOverTime:
    """Calls and failures per hour, or per day when the span is longer than three days.

    Args:
        utc_offset_min: Minutes that the operator's clock is ahead of UTC, so that days begin at their midnight.
    """
    width: Literal["hour", "day"] = "hour" if _span_ms(db, sel) <= _HOURLY_UP_TO_MS else "day"
    width_ms, offset_ms = _WIDTH_MS[width], utc_offset_min * 60_000
    start = ((calls.c.ts_ms + offset_ms) // width_ms * width_ms - offset_ms).label("start")
    counts = func.count(), func.count().filter(_FAILED)
    statement = select(start, *counts).where(*_within(sel)).group_by(start).order_by(start)
    return FailuresOverTime(width, utc_offset_min, tuple(Bucket(*row) for row in db.execute(statement)))


def error_counts(db: Connection, sel: Selection) -> tuple[ErrorCount, ...]:
    """Failed calls by outcome and errcode, the most frequent first."""
    c, count = calls.c, func.count()
    kind = c.outcome, c.errcode
    statement = select(*kind, count, func.max(c.ts_ms)).where(*_within(sel), _FAILED).group_by(*kind)
    return tuple(ErrorCount(*row) for row in db.execute(statement.order_by(count.desc(), *kind)))


def latency(db: Connection, sel: Selection) -> Latency:
    """How long calls took, in bins of equal width on a logarithmic scale."""
    c, count = calls.c, func.count()
    sent = (*_within(sel), c.latency_ms.is_not(None), c.outcome != "request_invalid")
    at = cast(func.ln(case((c.latency_ms < 1, 1.0), else_=c.latency_ms)) * BINS_PER_E, Integer).label("bin")
    rows = db.execute(select(at, count).where(*sent).group_by(at).order_by(at)).all()
    numbers, counts = [number for number, _ in rows], [n for _, n in rows]
    bins = tuple(LatencyBin(bin_edge(b) if b else 0.0, bin_edge(b + 1), n) for b, n in rows)
    p50, p95, p99 = (percentile(numbers, counts, fraction) for fraction in _FRACTIONS)
    return Latency(bins, sum(counts), p50, p95, p99)


def newest(db: Connection, sel: Selection, limit: int = 50, before_id: int | None = None) -> tuple[CallRow, ...]:
    """The calls that began last, the latest first.

    Args:
        limit: The most to return.
        before_id: Go on after this call, the last one of the page before.
    """
    c = calls.c
    order = row_of(c.ts_ms, c.id)
    statement = select(*_SHOWN).where(*_within(sel)).order_by(c.ts_ms.desc(), c.id.desc()).limit(limit)
    if before_id is not None:
        statement = statement.where(order < select(c.ts_ms, c.id).where(c.id == before_id).scalar_subquery())
    return _call_rows(db.execute(statement))


def call(db: Connection, *, id: int | None = None, trace_no: str | None = None) -> CallRow | None:  # noqa: A002
    """One call, by its row or by the server's trace number; the latest when several bear it."""
    c = calls.c
    if id is None and trace_no is None:  # many calls have no trace number
        return None
    wanted = c.id == id if id is not None else c.trace_no == trace_no
    found = _call_rows(db.execute(select(*_SHOWN).where(wanted).order_by(c.id.desc()).limit(1)))
    return found[0] if found else None


def attempts(db: Connection, request_id: str) -> tuple[CallRow, ...]:
    """All attempts of one call, in order."""
    c = calls.c
    return _call_rows(db.execute(select(*_SHOWN).where(c.request_id == request_id).order_by(c.attempt, c.id)))


def choices(db: Connection) -> Choices:
    """What can be selected: the environments, endpoints and outcomes that occur."""
    rows = db.execute(select(calls.c.env, calls.c.endpoint, calls.c.outcome).distinct()).all()
    envs, endpoints, outcomes = (tuple(sorted({row[i] for row in rows})) for i in range(3))
    return Choices(envs, endpoints, outcomes)


def _within(sel: Selection) -> list[ColumnElement[bool]]:
    c, terms = calls.c, list[ColumnElement[bool]]()
    if sel.since_ms is not None:
        terms.append(c.ts_ms >= sel.since_ms)
    if sel.until_ms is not None:
        terms.append(c.ts_ms < sel.until_ms)
    chosen: Iterable[tuple[Column[Any], tuple[str, ...]]] = (
        (c.env, sel.envs),
        (c.endpoint, sel.endpoints),
        (c.outcome, sel.outcomes),
    )
    terms += [column.in_(values) for column, values in chosen if values]
    if sel.outcomes and "ok" not in sel.outcomes:
        terms.append(_FAILED)
    return terms


def _span_ms(db: Connection, sel: Selection) -> int:
    if sel.since_ms is not None and sel.until_ms is not None:
        return sel.until_ms - sel.since_ms
    ts_ms = calls.c.ts_ms
    first, last = db.execute(select(func.min(ts_ms), func.max(ts_ms)).where(*_within(sel))).one()
    return 0 if first is None else last - first


def _call_rows(result: Iterable[Row[Any]]) -> tuple[CallRow, ...]:
    return tuple(_call_row(dict(row._mapping)) for row in result)


def _call_row(values: dict[str, Any]) -> CallRow:
    values["success"] = None if values["success"] is None else bool(values["success"])
    values["extra"] = json.loads(values["extra"] or "{}")
    return CallRow(**values)
