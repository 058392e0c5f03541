"""Demo mode: for the stage. Larger type, samples ready, nothing personal, no debug."""

import streamlit as st

from facematch.settings import Settings
from facematch.ui.words import Speaker

KEY, PARAMETER = "demo", "demo"  # in the session; in the address
_WORDS = {"1": True, "true": True, "on": True, "0": False, "false": False, "off": False}
_STYLE = """<style>
html {font-size: 118.75% !important}
@media (min-width: 1600px) {html {font-size: 137.5% !important}}
@media (max-width: 640px) {html {font-size: 106.25% !important}}
[data-testid="stMain"] [data-testid="stMetricValue"] {font-size: 2.5rem}
.st-key-verdict h3 {font-size: 2.25rem}
</style>"""


def is_on(settings: Settings) -> bool:
    """What the switch says; before it was touched the setting, and a ``?demo=1`` or ``?demo=0`` in the address first.

    Its own key survives a page switch, which drops the address's parameter.
    """
    asked = _WORDS.get(st.query_params.get(PARAMETER, "").lower())
    if asked is not None:
        st.session_state[KEY] = asked
    return bool(st.session_state.setdefault(KEY, settings.demo))


def larger() -> None:
    """Type that the last row reads."""
    st.html(_STYLE)


def switch(say: Speaker) -> None:
    """On and off, in one place."""
    st.toggle(say("demo.switch"), st.session_state[KEY], key="_demo", help=say("demo.help"), on_change=_keep)


def leave(say: Speaker) -> None:
    """Says that it is on, with the way out: the sidebar may be closed on a stage."""
    with st.container(key="demo_on", horizontal=True, vertical_alignment="center"):
        st.markdown(f":violet-badge[:material/co_present: {say('demo.on')}]", width="content", help=say("demo.on.help"))
        st.button(say("demo.leave"), key="demo_leave", type="tertiary", on_click=_leave)


def _keep() -> None:
    st.session_state[KEY] = st.session_state["_demo"]
    st.query_params.pop(PARAMETER, None)  # it would win again


def _leave() -> None:
    st.session_state[KEY] = st.session_state["_demo"] = False
    st.query_params.pop(PARAMETER, None)
