"""Retention: calls older than an environment keeps them are deleted; the cells that counted them stay."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, text, true

from facematch.errors import LogUnavailable
from facematch.log.rollups import DAY_MS
from facematch.log.schema import calls, purged, r_call
from facematch.log.store import CallLog
from facematch.settings import Retention

# why copies may be left: somebody reads; only ``compact`` clears such a file; PostgreSQL does in its own time; not done
Untidy = Literal["busy", "large", "server", "stopped"]
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
    untidy: Untidy | None  # why copies of what was deleted may be left; None: there are none

    @property
    def total(self) -> int:
        """Rows of all environments."""
        return sum(self.deleted.values())


class NotPurgedThere(LogUnavailable):
    """The log's server cannot be asked: only what waits on this computer was purged."""

    def __init__(self, message: str, deleted: Mapping[str, int]) -> None:
        super().__init__(message)
        self.deleted = deleted  # rows by environment; no cell has counted them


def due(log: CallLog, retention: Retention, now_ms: int) -> tuple[Due, ...]:
    """What ``purge`` would delete; environments in alphabetical order, those with nothing to delete left out.

    Raises:
        LogUnavailable: The log cannot be read; what waits on this computer ``due_here`` tells.
    """
    there, here = _due_there(log, retention, now_ms), due_here(log, retention, now_ms)
    rows = sum((Counter({each.env: each.rows}) for each in (*there, *here)), Counter[str]())
    before = {each.env: each.before_ms for each in (*there, *here)}
    return tuple(Due(env, before[env], rows[env]) for env in sorted(rows))


def due_here(log: CallLog, retention: Retention, now_ms: int) -> tuple[Due, ...]:
    """What waits on this computer for the log's server and is older than it may become, as ``due``.

    Raises:
        LogUnavailable: It cannot be read.
    """
    if log.spool is None or not retention:
        return ()
    found = log.spool.count(_past(retention, now_ms))
    days = dict(retention)
    return tuple(
        Due(env, midnight_before(now_ms, days[env if env in days else OTHERS]), found[env]) for env in sorted(found)
    )


def _due_there(log: CallLog, retention: Retention, now_ms: int) -> tuple[Due, ...]:
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


def purge(
    log: CallLog,
    retention: Retention,
    now_ms: int,
    stop: threading.Event | None = None,
    *,
    compact: bool = False,
) -> Purged:
    """Delete the calls of whole UTC days that are older than *retention* says.

    Those that wait in a spool are sent on first, so that the cells count them. What the server does not take now has
    waited for longer than it may be kept, and is deleted uncounted: the promise to a person is worth more than a trend.

    Args:
        log: Is written.
        retention: Days by environment, as in the settings; an environment without an entry keeps its calls.
        now_ms: UTC, milliseconds since 1970.
        stop: When set, the purge ends after the batch that it is at.
        compact: Leave no copy in a large file either: ``CallLog.tidy(whole=True)``, also when nothing is to be deleted.

    Raises:
        NotPurgedThere: The server cannot be asked, and rows that waited here were deleted.
        LogUnavailable: The log cannot be read or written; what was deleted before stays deleted.
    """
    if not retention:
        return Purged({}, finished=True, untidy=None)
    gone = Counter(_purge_here(log, retention, now_ms))
    here = dict(gone)
    try:
        finished = _purge_there(log, _due_there(log, retention, now_ms), gone, stop or threading.Event())
    except LogUnavailable as trouble:
        if not here:
            raise
        why_untidy(log, deleted=False, whole=compact)
        raise NotPurgedThere(str(trouble), here) from trouble
    left = why_untidy(log, deleted=compact or bool(gone), whole=compact) if finished else "stopped"
    return Purged(dict(gone), finished, left)


def _purge_here(log: CallLog, retention: Retention, now_ms: int) -> Mapping[str, int]:
    if log.spool is None:
        return {}
    past = _past(retention, now_ms)
    with suppress(LogUnavailable):  # whether the server can be asked shows soon
        log.spool.send(past)
    return log.spool.delete(past)


def _purge_there(log: CallLog, found: Sequence[Due], gone: Counter[str], stop: threading.Event) -> bool:
    for each in found:
        with log.writing() as db:  # first, and for itself: from here on its rows go without being taken out of cells
            db.execute(_RAISE, {"env": each.env, "before_ms": each.before_ms})
        for ids in _pages(log, each):
            gone[each.env] += delete_rows(log, ids, *_old(each.env, each.before_ms))
            if stop.wait(PAUSE_S):
                return False
    return True


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


def why_untidy(log: CallLog, *, deleted: bool, whole: bool = False) -> Untidy | None:
    """Leave no copy of what was deleted; why some may be left, None when there is none."""
    try:
        here = log.spool is None or log.spool.tidy(whole=whole)
        there = log.tidy(deleted=deleted, whole=whole)
    except LogUnavailable:
        return "busy"
    if here and there:
        return None
    return "server" if here and log.form == "postgresql" else "large"


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


def _past(retention: Retention, now_ms: int) -> ColumnElement[bool]:
    """Older than it may be kept, of whatever environment."""
    days = dict(retention)
    named = [env for env in days if env != OTHERS]
    past = [and_(*_old(env, midnight_before(now_ms, days[env]))) for env in named]
    if OTHERS in days:
        past.append(and_(calls.c.env.not_in(named), calls.c.ts_ms < midnight_before(now_ms, days[OTHERS])))
    return or_(*past)
