"""The calls of a selection, for other programs."""

from sqlalchemy import ColumnElement, Connection, func, select

from facematch.analytics.cells import tells, within
from facematch.analytics.rows import Selection
from facematch.log.export import Span
from facematch.log.rollups import CALL
from facematch.log.schema import calls, purged


def span(sel: Selection, *, personal: bool) -> Span:
    """What ``facematch.log.export`` takes for *sel*."""
    return Span(terms=tuple(within(sel)), personal=personal)


def still_there(db: Connection, sel: Selection, counted: int) -> int:
    """How many of the *counted* calls of *sel* have a row; rows are asked only where a purge may have deleted some."""
    terms: list[ColumnElement[bool]] = [purged.c.env.in_(sel.envs)] if sel.envs else []
    if sel.since_ms is not None:
        terms.append(purged.c.before_ms > sel.since_ms)
    if not tells(CALL, sel) or not db.scalar(select(func.count()).select_from(purged).where(*terms)):
        return counted
    return int(db.scalar(select(func.count()).select_from(calls).where(*within(sel))) or 0)
