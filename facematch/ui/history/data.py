"""What the pages read from the log: one connection for a page's questions, all answered together."""

import time
from dataclasses import dataclass, replace

from facematch.analytics import queries
from facematch.analytics import report as reports
from facematch.analytics.queries import CallRow, Choices, Review, Selection
from facematch.analytics.report import Report
from facematch.analytics.taken import still_there
from facematch.log import CallLog
from facematch.ui.formats import zone
from facematch.ui.history.address import Address, selection

PAGE_ROWS = 50
ID_DIGITS = 18  # more do not fit a row id


@dataclass(frozen=True, slots=True)
class Counted:
    """How many calls a selection has, and how many of these a purge has left in the log."""

    calls: int
    left: int


def report(log: CallLog, selection: Selection, *, utc_offset_min: int) -> Report:
    """The aggregates of *selection*."""
    with log.reading() as db:
        return reports.report(db, selection, utc_offset_min=utc_offset_min)


def counted(log: CallLog, selection: Selection, calls: int) -> Counted:
    """What is left of the *calls* of *selection*."""
    with log.reading() as db:
        return Counted(calls, still_there(db, selection, calls))


def selected(log: CallLog, address: Address) -> Selection:
    """What *address* selects. A text that is one call's traceNo or request id as a whole asks for that call alone."""
    found = selection(address, now_ms=time.time_ns() // 1_000_000, zone=zone())
    if not address.text:
        return found
    with log.reading() as db:
        ids = queries.named(db, address.text)
    return replace(found, ids=ids) if ids else replace(found, text=address.text)


def choices(log: CallLog) -> Choices:
    """The environments, endpoints and outcomes that occur."""
    with log.reading() as db:
        return queries.choices(db)


def page_of_calls(log: CallLog, selection: Selection, before_id: int | None) -> tuple[CallRow, ...]:
    """The newest calls, or those before *before_id*; one row more than a page when there are more."""
    with log.reading() as db:
        return queries.newest(db, selection, limit=PAGE_ROWS + 1, before_id=before_id)


def flips(log: CallLog, selection: Selection, threshold: int) -> tuple[CallRow, ...]:
    """The newest calls whose verdict would be another at *threshold*."""
    with log.reading() as db:
        return queries.flips(db, selection, threshold, limit=PAGE_ROWS)


def reviews(log: CallLog, call_id: int) -> tuple[Review, ...]:
    """What was said of a call, the oldest first."""
    with log.reading() as db:
        return queries.reviews(db, call_id)


def call(log: CallLog, trace: str) -> tuple[CallRow | None, tuple[CallRow, ...]]:
    """The call with this traceNo, or ``#id``, and every attempt of it."""
    number = trace.removeprefix("#")
    by_id = trace.startswith("#") and number.isascii() and number.isdigit() and len(number) <= ID_DIGITS
    with log.reading() as db:
        found = queries.call(db, id=int(number)) if by_id else queries.call(db, trace_no=trace)
        return found, () if found is None else queries.attempts(db, found.request_id)
