"""Questions to the call log: SQL aggregates, typed rows come back.

Charts read the log's cells (``cells`` says where these are not exact), and rows where a selection cuts a cell in two.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, cast, func, select

from facematch.analytics import layers
from facematch.analytics.call_rows import attempts, call, named, newest, reviews
from facematch.analytics.cells import FAILED, counts, within
from facematch.analytics.flips import flips
from facematch.analytics.liveness import liveness
from facematch.analytics.metrics import bin_edge, percentile
from facematch.analytics.rows import (
    Bucket,
    CallRow,
    Choices,
    ErrorCount,
    FailuresOverTime,
    Funnel,
    FunnelStep,
    Latency,
    LatencyBin,
    LivenessCount,
    Review,
    ScoreHistogram,
    Scores,
    Selection,
    Totals,
    WhatIf,
)
from facematch.analytics.what_if import POINTS, what_if, what_if_curve
from facematch.log.rollups import CALL, DAY_MS, HOUR_MS, LATENCY, NO_ERRCODE, NO_THRESHOLD, NONE, SCORE
from facematch.log.schema import calls, r_call

__all__ = [
    "Bucket", "CallRow", "Choices", "ErrorCount", "FailuresOverTime", "Funnel", "FunnelStep", "Latency", "LatencyBin",
    "LivenessCount", "Review", "ScoreHistogram", "Scores", "Selection", "Totals", "WhatIf", "attempts", "call",
    "choices", "error_counts", "failures_over_time", "flips", "funnel", "latency", "liveness", "named", "newest",
    "reviews",
    "scores", "totals", "what_if", "what_if_curve",
]  # fmt: skip

_HOURLY_UP_TO_MS = 72 * HOUR_MS  # three days are 72 points, the most that a narrow screen shows
_FRACTIONS = (0.5, 0.95, 0.99)
_DRAWN_TOGETHER = 10  # of the log's latency bins, in one of a chart's


def totals(db: Connection, sel: Selection) -> Totals:
    """How many calls there were and how they ended."""
    c = counts(CALL, sel, "hour", "outcome", "success").c
    ends = c.outcome == "ok", c.outcome != "ok", c.success == 1, c.success == 0
    statement = select(func.min(c.hour), func.max(c.hour), _sum(c.n), *(_sum(c.n, end) for end in ends))
    first, last, number, ok, failed, passed, not_passed = db.execute(statement).one()
    ends_ms = _moment(db, sel, first, func.min), _moment(db, sel, last, func.max)
    return Totals(number, ok, failed, passed, not_passed, *ends_ms)


def scores(db: Connection, sel: Selection) -> Scores:
    """How scores are spread, by label and verdict; only calls that have both score and verdict."""
    c = counts(SCORE, sel, "day", "bin", "label", "success", "threshold").c
    key = c.label, c.success, c.bin, c.threshold
    found = Counter[tuple[int, int, int]]()
    used = {label: set[float]() for label in (1, 0, NONE)}
    for label, success, point, threshold, n in db.execute(select(*key, _sum(c.n)).group_by(*key)):
        found[label, success, point] += n
        used[label] |= set() if threshold == NO_THRESHOLD else {threshold}
    return Scores(*(_histogram(found, label, used[label]) for label in (1, 0, NONE)))


def failures_over_time(db: Connection, sel: Selection, *, utc_offset_min: int = 0) -> FailuresOverTime:
    """Calls and failures per hour, or per day when the span is longer than three days.

    The log counts by the hours of UTC. In a zone that is half an hour off them, hours are those of UTC, and days begin
    with the first of them that begins after midnight; the offset in the result is the one by which these days begin.

    Args:
        utc_offset_min: Minutes that the operator's clock is ahead of UTC, so that days begin at their midnight.
    """
    c, ahead = counts(CALL, sel, "hour", "outcome").c, utc_offset_min // 60
    statement = select(c.hour, _sum(c.n), _sum(c.n, c.outcome != "ok")).group_by(c.hour).order_by(c.hour)
    hours = [Bucket(hour * HOUR_MS, n, failed) for hour, n, failed in db.execute(statement)]
    if _span_ms(sel, hours) <= _HOURLY_UP_TO_MS:
        return FailuresOverTime("hour", utc_offset_min, tuple(hours))
    return FailuresOverTime("day", ahead * 60, tuple(_days(hours, ahead * HOUR_MS)))


def error_counts(db: Connection, sel: Selection) -> tuple[ErrorCount, ...]:
    """Failed calls by outcome and errcode, the most frequent first."""
    c = counts(CALL, sel, "hour", "outcome", "success", "errcode", without="ok").c
    kinds = select(c.outcome, c.errcode, _sum(c.n).label("n"), func.max(c.hour).label("hour"))
    k = kinds.group_by(c.outcome, c.errcode).subquery().c
    alike = calls.c.outcome == k.outcome, func.coalesce(calls.c.errcode, NO_ERRCODE) == k.errcode
    last = select(func.max(calls.c.ts_ms)).where(*within(sel), FAILED, *_in_hour(k.hour), *alike).scalar_subquery()
    last_ms = func.coalesce(last, k.hour * HOUR_MS)
    statement = select(k.outcome, func.nullif(k.errcode, NO_ERRCODE), k.n, last_ms)
    return tuple(ErrorCount(*row) for row in db.execute(statement.order_by(k.n.desc(), k.outcome, k.errcode)))


def latency(db: Connection, sel: Selection) -> Latency:
    """How long calls took, in bins of equal width on a logarithmic scale."""
    c = counts(LATENCY, sel, "day", "bin", without="request_invalid").c
    rows = db.execute(select(c.bin, _sum(c.n)).group_by(c.bin).order_by(c.bin)).all()
    numbers, ns = [number for number, _ in rows], [n for _, n in rows]
    p50, p95, p99 = (percentile(numbers, ns, fraction) for fraction in _FRACTIONS)
    return Latency(_drawn(zip(numbers, ns, strict=True)), sum(ns), p50, p95, p99)


def funnel(db: Connection, sel: Selection) -> Funnel:
    """At which layer calls ended.

    An answer without the contract's envelope counts by its HTTP status, which the rows alone tell: as the system's
    when its row is deleted.
    """
    c = counts(CALL, sel, "hour", "outcome", "success", "errcode").c
    key = c.outcome, c.success, c.errcode
    ended, verdicts, bare = Counter[str](), Counter[int](), False
    for outcome, success, errcode, n in db.execute(select(*key, _sum(c.n)).group_by(*key)):
        if outcome == "ok":
            verdicts[success] += n
            continue
        known = None if errcode == NO_ERRCODE else errcode
        ended[layers.layer_of(outcome, known)] += n
        bare = bare or (outcome == layers.BARE and known is None)
    for status, n in _bare_statuses(db, sel) if bare else ():
        ended["system"] -= n
        ended[layers.layer_of(layers.BARE, None, status)] += n
    codes = _without_verdict(db, sel) if verdicts[NONE] else 0
    return layers.funnel(
        ended, passed=verdicts[1], not_passed=verdicts[0], accepted=verdicts[NONE] - codes, live_codes=codes
    )


def choices(db: Connection) -> Choices:
    """What can be selected: what occurs, in rows that are deleted too."""
    c = r_call.c
    columns = c.outcome, c.errcode, c.endpoint, c.env, c.mode
    rows = db.execute(select(*columns).distinct()).all()
    outcomes, errcodes, endpoints, envs, modes = (sorted({row[i] for row in rows}) for i in range(len(columns)))
    known = tuple(code for code in errcodes if code != NO_ERRCODE)
    return Choices(tuple(envs), tuple(endpoints), tuple(outcomes), tuple(modes), known)


def _histogram(found: Counter[tuple[int, int, int]], label: int, thresholds: Iterable[float]) -> ScoreHistogram:
    passed, not_passed = (tuple(found[label, success, point] for point in range(POINTS)) for success in (1, 0))
    return ScoreHistogram(passed, not_passed, tuple(sorted(thresholds)))


def _drawn(bins: Iterable[tuple[int, int]]) -> tuple[LatencyBin, ...]:
    wide = Counter[int]()
    for number, n in bins:
        wide[number // _DRAWN_TOGETHER] += n
    edges = {place: [bin_edge(_DRAWN_TOGETHER * (place + more)) for more in (0, 1)] for place in wide}
    return tuple(LatencyBin(edges[b][0] if b else 0.0, edges[b][1], n) for b, n in sorted(wide.items()))


def _without_verdict(db: Connection, sel: Selection) -> int:
    """Calls that worked at endpoints whose answer holds no verdict."""
    endpoints = tuple(name for name in layers.WITHOUT_VERDICT if not sel.endpoints or name in sel.endpoints)
    if not endpoints:
        return 0
    c = counts(CALL, replace(sel, endpoints=endpoints, outcomes=("ok",)), "hour", "outcome", "success").c
    return int(db.scalar(select(_sum(c.n)).where(c.success == NONE)) or 0)


def _bare_statuses(db: Connection, sel: Selection) -> Iterable[tuple[int, int]]:
    c = calls.c
    bare = FAILED, c.outcome == layers.BARE, c.errcode.is_(None), c.http_status.is_not(None)
    statement = select(c.http_status, func.count()).where(*within(sel), *bare).group_by(c.http_status)
    return ((status, n) for status, n in db.execute(statement).all())


def _span_ms(sel: Selection, hours: Sequence[Bucket]) -> int:
    if sel.since_ms is not None and sel.until_ms is not None:
        return sel.until_ms - sel.since_ms
    return hours[-1].start_ms + HOUR_MS - hours[0].start_ms if hours else 0


def _days(hours: Iterable[Bucket], ahead_ms: int) -> Iterator[Bucket]:
    """*hours*, in order, by the day of a clock that is *ahead_ms* of UTC."""
    for day, parts in groupby(hours, key=lambda hour: (hour.start_ms + ahead_ms) // DAY_MS):
        found = list(parts)
        yield Bucket(day * DAY_MS - ahead_ms, sum(hour.calls for hour in found), sum(hour.failed for hour in found))


def _moment(db: Connection, sel: Selection, hour: int | None, end: Any) -> int | None:
    """The first or last call of *hour*; where its row is deleted, the hour."""
    if hour is None:
        return None
    found = db.execute(select(end(calls.c.ts_ms)).where(*within(sel), *_in_hour(hour))).scalar()
    return hour * HOUR_MS if found is None else int(found)


def _in_hour(hour: int | ColumnElement[int]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return calls.c.ts_ms >= hour * HOUR_MS, calls.c.ts_ms < (hour + 1) * HOUR_MS


def _sum(n: ColumnElement[int], where: ColumnElement[bool] | None = None) -> ColumnElement[int]:
    """A whole number, 0 of nothing: PostgreSQL's sums are decimals."""
    total = func.sum(n) if where is None else func.sum(n).filter(where)
    return cast(func.coalesce(total, 0), BigInteger)
