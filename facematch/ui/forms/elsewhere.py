"""A photo or a video that the server is to get itself: by a link, or from its file server."""

from collections.abc import Callable, Mapping
from typing import Literal

import streamlit as st

from facematch.client import FaceMatchClient
from facematch.client.hiding import shown_link
from facematch.errors import CallError, RequestInvalid
from facematch.ui.formats import plain, size
from facematch.ui.forms.held import Held, shown_name
from facematch.ui.frame import Desk

Kind = Literal["photo", "video"]
Take = Callable[[Held | None], None]
PLACES = ("uri", "fds")


def is_offered(desk: Desk) -> bool:
    """Whether this environment gets media itself in any way."""
    return any(place in desk.environment.origins for place in PLACES)


def elsewhere(desk: Desk, kind: Kind, *, key: str, take: Take) -> None:
    """Draw the fields for a link and for a path.

    Args:
        desk: Says which of them the environment takes.
        kind: What is to be fetched.
        key: Of the widgets; another one is an empty field.
        take: Called with what the operator chose, before the page runs; None when the field was emptied.
    """
    say = desk.say
    offered = [place for place in PLACES if place in desk.environment.origins]
    place = offered[0]
    if len(offered) > 1:
        place = st.segmented_control(
            say("elsewhere.place"), offered, default=place, required=True, key=f"{key}_place",
            format_func=lambda each: say(f"elsewhere.{each}"), label_visibility="collapsed",
        )  # fmt: skip
    if place == "uri":
        _link(desk, kind, key=f"{key}_link", take=take)
    elif desk.environment.is_embedded:
        _stored(desk, kind, key=f"{key}_file", take=take)
    else:
        _path(desk, kind, key=f"{key}_path", take=take)


def from_link(link: str, kind: Kind) -> Held:
    """What a form holds of *link*, as long as it is one; its query is nowhere shown.

    Raises:
        RequestInvalid: It is no http or https address.
    """
    held = Held("", b"", "link", kind, "uri", link)
    held.medium()
    return Held(shown_link(link), b"", "link", kind, "uri", link)


def _link(desk: Desk, kind: Kind, *, key: str, take: Take) -> None:
    say, bad = desk.say, f"{key}.bad"

    def keep() -> None:
        link = st.session_state[key].strip()
        try:
            take(from_link(link, kind) if link else None)
        except RequestInvalid:
            take(None)
            st.session_state[bad] = True
        else:
            st.session_state[bad] = False

    st.text_input(
        say("elsewhere.link"), key=key, placeholder="https://", on_change=keep, help=say("elsewhere.link.help"),
        autocomplete="off",
    )  # fmt: skip
    if st.session_state.get(bad):
        st.warning(say("elsewhere.link.bad"), icon=":material/link_off:")


def _path(desk: Desk, kind: Kind, *, key: str, take: Take) -> None:
    def keep() -> None:
        path = st.session_state[key].strip()
        take(_from_file_server(path, kind) if path else None)

    st.text_input(
        desk.say("elsewhere.path"), key=key, on_change=keep, help=desk.say("elsewhere.path.help"), autocomplete="off"
    )


def _stored(desk: Desk, kind: Kind, *, key: str, take: Take) -> None:
    """The embedded service tells its files, so that no path is to be typed."""
    say = desk.say
    try:
        files = _files(desk.client)
    except CallError:
        _path(desk, kind, key=key, take=take)
        return

    def keep() -> None:
        path = st.session_state[key]
        take(None if path is None else _from_file_server(path, kind))

    if files:
        st.selectbox(
            say("elsewhere.file"), list(files), index=None, key=key, on_change=keep,
            format_func=_told_as(files, desk).__getitem__, placeholder=say("elsewhere.file.choose"),
        )  # fmt: skip
    else:
        st.caption(say("elsewhere.file.none"))
    st.page_link("pages/environments.py", label=say("elsewhere.file.manage"), icon=":material/folder_open:")


def _told_as(files: Mapping[str, int], desk: Desk) -> dict[str, str]:
    """What is read of each path: a file's name may name a person."""
    if desk.shows_personal:
        return {path: f"{path} · {size(n_bytes)}" for path, n_bytes in files.items()}
    numbered = enumerate(files.items(), 1)
    return {path: desk.say("elsewhere.file.hidden", number=n, size=size(n_bytes)) for n, (path, n_bytes) in numbered}


def _from_file_server(path: str, kind: Kind) -> Held:
    return Held(path, b"", "file_server", kind, "fds", path)


@st.cache_data(ttl=5, show_spinner=False, scope="session", hash_funcs={FaceMatchClient: lambda client: client.base_url})
def _files(client: FaceMatchClient) -> dict[str, int]:
    """Bytes by path."""
    return {file.path: file.bytes for file in client.local.files()}


def told(held: Held, desk: Desk) -> None:
    """What stands in place of a preview: this page does not fetch what the server is to fetch."""
    icon = ":material/link:" if held.origin == "uri" else ":material/folder_open:"
    name = shown_name(held, desk.say, shows_personal=desk.shows_personal)
    st.info(desk.say(f"elsewhere.told.{held.origin}", name=plain(name)), icon=icon)
