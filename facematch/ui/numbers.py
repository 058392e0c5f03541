"""A row of numbers, each with its name and what it counts."""

from collections.abc import Mapping

import streamlit as st

from facematch.ui.words import Speaker


def numbers(cells: Mapping[str, str], say: Speaker, *, width: int) -> None:
    """Draw *cells*, texts by the key of their name; ``key.help`` says what is counted.

    Args:
        cells: In the order of the row.
        say: The operator's language.
        width: Of one number, in px.
    """
    with st.container(horizontal=True):
        for key, value in cells.items():
            st.metric(say(key), value, width=width, help=say(f"{key}.help"))
