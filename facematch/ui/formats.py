"""Numbers, times and dates as the operator reads them."""

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

KILO = 1000
JOINER = "\N{WORD JOINER}"
LONG_MS = 120_000
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


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
    """Local date and time to the second, as the language writes them; a dash for None."""
    if ts_ms is None:
        return "–"
    moment = datetime.fromtimestamp(ts_ms / 1000, UTC).astimezone(zone())
    return f"{_date(moment)}{' ' if _is_chinese() else ', '}{moment:%H:%M:%S}"


def day(ts_ms: int | None) -> str:
    """Local date, as the language writes it; a dash for None."""
    return "–" if ts_ms is None else _date(datetime.fromtimestamp(ts_ms / 1000, UTC).astimezone(zone()))


def _date(moment: datetime) -> str:
    """Sorted from large to small in Chinese; with the month's name in English, where 4/5 would be read in two ways."""
    return f"{moment:%Y-%m-%d}" if _is_chinese() else f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def _is_chinese() -> bool:
    """Of the language that this session's pages are drawn in."""
    return bool(st.session_state.get("language") == "zh")


def start_of_today_ms() -> int:
    """Midnight in the browser's time zone, as UTC epoch milliseconds."""
    midnight = datetime.now(zone()).replace(hour=0, minute=0, second=0, microsecond=0)
    return round(midnight.timestamp() * 1000)


def duration(ms: float | None) -> str:
    """Milliseconds below a second, seconds below two minutes, then minutes and seconds; a dash for None."""
    if ms is None:
        return "–"
    milliseconds, seconds, minutes = ("毫秒", "秒", "分") if _is_chinese() else ("ms", "s", "min")
    if round(ms) < KILO:
        return f"{ms:.0f} {milliseconds}"
    if ms < LONG_MS:
        return f"{ms / KILO:.2f} {seconds}"
    whole = round(ms / KILO)
    return f"{whole // 60} {minutes} {whole % 60} {seconds}"


def percent(part: int, whole: int) -> str:
    """A share in percent with one decimal; a dash of nothing."""
    return "–" if whole == 0 else f"{100 * part / whole:.1f}{percent_sign()}"


def percent_sign() -> str:
    """As the language sets it behind a number."""
    return "%" if _is_chinese() else " %"


def plain(text: str) -> str:
    """*text* from outside, so that no page reads it as Markdown: a server's picture link would be fetched.

    Addresses are made links even where every sign is escaped; a joiner that nobody sees stands in them.
    """
    parted = re.sub(r"(:/|www|@)", f"\\1{JOINER}", text)
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", parted)


def code(text: str) -> str:
    """*text* from outside as inline code: an address, a number, a digest."""
    return "`" + text.replace("`", "'") + "`"


def size(n_bytes: int) -> str:
    """Bytes as B, kB or MB."""
    if n_bytes < KILO:
        return f"{n_bytes} B"
    return f"{n_bytes / KILO:.0f} kB" if n_bytes < KILO * KILO else f"{n_bytes / (KILO * KILO):.1f} MB"
