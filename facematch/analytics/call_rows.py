"""Single calls of the log: the newest, one by its number, those that another threshold would judge otherwise."""

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, Select, func, literal, select
from sqlalchemy import tuple_ as row_of

from facematch.analytics.cells import cells_within, has_rows, tells, within
from facematch.analytics.rows import CallRow, Review, Selection
from facematch.log.rollups import CALL, HOUR_MS
from facematch.log.schema import calls, r_call
from facematch.log.schema import reviews as said

_KEPT_BACK = ("req_digest", "ref_digest", "probe_digest", "subject_hmac", "uid")
SHOWN = [column for column in calls.columns if column.name not in _KEPT_BACK]
_NAMED = 1000
_NEWEST_FIRST = calls.c.ts_ms.desc(), calls.c.id.desc()


def newest(db: Connection, sel: Selection, limit: int = 50, before_id: int | None = None) -> tuple[CallRow, ...]:
    """The calls that began last, the latest first.

    Args:
        limit: The most to return.
        before_id: Go on after this call, the last one of the page before.
    """
    c = calls.c
    statement = select(*SHOWN).where(*within(sel)).order_by(*_NEWEST_FIRST).limit(limit)
    end_ms = sel.until_ms
    if before_id is not None:
        place = db.execute(select(c.ts_ms, c.id).where(c.id == before_id)).one_or_none()
        if place is None:
            return ()
        statement = statement.where(row_of(c.ts_ms, c.id) < row_of(*map(literal, place)))
        end_ms = min(place.ts_ms + 1, end_ms or place.ts_ms + 1)
    if tells(CALL, sel) and replace(sel, since_ms=None, until_ms=None) != Selection():
        hours = _hours(db, sel, limit, None if end_ms is None else (end_ms - 1) // HOUR_MS)
        if hours is None:
            return ()
        statement = statement.where(c.ts_ms >= hours[0] * HOUR_MS, c.ts_ms < (hours[1] + 1) * HOUR_MS)
    return found(db, statement)


def _hours(db: Connection, sel: Selection, limit: int, last: int | None) -> tuple[int, int] | None:
    """From which hour to which the newest calls of *sel* lie, so that what is rare is not sought among all calls.

    Each cell holds at least one call; those of the hour *last* are not relied on, for the selection may end in it.
    """
    c = r_call.c
    there = [*cells_within(CALL, sel), has_rows(c.env, c.hour * HOUR_MS)]
    until, below = ([], []) if last is None else ([c.hour <= last], [c.hour < last])
    high = db.scalar(select(c.hour).where(*there, *until).order_by(c.hour.desc()).limit(1))
    if high is None:
        return None
    full = select(c.hour).where(*there, *below).order_by(c.hour.desc()).limit(limit).subquery()
    low = db.scalar(select(func.min(full.c.hour)))
    return (high if low is None else min(low, high)), high


def call(db: Connection, *, id: int | None = None, trace_no: str | None = None) -> CallRow | None:  # noqa: A002
    """One call, by its row or by the server's trace number; the latest when several bear it."""
    c = calls.c
    if id is None and trace_no is None:  # many calls have no trace number
        return None
    wanted = c.id == id if id is not None else c.trace_no == trace_no
    rows = found(db, select(*SHOWN).where(wanted).order_by(c.id.desc()).limit(1))
    return rows[0] if rows else None


def named(db: Connection, text: str) -> tuple[int, ...]:
    """The rows whose traceNo or request id is *text* as a whole, at most a thousand; by the log's indexes."""
    c = calls.c
    either = (select(c.id).where(column == text).limit(_NAMED) for column in (c.trace_no, c.request_id))
    return tuple(sorted({number for statement in either for number in db.scalars(statement)}))


def attempts(db: Connection, request_id: str) -> tuple[CallRow, ...]:
    """All attempts of one call, in order."""
    c = calls.c
    return found(db, select(*SHOWN).where(c.request_id == request_id).order_by(c.attempt, c.id))


def reviews(db: Connection, call_id: int) -> tuple[Review, ...]:
    """What was said of one call, the oldest first."""
    c = said.c
    statement = select(c.id, c.kind, c.word, c.who, c.at_ms).where(c.call_id == call_id).order_by(c.id)
    return tuple(Review(*row) for row in db.execute(statement))


def found(db: Connection, statement: Select[Any]) -> tuple[CallRow, ...]:
    """The rows of *statement*, which selects ``SHOWN``."""
    return _call_rows(db.execute(statement))


def _call_rows(result: Iterable[Row[Any]]) -> tuple[CallRow, ...]:
    return tuple(_call_row(dict(row._mapping)) for row in result)


def _call_row(values: dict[str, Any]) -> CallRow:
    for name in ("success", "attack"):
        values[name] = None if values[name] is None else bool(values[name])
    values["extra"] = json.loads(values["extra"] or "{}")
    return CallRow(**values)
