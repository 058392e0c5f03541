"""Moments that a server names in its headers."""

from datetime import UTC
from email.utils import parsedate_to_datetime

HALF_SECOND = 0.5  # a date of HTTP has whole seconds, cut off


def http_moment(text: str | None) -> float | None:
    """An HTTP date in seconds since 1970; None for whatever is none. Never raises: a server wrote it."""
    try:
        moment = parsedate_to_datetime(text or "")
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def ahead_s(told: str | None, here: float) -> float | None:
    """By how many seconds the clock behind the header ``Date`` was ahead of *here*; None: it does not tell.

    Within about one second, and half the time of the call when *here* is its middle.
    """
    there = http_moment(told)
    return None if there is None else there + HALF_SECOND - here
