"""The cells checked against the rows, and made anew from them."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, literal, literal_column, select, text, union_all

from facematch.log.purge import PAUSE_S
from facematch.log.rollups import CALL, DAY_MS, LATENCY, SCORE, Rollup
from facematch.log.schema import calls, purged, r_call, r_latency, r_score
from facematch.log.store import CallLog

_TABLES: tuple[tuple[Rollup, Table], ...] = ((CALL, r_call), (LATENCY, r_latency), (SCORE, r_score))
_ROWS = "ts_ms >= :from_ms AND ts_ms < :to_ms AND env NOT IN (SELECT env FROM purged WHERE before_ms > :from_ms)"
# Purges are kept out as well: between emptying a day's cells and filling them their rows may not become purged ones.
_LOCK = "LOCK TABLE calls, purged IN SHARE ROW EXCLUSIVE MODE"

Cell = tuple[tuple[str, str | int | float], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that does not say what the rows say."""

    table: str
    cell: Cell  # column and value of its key
    counted: int  # what the cell says; 0 when it is not there
    rows: int


def rebuild(log: CallLog) -> int:
    """Make every cell anew, a day at a time, so that writers wait for one day's rows at most; how many days.

    Cells of purged days stay as they are, for their rows are gone.

    Raises:
        LogUnavailable: The log cannot be written; the days done before are done.
    """
    days = _days(log)
    for day in days:
        with log.writing() as db:
            if log.form == "postgresql":
                db.execute(text(_LOCK))
            for rollup, table in _TABLES:
                db.execute(delete(table).where(*_cells(rollup, table, day)))
                db.execute(text(rollup.fill(_ROWS)), {"from_ms": day * DAY_MS, "to_ms": (day + 1) * DAY_MS})
        time.sleep(PAUSE_S)
    return len(days)


def check(log: CallLog) -> tuple[Difference, ...]:
    """Compare cells and rows, a day at a time; empty when they agree. Purged days cannot be compared.

    Raises:
        LogUnavailable: The log cannot be read.
    """
    found: list[Difference] = []
    for day in _days(log):
        with log.reading() as db:  # one state, whoever writes
            for rollup, table in _TABLES:
                found += _differences(db, rollup, table, day)
    return tuple(found)


def _differences(db: Connection, rollup: Rollup, table: Table, day: int) -> Iterator[Difference]:
    key, none, one = [table.c[name] for name in rollup.key], literal(0), literal(1)
    values: list[ColumnElement[Any]] = [
        literal_column(value.format(row="")).label(name) for name, value in rollup.cells.items()
    ]
    start_ms = day * DAY_MS
    in_day = calls.c.ts_ms >= start_ms, calls.c.ts_ms < start_ms + DAY_MS, _not_purged(calls, start_ms)
    cells = select(*key, table.c.n.label("counted"), none.label("seen")).where(*_cells(rollup, table, day))
    rows = select(*values, none, one).select_from(calls).where(text(rollup.condition("")), *in_day)
    both = union_all(cells, rows).subquery()
    named, sums = [both.c[name] for name in rollup.key], (func.sum(both.c.counted), func.sum(both.c.seen))
    statement = select(*named, *sums).group_by(*named).having(sums[0] != sums[1]).order_by(*named)
    for *cell, counted, seen in db.execute(statement).all():
        yield Difference(rollup.name, tuple(zip(rollup.key, cell, strict=True)), int(counted), int(seen))


def _cells(rollup: Rollup, table: Table, day: int) -> tuple[ColumnElement[bool], ...]:
    name, width_ms = rollup.time
    start_ms = day * DAY_MS
    time_of = table.c[name]
    return (
        time_of >= start_ms // width_ms,
        time_of < (start_ms + DAY_MS) // width_ms,
        _not_purged(table, start_ms),
    )


def _not_purged(table: Table, start_ms: int) -> ColumnElement[bool]:
    return table.c.env.not_in(select(purged.c.env).where(purged.c.before_ms > start_ms))


def _days(log: CallLog) -> list[int]:
    """The days since 1970 that have rows or cells, in order."""
    found: set[int] = set()
    with log.reading() as db:
        for rollup, table in _TABLES:
            name, width_ms = rollup.time
            times = db.execute(select(table.c[name]).distinct()).scalars().all()
            found.update(at * width_ms // DAY_MS for at in times)
        found.update(_days_of_rows(db))
    return sorted(found)


def _days_of_rows(db: Connection) -> Iterator[int]:
    """From row to the first row of a later day, through the index on time: all rows are not read."""
    later = select(func.min(calls.c.ts_ms))
    found = db.execute(later).scalar_one()
    while found is not None:
        day = found // DAY_MS
        yield day
        found = db.execute(later.where(calls.c.ts_ms >= (day + 1) * DAY_MS)).scalar_one()
