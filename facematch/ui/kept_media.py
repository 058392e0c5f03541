"""What this session sent, kept in memory until the tab closes, and only where the operator asked for that."""

import streamlit as st

WANTED, KEPT = "kept_media.wanted", "kept_media"
CALLS = 20  # at most; the oldest goes first


def remember(request_id: str, asked: object) -> None:
    """Keep what a form *asked*, under the number of its call, if the operator wants that."""
    if st.session_state.get(WANTED):
        kept = {**st.session_state.get(KEPT, {}), request_id: asked}
        st.session_state[KEPT] = dict(list(kept.items())[-CALLS:])


def of(request_id: str) -> object | None:
    """What was asked by that call; None when it was not kept, or not by this session."""
    kept: dict[str, object] = st.session_state.get(KEPT, {})
    return kept.get(request_id)


def forget() -> None:
    """Drop everything."""
    st.session_state.pop(KEPT, None)
