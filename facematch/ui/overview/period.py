"""The Overview's period: today, seven or thirty days; it lives in the address and outlives a page switch."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from facematch.analytics.rows import Selection
from facematch.ui.formats import start_of_today_ms, zone
from facematch.ui.words import Speaker

DAY_MS = 86_400_000
DAYS = {"today": 1, "week": 7, "month": 30}
USUAL = "today"
KEPT, WIDGET, SEEN = "overview.period", "_overview_period", "overview.address"


@dataclass(frozen=True, slots=True)
class Period:
    """A period, and the one of the same length before it."""

    name: str
    now: Selection
    before: Selection
    params: Mapping[str, str]  # the same calls in the History


def period(say: Speaker) -> Period:
    """Draw the choice; what the address names comes first, then what was chosen last.

    A page switch drops the address's parameter: it is put back. The bare address on the page itself, as the back
    button brings it, is the usual period.
    """
    named, is_here = st.query_params.get("period"), WIDGET in st.session_state
    if named not in DAYS and is_here and named != st.session_state.get(SEEN):
        named = USUAL
    if named in DAYS and named != st.session_state.get(SEEN):
        st.session_state[KEPT] = st.session_state[WIDGET] = named
    kept = str(st.session_state.setdefault(KEPT, USUAL))
    if not is_here and named is None and kept != USUAL:
        st.query_params["period"] = kept
    st.session_state.setdefault(WIDGET, kept)
    st.session_state[SEEN] = st.query_params.get("period")

    def keep() -> None:
        st.session_state[KEPT] = st.query_params["period"] = st.session_state[SEEN] = st.session_state[WIDGET]

    st.segmented_control(
        say("overview.period"),
        list(DAYS),
        format_func=lambda name: say(f"overview.period.{name}"),
        key=WIDGET,
        required=True,
        on_change=keep,
        label_visibility="collapsed",
    )
    return _period(kept, round(time.time() * 1000))


def _period(name: str, now_ms: int) -> Period:
    """Of today: yesterday until the same time of the day."""
    length_ms = DAYS[name] * DAY_MS
    since_ms = start_of_today_ms() if name == "today" else now_ms - length_ms
    before = Selection(since_ms=since_ms - length_ms, until_ms=now_ms - length_ms if name == "today" else since_ms)
    today = datetime.fromtimestamp(since_ms / 1000, zone()).strftime("%Y-%m-%d")
    params = {"since": today} if name == "today" else {"period": name}
    return Period(name, Selection(since_ms=since_ms), before, params)
