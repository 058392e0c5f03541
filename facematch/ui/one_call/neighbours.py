"""From one call in full to the next: newer and older ones of the selection that the address names."""

import streamlit as st

from facematch.analytics import one_call
from facematch.analytics.queries import CallRow
from facematch.ui.frame import Desk
from facematch.ui.history import data
from facematch.ui.history import state as history_state
from facematch.ui.one_call.call_words import address


def turn(row: CallRow, desk: Desk) -> None:
    """Two buttons, and a key for each; one that leads nowhere cannot be pressed."""
    if desk.log is None:
        return
    chosen, _ = history_state.current()
    selected = data.selected(desk.log, chosen)
    with desk.log.reading() as db:
        found = one_call.neighbours(db, selected, row)
    with st.container(horizontal=True, key="neighbours"):
        for name, other, key in (("newer", found.newer, "K"), ("older", found.older, "J")):
            st.button(
                desk.say(f"call.{name}"), key=f"call_{name}", disabled=other is None, shortcut=key, type="tertiary",
                icon=":material/arrow_upward:" if name == "newer" else ":material/arrow_downward:",
                on_click=_open, args=(other,),
            )  # fmt: skip


def _open(row: CallRow | None) -> None:
    if row is not None:
        st.query_params["trace"] = address(row)
