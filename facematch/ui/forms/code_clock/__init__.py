"""A live code on screen: large digits, what is left of its life counted down by the browser, and a copy button."""

from pathlib import Path

import streamlit as st

from facematch.ui.forms.live_codes import SessionCode, now_ms
from facematch.ui.words import Speaker

LABELS = ("digits", "copy", "copied", "not_copied", "left", "life_unknown", "soon")
DEAD = ("used", "expired")
_here = Path(__file__).parent
_draw = st.components.v2.component(
    "facematch_code_clock",
    html=(_here / "code_clock.html").read_text("utf-8"),
    css=(_here / "code_clock.css").read_text("utf-8"),
    js=(_here / "code_clock.js").read_text("utf-8"),
)


def code_clock(code: SessionCode, say: Speaker, *, key: str, small: bool = False, tells_end: bool = False) -> None:
    """Draw *code*; its state turns in the browser.

    Args:
        code: What to show.
        say: The operator's language.
        key: Of the widget.
        small: For a card.
        tells_end: Whether the page is run again when the life of the code ends.
    """
    now = now_ms()
    _draw(
        key=key,
        data=[  # in a list: in a dict Streamlit would look for tables, and load pandas for it
            {
                "id": f"{code.issued_ms}-{code.code}",
                "digits": code.code,
                "state": code.state(now),
                "left_ms": None if code.ttl_s is None else round(code.issued_ms + code.ttl_s * 1000 - now),
                "life_ms": None if code.ttl_s is None else round(code.ttl_s * 1000),
                "small": small,
                "tells_end": tells_end,
                "labels": {name: say(f"code.{name}") for name in LABELS}
                | {state: say(f"code.state.{state}" if small else f"code.{state}") for state in DEAD},
            }
        ],
        on_ended_change=_page_runs_again,
    )


def _page_runs_again() -> None:
    """What the page shows is worked out anew: nothing else is to be done."""
