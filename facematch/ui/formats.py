"""Numbers, times and dates as the operator reads them."""

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

KILO = 1000


def zone() -> timezone | ZoneInfo:
    """The browser's time zone; UTC when it does not say."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def offset_minutes() -> int:
    """How far local time is ahead of UTC now, in minutes."""
    offset = datetime.now(zone()).utcoffset() or timedelta()
    return round(offset.total_seconds() / 60)


def when(ts_ms: int | None) -> str:
    """Local date and time to the second; a dash for None."""
    if ts_ms is None:
        return "–"
    return datetime.fromtimestamp(ts_ms / 1000, UTC).astimezone(zone()).strftime("%Y-%m-%d %H:%M:%S")


def start_of_today_ms() -> int:
    """Midnight in the browser's time zone, as UTC epoch milliseconds."""
    midnight = datetime.now(zone()).replace(hour=0, minute=0, second=0, microsecond=0)
    return round(midnight.timestamp() * 1000)


def duration(ms: float | None) -> str:
    """Milliseconds below a second, seconds from there; a dash for None."""
    if ms is None:
        return "–"
    return f"{ms:.0f} ms" if ms < KILO else f"{ms / KILO:.2f} s"


def percent(part: int, whole: int) -> str:
    """A share in percent with one decimal; a dash of nothing."""
    return "–" if whole == 0 else f"{100 * part / whole:.1f} %"


def plain(text: str) -> str:
    """*text* from outside, so that no page reads it as Markdown: a server's picture link would be fetched."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def code(text: str) -> str:
    """*text* from outside as inline code: an address, a number, a digest."""
    return "`" + text.replace("`", "'") + "`"


def size(n_bytes: int) -> str:
    """Bytes as B, kB or MB."""
    if n_bytes < KILO:
        return f"{n_bytes} B"
    return f"{n_bytes / KILO:.0f} kB" if n_bytes < KILO * KILO else f"{n_bytes / (KILO * KILO):.1f} MB"
