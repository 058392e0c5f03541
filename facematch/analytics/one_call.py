"""What the view of one call asks beside its rows: its neighbours in a selection, the digests of what it sent."""

from dataclasses import dataclass, field

from sqlalchemy import Connection, func, literal, select
from sqlalchemy import tuple_ as row_of

from facematch.analytics.call_rows import SHOWN, found, newest
from facematch.analytics.cells import cells_within, tells, within
from facematch.analytics.rows import CallRow, Selection
from facematch.log.rollups import CALL, HOUR_MS
from facematch.log.schema import calls, r_call


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The calls of a selection before and after one; None at its ends."""

    newer: CallRow | None
    older: CallRow | None


@dataclass(frozen=True, slots=True)
class Digests:
    """Keyed digests of what a call sent; None where nothing was digested."""

    key_id: str | None
    reference: bytes | None = field(repr=False)
    probe: bytes | None = field(repr=False)


def neighbours(db: Connection, sel: Selection, row: CallRow) -> Neighbours:
    """The calls of *sel* that began next after *row* and last before it, whether or not *row* is one of them."""
    older = newest(db, sel, limit=1, before_id=row.id)
    return Neighbours(_newer(db, sel, row), older[0] if older else None)


def digests(db: Connection, call_id: int) -> Digests:
    """Those of one call; empty ones when there is no such call."""
    c = calls.c
    row = db.execute(select(c.key_id, c.ref_digest, c.probe_digest).where(c.id == call_id)).one_or_none()
    return Digests(None, None, None) if row is None else Digests(*row)


def _newer(db: Connection, sel: Selection, row: CallRow) -> CallRow | None:
    """First in the hour of *row*, then in the next that has a call, so that what is rare is not sought among all."""
    c, hour = calls.c, row.ts_ms // HOUR_MS
    after = row_of(c.ts_ms, c.id) > row_of(literal(row.ts_ms), literal(row.id))
    statement = select(*SHOWN).where(*within(sel), after).order_by(c.ts_ms, c.id).limit(1)
    if not tells(CALL, sel):
        rows = found(db, statement)
        return rows[0] if rows else None
    if rows := found(db, statement.where(c.ts_ms < (hour + 1) * HOUR_MS)):
        return rows[0]
    there = select(func.min(r_call.c.hour)).where(*cells_within(CALL, sel), r_call.c.hour > hour)
    if (later := db.scalar(there)) is None:
        return None
    rows = found(db, statement.where(c.ts_ms >= later * HOUR_MS, c.ts_ms < (later + 1) * HOUR_MS))
    return rows[0] if rows else None
