"""A row of numbers, each with its name and what it counts."""

from collections.abc import Mapping

import streamlit as st

from facematch.ui.words import Speaker


def numbers(cells: Mapping[str, str], say: Speaker) -> None:
    """Draw *cells*, texts by the key of their name, in their order; ``key.help`` says what is counted."""
    with st.container(horizontal=True, gap="medium"):
        for key, value in cells.items():
            st.metric(say(key), value, width="content", help=say(f"{key}.help"))
