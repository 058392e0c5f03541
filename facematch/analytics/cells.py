"""How many calls a selection has: whole hours and days from the log's cells, what it cuts off of them from the rows.

What a purge deleted lives on in the cells alone: of an hour or day of that time which a selection holds in part (a day
for scores and latencies), nothing is counted. Neither is it where a selection asks for what the cells do not tell.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Label,
    Select,
    Subquery,
    false,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from facematch.analytics import ends
from facematch.analytics.rows import Selection
from facematch.log.rollups import CALL, NO_ERRCODE, NONE, SCORE, Rollup
from facematch.log.schema import calls, purged, r_call, r_latency, r_score

FAILED = calls.c.outcome != literal_column("'ok'")  # not a parameter: only so does the partial index ix_fail apply
TOP_SCORE = 100
_NARROW = 1  # points of score
_NO_SCORE = -1e300
_TABLES = {table.name: table for table in (r_call, r_latency, r_score)}


def counts(rollup: Rollup, sel: Selection, *names: str, without: str | None = None) -> Subquery:
    """The calls of *sel* that *rollup* counts, by its columns *names*, as ``n``; a group may come several times.

    Args:
        names: Nothing is sorted when they are the first columns of the rollup's key.
        without: An outcome, a word of ours, whose calls are left out.
    """
    parts = list(_parts(rollup, sel, names, without))
    return (parts[0] if len(parts) == 1 else union_all(*parts)).subquery()


def within(sel: Selection) -> list[ColumnElement[bool]]:
    """The calls of *sel*, as conditions on their rows."""
    c, terms = calls.c, list[ColumnElement[bool]]()
    texts = (c.env, sel.envs), (c.endpoint, sel.endpoints), (c.mode, sel.modes), (c.outcome, sel.outcomes)
    terms += [column.in_(values) for column, values in texts if values]
    if sel.outcomes and "ok" not in sel.outcomes:
        terms.append(FAILED)
    terms += _among(c.errcode, sel.errcodes, NO_ERRCODE)
    terms += _among(c.label, sel.labels, NONE)
    terms += _of_end(sel) + _of_score(_score(sel), sel) + _of_latency(sel) + _of_text(sel)
    return [*_between(c.ts_ms, sel.since_ms, sel.until_ms), *terms]


def cells_within(rollup: Rollup, sel: Selection) -> list[ColumnElement[bool]]:
    """The calls of *sel* at any time, as conditions on cells, as far as the cells tell."""
    c, terms = _TABLES[rollup.name].c, list[ColumnElement[bool]]()
    asked = {"env": sel.envs, "endpoint": sel.endpoints, "mode": sel.modes, "outcome": sel.outcomes}
    for name, values in {**asked, "errcode": sel.errcodes, "label": sel.labels}.items():
        if values and name in c:
            terms.append(c[name].in_(values))
    if "outcome" not in c and sel.outcomes and "ok" not in sel.outcomes:  # r_score counts no others
        terms.append(false())
    if sel.ends:
        on_calls = {"outcome", "success", "errcode"} <= set(c.keys())
        terms.append(
            ends.ended(sel.ends, c.outcome, c.success, c.errcode, c.endpoint, http_status=None)
            if on_calls
            else ends.scored(sel.ends, c.success)
        )
    return terms + (_of_score(c.bin, sel) if rollup is SCORE else [])


def tells(rollup: Rollup, sel: Selection) -> bool:
    """Whether the cells have all that *sel* asks for."""
    if sel.text or sel.ids is not None or sel.latency_ms is not None:
        return False
    asked = {"errcode": sel.errcodes, "label": sel.labels}
    if not all(name in rollup.cells for name, values in asked.items() if values):
        return False
    if sel.ends and not (rollup is SCORE or (rollup is CALL and ends.told_by_cells(sel.ends))):
        return False
    return sel.score is None or (rollup is SCORE and _at_points(sel.score))


def has_rows(env: Column[str], start_ms: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the calls of a cell, of *env* and beginning at *start_ms*, were not deleted by a purge."""
    before_ms = select(purged.c.before_ms).where(purged.c.env == env).scalar_subquery()
    return start_ms >= func.coalesce(before_ms, 0)


def _of_end(sel: Selection) -> list[ColumnElement[bool]]:
    if not sel.ends:
        return []
    c = calls.c
    success, errcode = func.coalesce(c.success, NONE), func.coalesce(c.errcode, NO_ERRCODE)
    ended = ends.ended(sel.ends, c.outcome, success, errcode, c.endpoint, http_status=func.coalesce(c.http_status, 0))
    return [ended] if set(sel.ends) & set(ends.ANSWERS) else [FAILED, ended]


def _score(sel: Selection) -> ColumnElement[Any]:
    """By its index where a point is asked for; in a wide range it is quicker to look at all calls of the time."""
    if sel.score is None or sel.score[1] - sel.score[0] <= _NARROW:
        return calls.c.score
    return func.coalesce(calls.c.score, _NO_SCORE)  # else SQLite, which knows no shares, takes the index


def _of_score(score: ColumnElement[Any], sel: Selection) -> list[ColumnElement[bool]]:
    if sel.score is None:
        return []
    low, high = sel.score
    return [score >= low, score <= high if high in (low, TOP_SCORE) else score < high]


def _at_points(score: tuple[float, float]) -> bool:
    """Whether the cells, each of one point, are not cut; the last holds one score alone."""
    low, high = score
    return low % 1 == 0 and high % 1 == 0 and (low < high or high == TOP_SCORE)


def _of_latency(sel: Selection) -> list[ColumnElement[bool]]:
    if sel.latency_ms is None:
        return []
    c = calls.c
    return [*_between(c.latency_ms, *sel.latency_ms), c.outcome != "request_invalid"]


def _of_text(sel: Selection) -> list[ColumnElement[bool]]:
    c = calls.c
    terms: list[ColumnElement[bool]] = [] if sel.ids is None else [c.id.in_(sel.ids)]
    places = c.errmsg, c.trace_no, c.request_id
    return terms + ([or_(*(place.icontains(sel.text, autoescape=True) for place in places))] if sel.text else [])


def _parts(rollup: Rollup, sel: Selection, names: tuple[str, ...], without: str | None) -> Iterator[Select[Any]]:
    since, until, (_, width) = sel.since_ms, sel.until_ms, rollup.time
    first = None if since is None else -(-since // width)
    end = None if until is None else until // width
    if not tells(rollup, sel) or (first is not None and end is not None and first >= end):
        yield _of_rows(rollup, sel, names, without)
        return
    yield _of_cells(rollup, sel, names, without).where(*_between(_time(rollup), first, end))
    if first is not None and since != first * width:
        yield _of_rows(rollup, replace(sel, until_ms=first * width), names, without)
    if end is not None and until != end * width:
        yield _of_rows(rollup, replace(sel, since_ms=end * width), names, without)


def _of_cells(rollup: Rollup, sel: Selection, names: tuple[str, ...], without: str | None) -> Select[Any]:
    c = _TABLES[rollup.name].c
    terms = cells_within(rollup, sel) + ([] if without is None else [c.outcome != without])
    key = [c[name] for name in names]
    return select(*key, func.sum(c.n).label("n")).where(*terms).group_by(*key)


def _of_rows(rollup: Rollup, sel: Selection, names: tuple[str, ...], without: str | None) -> Select[Any]:
    key: list[Label[Any]] = [literal_column(rollup.cells[name].format(row="calls.")).label(name) for name in names]
    counted: ColumnElement[bool] = literal_column(rollup.condition("calls."))
    terms = [*within(sel), counted]
    if without is not None:
        terms.append(calls.c.outcome != literal_column(f"'{without}'"))
    return select(*key, literal_column("1").label("n")).select_from(calls).where(*terms)


def _time(rollup: Rollup) -> Column[Any]:
    return _TABLES[rollup.name].c[rollup.time[0]]


def _between(column: Column[Any], low: float | None, high: float | None) -> list[ColumnElement[bool]]:
    terms = [] if low is None else [column >= low]
    return terms + ([] if high is None else [column < high])


def _among(column: Column[Any], values: tuple[int, ...], nothing: int) -> list[ColumnElement[bool]]:
    """*values* of a column in which NULL is written *nothing*; without it an index that leaves NULL out applies."""
    if not values:
        return []
    return [column.in_(values) if nothing not in values else func.coalesce(column, nothing).in_(values)]
