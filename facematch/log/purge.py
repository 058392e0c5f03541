"""Retention: calls older than an environment keeps them are deleted; the cells that counted them stay."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, select, text, true

from facematch.errors import LogUnavailable
from facematch.log.rollups import DAY_MS
from facematch.log.schema import calls, purged, r_call
from facematch.log.store import CallLog
from facematch.settings import Retention

BATCH_ROWS = 500  # at a million rows on a busy machine, 2,000 made writers wait 226 ms in the median
PAUSE_S = 0.02
OTHERS = "*"

_RAISE = text(
    "INSERT INTO purged (env, before_ms) VALUES (:env, :before_ms) ON CONFLICT (env) DO UPDATE "
    "SET before_ms = excluded.before_ms WHERE purged.before_ms < excluded.before_ms"
)


@dataclass(frozen=True, slots=True)
class Due:
    """What the retention of one environment asks to delete now."""

    env: str
    before_ms: int  # a midnight of UTC: calls that began before it
    rows: int


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge did."""

    deleted: Mapping[str, int]  # rows by environment; those that had none to delete are left out
    finished: bool  # False: it was stopped, the next one goes on
    tidied: bool  # False: copies may be left: it is being read, is large (``tidy(whole=True)``), or a server's

    @property
    def total(self) -> int:
        """Rows of all environments."""
        return sum(self.deleted.values())


def due(log: CallLog, retention: Retention, now_ms: int) -> tuple[Due, ...]:
    """What ``purge`` would delete; environments in alphabetical order, those with nothing to delete left out.

    Raises:
        LogUnavailable: The log cannot be read.
    """
    days = dict(retention)
    found = []
    with log.reading() as db:
        # the cells know each environment, and are far fewer than the rows
        for env in db.execute(select(r_call.c.env).distinct().order_by(r_call.c.env)).scalars().all():
            keep = days.get(env, days.get(OTHERS))
            if keep is None:
                continue
            before_ms = midnight_before(now_ms, keep)
            rows = db.execute(select(func.count()).select_from(calls).where(*_old(env, before_ms))).scalar_one()
            if rows:
                found.append(Due(env, before_ms, rows))
    return tuple(found)


def purge(log: CallLog, retention: Retention, now_ms: int, stop: threading.Event | None = None) -> Purged:
    """Delete the calls of whole UTC days that are older than *retention* says; those that wait in a spool stay.

    Args:
        log: Is written.
        retention: Days by environment, as in the settings; an environment without an entry keeps its calls.
        now_ms: UTC, milliseconds since 1970.
        stop: When set, the purge ends after the batch that it is at.

    Raises:
        LogUnavailable: The log cannot be read or written; what was deleted before stays deleted.
    """
    stop = stop or threading.Event()
    deleted: dict[str, int] = {}
    if not retention:
        return Purged(deleted, finished=True, tidied=True)
    for each in due(log, retention, now_ms):
        with log.writing() as db:  # first, and for itself: from here on its rows go without being taken out of cells
            db.execute(_RAISE, {"env": each.env, "before_ms": each.before_ms})
        for ids in _pages(log, each):
            deleted[each.env] = deleted.get(each.env, 0) + delete_rows(log, ids, *_old(each.env, each.before_ms))
            if stop.wait(PAUSE_S):
                return Purged(deleted, finished=False, tidied=False)
    return Purged(deleted, finished=True, tidied=tidied(log, deleted=bool(deleted)))


def purged_before(log: CallLog) -> tuple[tuple[str, int], ...]:
    """The environments whose older calls were deleted, each with the moment before which they are gone.

    Raises:
        LogUnavailable: The log cannot be read.
    """
    with log.reading() as db:
        rows = db.execute(select(purged.c.env, purged.c.before_ms).order_by(purged.c.env)).all()
    return tuple((env, before_ms) for env, before_ms in rows)


def midnight_before(now_ms: int, days: float) -> int:
    """The midnight of UTC at or before the moment *days* ago, never before 1970."""
    return max(0, int(now_ms - days * DAY_MS)) // DAY_MS * DAY_MS


def delete_rows(log: CallLog, ids: Sequence[int], *where: ColumnElement[bool]) -> int:
    """Delete at most one batch of calls with their reviews; how many there were.

    *where* is asked again: an id that was freed meanwhile may be another call's.
    """
    with log.writing() as db:
        return db.execute(delete(calls).where(calls.c.id.in_(ids), *where)).rowcount


def tidied(log: CallLog, *, deleted: bool) -> bool:
    """Leave no copy of what was deleted; False when one may be left."""
    try:
        return log.tidy(deleted=deleted)
    except LogUnavailable:  # somebody reads it
        return False


def _pages(log: CallLog, wanted: Due) -> Iterator[list[int]]:
    """The ids of rows that are due, a batch at a time, each read when the one before is deleted."""
    c = calls.c
    after: ColumnElement[bool] = true()
    while True:
        page = select(c.id, c.ts_ms).where(*_old(wanted.env, wanted.before_ms), after)
        with log.reading() as db:
            rows = db.execute(page.order_by(c.ts_ms).limit(BATCH_ROWS)).all()
        if not rows:
            return
        yield [row.id for row in rows]
        after = c.ts_ms >= rows[-1].ts_ms  # else each page would walk over the rows that other environments keep


def _old(env: str, before_ms: int) -> tuple[ColumnElement[bool], ...]:
    return calls.c.ts_ms < before_ms, calls.c.env == env
