"""The calls that another threshold would judge otherwise, found quickly among millions.

Walking from the newest call is quick where they are many, and going by the score where they are few; the log's cells
tell which it is, and on which days.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from facematch.analytics.call_rows import SHOWN, found
from facematch.analytics.cells import cells_within, has_rows, tells, within
from facematch.analytics.rows import CallRow, Selection
from facematch.log.rollups import DAY_MS, SCORE
from facematch.log.schema import calls, r_score

_SHORT_WALK = 20_000  # rows: some 50 ms


@dataclass(frozen=True, slots=True)
class _Day:
    """The scored calls of one day, those of them that flip, and the lowest and highest point at which these lie."""

    day: int
    scored: int
    flips: int
    low: int
    high: int


def flips(db: Connection, sel: Selection, threshold: int, limit: int = 50) -> tuple[CallRow, ...]:
    """The calls whose verdict would be another at *threshold*, in whole points; the latest first, at most *limit*."""
    if not tells(SCORE, sel):
        return _by_time(db, sel, threshold, limit)
    days = _enough(_days(db, sel, threshold, limit), sel, limit)
    if not days:
        return ()
    first, last = days[-1].day * DAY_MS, (days[0].day + 1) * DAY_MS
    part = replace(sel, since_ms=max(first, sel.since_ms or 0), until_ms=min(last, sel.until_ms or last))
    low, high = min(day.low for day in days), max(day.high for day in days) + 1
    walk = sum(day.scored for day in days) * min(1.0, limit / sum(day.flips for day in days))
    if walk <= _SHORT_WALK or walk <= _scored(db, low, high):
        return _by_time(db, part, threshold, limit)
    return _by_score(db, part, (low, high), threshold, limit)


def _days(db: Connection, sel: Selection, threshold: int, limit: int) -> list[_Day]:
    """The latest days with calls that flip and still have their rows, the last one first."""
    c, flipped = r_score.c, _flipped(r_score.c.success, r_score.c.bin, threshold)
    terms = [*cells_within(SCORE, sel), has_rows(c.env, c.day * DAY_MS)]
    terms += [] if sel.since_ms is None else [c.day >= sel.since_ms // DAY_MS]
    terms += [] if sel.until_ms is None else [c.day <= sel.until_ms // DAY_MS]
    flipping = func.sum(c.n).filter(flipped)
    points = func.min(c.bin).filter(flipped), func.max(c.bin).filter(flipped)
    statement = select(c.day, func.sum(c.n), flipping, *points).where(*terms).group_by(c.day).having(flipping > 0)
    rows = db.execute(statement.order_by(c.day.desc()).limit(limit))
    return [_Day(*map(int, row)) for row in rows]


def _enough(days: Iterable[_Day], sel: Selection, limit: int) -> list[_Day]:
    """As many of *days* as hold *limit* calls for sure: one that the selection cuts may hold none."""
    taken, sure = list[_Day](), 0
    for day in days:
        taken.append(day)
        sure += 0 if sel.until_ms is not None and day.day == sel.until_ms // DAY_MS else day.flips
        if sure >= limit:
            break
    return taken


def _scored(db: Connection, low: int, high: int) -> int:
    """Calls with a score in [low, high), of any selection: what going by the score has to look at."""
    c = r_score.c
    return int(db.execute(select(func.coalesce(func.sum(c.n), 0)).where(c.bin >= low, c.bin < high)).scalar_one())


def _by_time(db: Connection, sel: Selection, threshold: int, limit: int) -> tuple[CallRow, ...]:
    c = calls.c
    terms = [*within(sel), *_judged(c.score + 0, threshold)]  # + 0: not by the score's index
    return found(db, select(*SHOWN).where(*terms).order_by(c.ts_ms.desc(), c.id.desc()).limit(limit))


def _by_score(
    db: Connection, sel: Selection, points: tuple[int, int], threshold: int, limit: int
) -> tuple[CallRow, ...]:
    c, began = calls.c, calls.c.ts_ms + 0  # + 0: not by the time's index
    terms = [*within(replace(sel, since_ms=None, until_ms=None)), began >= sel.since_ms, began < sel.until_ms]
    terms += [c.score >= points[0], c.score < points[1], *_judged(c.score, threshold)]
    return found(db, select(*SHOWN).where(*terms).order_by(began.desc(), c.id.desc()).limit(limit))


def _judged(score: ColumnElement[float], threshold: int) -> list[ColumnElement[bool]]:
    """What the cells of scores count, and flips."""
    c = calls.c
    return [c.outcome == "ok", score >= 0, score <= 100, _flipped(c.success, score, threshold)]  # noqa: PLR2004


def _flipped(success: ColumnElement[int], score: ColumnElement[float], threshold: int) -> ColumnElement[bool]:
    return or_(and_(success == 1, score < threshold), and_(success == 0, score >= threshold))
