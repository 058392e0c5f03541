"""The calls of a selection, for other programs."""

from facematch.analytics.cells import within
from facematch.analytics.rows import Selection
from facematch.log.export import Span


def span(sel: Selection, *, personal: bool) -> Span:
    """What ``facematch.log.export`` takes for *sel*."""
    return Span(terms=tuple(within(sel)), personal=personal)
