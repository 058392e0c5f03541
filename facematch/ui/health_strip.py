"""The line on top of every page: which environment, how it is, which version. It asks again until all is well."""

from dataclasses import dataclass

import streamlit as st

from facematch.client import FaceMatchClient
from facematch.errors import TransportError
from facematch.local import Health
from facematch.ui import health_watch
from facematch.ui.environments import environment as environment_name
from facematch.ui.formats import code, plain
from facematch.ui.health_watch import Asking, Found
from facematch.ui.services import Environment
from facematch.ui.words import Speaker

ICONS = {
    "ready": ":green[:material/check_circle:]",
    "asking": ":gray[:material/more_horiz:]",
    "warming": ":orange[:material/hourglass_top:]",
    "broken": ":red[:material/error:]",
    "unreachable": ":red[:material/cloud_off:]",
    "no_details": ":orange[:material/key_off:]",
    "unknown": ":gray[:material/help:]",
}
AGAIN_S = {"asking": 2.0, "warming": 1.0, "broken": 10.0, "unreachable": 5.0}  # seconds; the others are final


@dataclass(frozen=True, slots=True)
class Strip:
    """What the line shows."""

    where: Environment
    client: FaceMatchClient
    say: Speaker
    is_demo: bool  # no address, no version


def strip(shown: Strip) -> None:
    """Draw the line; when the state changes while nobody does anything, the whole page is drawn anew."""
    found = health_watch.look(shown.client)
    state = state_of(found)

    @st.fragment(run_every=AGAIN_S.get(state))
    def line() -> None:
        now = health_watch.look(shown.client) if state in AGAIN_S else found
        if state_of(now) != state:
            st.rerun()
        _line(now, shown)

    line()


def state_of(found: Found | Asking) -> str:
    """One of ours, whatever a server says."""
    if isinstance(found, Asking):
        return "asking"
    if isinstance(found, TransportError):
        return "unreachable"
    if not isinstance(found, Health) or found.status not in AGAIN_S.keys() | {"ready"}:
        return "unknown"
    if found.status in ("asking", "unreachable"):  # a server's own word, which is not ours
        return "unknown"
    return found.status if found.engine or found.status != "ready" else "no_details"  # told to whoever has the token


def _line(found: Found | Asking, shown: Strip) -> None:
    say, state = shown.say, state_of(found)
    parts = [f"{ICONS[state]} **{plain(environment_name(shown.where.name, say))}**", say(f"health.{state}")]
    if isinstance(found, Health) and found.version and not shown.is_demo:
        parts.append(say("health.version", version=plain(found.version)))
    if not shown.is_demo and not shown.where.is_embedded:
        parts.append(code(shown.where.url))
    with st.container(key="health", width="content"):
        st.markdown(" · ".join(parts))
