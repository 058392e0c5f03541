"""A moment as an option of a command names it."""

import argparse
from datetime import UTC, datetime


def moment(text: str) -> int:
    """An ISO 8601 date or time in UTC milliseconds since 1970; one that names no zone is UTC.

    Raises:
        ArgumentTypeError: It is something else.
    """
    try:
        found = datetime.fromisoformat(text)
        return round((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError("not a date or time such as 2026-03-01 or 2026-03-01T12:30+08:00") from None
