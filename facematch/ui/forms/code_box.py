"""The live code of a form: the button that asks for one, the code itself, and the digits that will be sent."""

from typing import Literal

import streamlit as st

from facematch.ui.formats import when
from facematch.ui.forms import live_codes
from facematch.ui.forms.code_clock import code_clock
from facematch.ui.frame import Desk

ONE_CLICK_MS = 1000  # a second click in that time is the same one
FIELD = "_live_code"


def code_box(desk: Desk, form: str, *, is_main: bool = False) -> str | None:
    """Draw the live code of *form*; the digits that will be sent, None when there are none.

    Args:
        desk: What the page works with.
        form: Which form's code.
        is_main: Whether the page is about the code: its button is the main one while there is no code that can be used,
            and the page is run again when the life of the code ends.
    """
    say = desk.say
    with st.container(horizontal=True, vertical_alignment="bottom", key="code_box"):
        kind: Literal["primary", "secondary"] = "primary" if is_main and not _is_fresh(desk, form) else "secondary"
        if st.button(say("video.code.ask"), key="ask_code", icon=":material/pin:", type=kind):
            _ask_once(desk, form)
        typed = _field(desk, form)
    code = live_codes.of_form(desk, form)
    if code is not None:
        code_clock(code, say, key="code_clock", tells_end=is_main)
        st.caption(say("video.code.issued", time=when(code.issued_ms)))
    return typed


def type_in(form: str, digits: str) -> None:
    """Put *digits* into the field of *form*, on whichever page that is."""
    st.session_state[f"live_code.typed.{form}"] = digits
    st.session_state.pop(f"{FIELD}.form", None)


def _is_fresh(desk: Desk, form: str) -> bool:
    code = live_codes.of_form(desk, form)
    return code is not None and code.state(live_codes.now_ms()) == "fresh"


def _ask_once(desk: Desk, form: str) -> None:
    """Two quick clicks ask for one code."""
    latest = live_codes.of_form(desk, form)
    if latest is not None and live_codes.now_ms() - latest.issued_ms < ONE_CLICK_MS:
        return
    asked = live_codes.ask(desk, form)
    if asked is not None:
        type_in(form, asked.code)


def _field(desk: Desk, form: str) -> str | None:
    """Its text is set only when it must change: set at every run it would lose what was just typed."""
    kept, drawn_for = f"live_code.typed.{form}", f"{FIELD}.form"

    def remember() -> None:
        st.session_state[kept] = st.session_state[FIELD]

    if FIELD not in st.session_state or st.session_state.get(drawn_for) != form:
        st.session_state[FIELD] = st.session_state.get(kept) or ""
        st.session_state[drawn_for] = form
    typed = st.text_input(
        desk.say("video.code"),
        key=FIELD,
        max_chars=12,
        width=160,
        placeholder="0000",
        on_change=remember,
        help=desk.say("code.field.help"),
    )
    return str(typed).strip() or None
