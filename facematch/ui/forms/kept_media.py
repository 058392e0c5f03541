"""What this session sent, kept in memory until the tab closes: its wire, and media only where the operator asked."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, cast

import streamlit as st

from facematch.client import Exchange
from facematch.ui.formats import size
from facematch.ui.words import Speaker

if TYPE_CHECKING:  # comparison imports this module
    from facematch.ui.forms.comparison import Asked

KEY = "kept_media"
CALLS = 20  # at most; the oldest goes first
BYTES = 64_000_000  # of photos and videos together
T = TypeVar("T")


@dataclass(slots=True)
class Store:
    """By the number of the call. Taken before a call is sent, for the session may be out of reach after it."""

    wants_media: bool = False
    media: "dict[str, Asked]" = field(default_factory=dict, repr=False)
    wires: dict[str, Exchange] = field(default_factory=dict, repr=False)  # holds nothing private: always kept

    @property
    def bytes(self) -> int:
        """Of photos and videos."""
        return sum(map(_bytes, self.media.values()))

    def remember(self, request_id: str, asked: "Asked", exchange: Exchange | None = None) -> None:
        """Keep the wire of a call, and what it *asked* if the operator wants that and it is not too large."""
        if exchange is not None:
            self.wires = _last(self.wires, request_id, exchange)
        if not self.wants_media or _bytes(asked) > BYTES:
            return
        self.media = _last(self.media, request_id, asked)
        while self.bytes > BYTES:
            del self.media[next(iter(self.media))]


def of_session() -> Store:
    """This session's."""
    return cast("Store", st.session_state.setdefault(KEY, Store()))


def remember(request_id: str, asked: "Asked", exchange: Exchange | None = None) -> None:
    """Keep what a form *asked*, under the number of its call, if the operator wants that; its wire in any case."""
    of_session().remember(request_id, asked, exchange)


def of(request_id: str) -> "Asked | None":
    """What was asked by that call; None when it was not kept, or not by this session."""
    return of_session().media.get(request_id)


def exchange_of(request_id: str) -> Exchange | None:
    """What went over the wire in that call, when this session made it not long ago."""
    return of_session().wires.get(request_id)


def forget() -> None:
    """Drop every photo and video."""
    of_session().media.clear()


def switch(say: Speaker) -> None:
    """Draw the choice to keep what is sent, what it means, and how to drop it at once."""
    store = of_session()

    def choose() -> None:
        """Whoever does not want it any more wants nothing kept."""
        store.wants_media = bool(st.session_state["_kept_wanted"])
        if not store.wants_media:
            forget()

    told = say("kept.help", calls=CALLS, size=size(BYTES))
    st.toggle(say("kept.wanted"), value=store.wants_media, key="_kept_wanted", on_change=choose, help=told)
    if store.media:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(say("kept.now", calls=len(store.media), size=size(store.bytes)), width="content")
            st.button(say("kept.forget"), key="kept_forget", on_click=forget, icon=":material/delete:", type="tertiary")


def _last(kept: dict[str, T], request_id: str, value: T) -> dict[str, T]:
    return dict([*kept.items(), (request_id, value)][-CALLS:])


def _bytes(asked: "Asked") -> int:
    return sum(len(held.data) for held in (asked.reference, asked.probe) if held is not None)
