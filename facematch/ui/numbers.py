"""A row of numbers, each with its name and what it counts."""

from collections.abc import Mapping

import streamlit as st

from facematch.ui.words import Speaker


def numbers(cells: Mapping[str, str], say: Speaker, *, width: int | None = None) -> None:
    """Draw *cells*, texts by the key of their name; ``key.help`` says what is counted.

    Args:
        cells: In the order of the row.
        say: The operator's language.
        width: Of one number, in px, which cuts what is longer; None: as wide as each needs.
    """
    with st.container(horizontal=True, gap="medium"):
        for key, value in cells.items():
            st.metric(say(key), value, width=width or "content", help=say(f"{key}.help"))
