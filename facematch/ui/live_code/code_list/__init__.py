"""The codes of a session as a table; a state turns in the browser, without a run of the page."""

from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from facematch.ui.environments import environment
from facematch.ui.formats import when
from facematch.ui.forms.live_codes import SessionCode, now_ms
from facematch.ui.words import Speaker

HEADS = ("code", "state", "form", "environment", "issued")
STATES = ("fresh", "used", "expired")
_here = Path(__file__).parent
_draw = st.components.v2.component(
    "facematch_code_list",
    html="<table></table>",
    css=(_here / "code_list.css").read_text("utf-8"),
    js=(_here / "code_list.js").read_text("utf-8"),
)


def code_list(codes: Iterable[SessionCode], say: Speaker) -> None:
    """Draw *codes* in their order."""
    now = now_ms()
    labels = {name: say(f"code.{name}") for name in ("left", "life_unknown")}
    _draw(
        key="code_list",
        data=[  # in a list: in a dict Streamlit would look for tables, and load pandas for it
            {
                "title": say("codes.title"),
                "heads": {name: say(f"codes.head.{name}") for name in HEADS},
                "labels": labels | {state: say(f"code.state.{state}") for state in STATES},
                "codes": [_line(each, now, say) for each in codes],
            }
        ],
    )


def _line(code: SessionCode, now: int, say: Speaker) -> dict[str, object]:
    return {
        "id": f"{code.issued_ms}-{code.code}",
        "digits": code.code,
        "state": code.state(now),
        "left_ms": None if code.ends_ms is None else code.ends_ms - now,
        "form": say(f"code.form.{code.form}"),
        "environment": environment(code.environment, say),
        "issued": when(code.issued_ms),
    }
