"""What a server of ours keeps and how it is set: engine, limits, ID library, files, tokens, and the log's place."""

from collections.abc import Callable

import streamlit as st

from facematch.local import Health
from facematch.ui import health_watch, status
from facematch.ui.environments import environment
from facematch.ui.formats import plain
from facematch.ui.frame import Desk
from facematch.ui.health_watch import Asking
from facematch.ui.kept.access_tokens import access_tokens
from facematch.ui.kept.engine_panel import engine, limits
from facematch.ui.kept.file_shelf import file_shelf
from facematch.ui.kept.library import library

TAB = "panels.tab"
Draw = Callable[[], None]


def embedded_panels(desk: Desk) -> None:
    """Everything that the chosen environment lets be managed; of a foreign server, that it does not."""
    say = desk.say
    st.subheader(say("kept.title", name=plain(environment(desk.environment.name, say))), anchor=False)
    if isinstance(health_watch.look(desk.client), Asking):
        st.caption(say("kept.asking"))  # the line on top of the page draws it anew when there is an answer
        return
    health = status.health(desk)
    if not isinstance(health, Health) or not health.offers:
        key = "kept.no_details" if isinstance(health, Health) else "kept.silent" if health else "kept.nothing"
        st.info(say(key), icon=":material/block:")
        return
    panels = _panels(health, desk)
    names = {say(f"kept.tab.{name}"): name for name in panels}
    key = f"panels_{say.language}"  # the labels are the state's values, so each language has its own

    def keep() -> None:
        st.session_state[TAB] = names.get(str(st.session_state.get(key)))

    kept = st.session_state.get(TAB)
    default = next((label for label, name in names.items() if name == kept), None)
    tabs = st.tabs(list(names), key=key, default=default, on_change=keep)
    for tab, draw in zip(tabs, panels.values(), strict=True):
        if tab.open:  # each asks the service: only the one that is looked at
            with tab:
                draw()


def _panels(health: Health, desk: Desk) -> dict[str, Draw]:
    say = desk.say
    found: dict[str, Draw] = {
        "engine": lambda: engine(health, desk),
        "limits": lambda: limits(health, say),
    }
    if "persons" in health.offers:
        found["library"] = lambda: library(health, desk)
    if "files" in health.offers:
        found["files"] = lambda: file_shelf(health, desk)
    if "tokens" in health.offers:
        found["tokens"] = lambda: access_tokens(desk)
    if not desk.is_demo:
        found["log"] = lambda: status.log_details(desk.log, say)
    return found
