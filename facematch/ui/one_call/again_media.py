"""The media of the form that runs a call again: its own, though the other forms' cards draw them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import streamlit as st

from facematch.ui.forms.photos import Held

REFERENCE, PHOTO, VIDEO = "photo.reference", "photo.probe", "video.probe"
PLACES = (REFERENCE, PHOTO, VIDEO, "video.take")  # in the session: where the cards hold what they were given
ROUNDS = "photo.round", "video.round"
PANEL = "_kept_wanted"  # a widget of this form alone: in the session while the form is on the page
_OWN, _LENT = "again.media", "again.lent"


def is_on_page() -> bool:
    """Whether the form is: not in the first run after a page switch."""
    return PANEL in st.session_state


@contextmanager
def own_media(*, was_here: bool) -> Iterator[None]:
    """Within it the cards hold this form's media, after it the pages' again.

    A card's upload box writes into its place before a run begins: what is new there then was given here.

    Args:
        was_here: What ``is_on_page`` said before this run drew anything of the form.
    """
    own: dict[str, object] = dict(st.session_state.get(_OWN, {}))
    pages = {name: st.session_state.get(name) for name in PLACES}
    lent: Mapping[str, object] | None = st.session_state.get(_LENT)
    if lent is not None and was_here:
        own |= {name: now for name, now in pages.items() if now is not lent[name]}
        pages = dict(lent)
    st.session_state[_LENT] = pages
    st.session_state.update({name: own.get(name) for name in PLACES})
    try:
        yield
    finally:
        st.session_state[_OWN] = {name: st.session_state.get(name) for name in PLACES}
        st.session_state.update(pages)


def fill_in(media: Mapping[str, Held | None]) -> None:
    """Begin with *media*, by place, and empty upload boxes; for a button, before a run."""
    st.session_state[_OWN] = dict(media)
    st.session_state.pop(_LENT, None)
    for name in ROUNDS:
        st.session_state[name] = int(st.session_state.get(name, 0)) + 1


def drop() -> None:
    """Forget them."""
    for name in (_OWN, _LENT):
        st.session_state.pop(name, None)


def of_pages(name: str) -> Held | None:
    """What the pages' forms hold at a place, outside of ``own_media``."""
    held = st.session_state.get(name)
    return held if isinstance(held, Held) else None
