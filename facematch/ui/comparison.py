"""Asking for a comparison, and keeping what came of it until the next one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import streamlit as st

from facematch.client import Exchange, FaceMatchClient, Match, Photo, Video
from facematch.contract import VideoType
from facematch.errors import CallError, Refusal, RequestInvalid
from facematch.local import Evidence, Side
from facematch.ui import services
from facematch.ui.frame import Desk
from facematch.ui.photos import PARTS, Held, Part, held
from facematch.ui.words import Speaker

KEY, FILMED = "comparison", "filmed"  # in the session: of photos, of a photo and a video
POLL_S = 1.0
Kind = Literal["photo", "SILENT", "LIP"]
Send = Callable[[FaceMatchClient], Match]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks to be compared."""

    reference: Held = field(repr=False)
    probe: Held = field(repr=False)
    kind: Kind = "photo"
    live_code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One call: a match or an error, and the evidence where the server gives any."""

    asked: Asked
    match: Match | None
    error: CallError | None
    empty: Part | None  # the photo that has no bytes: nothing was sent
    evidence: Evidence | None
    gives_evidence: bool  # whether this server has any
    is_logged: bool
    own_look: Evidence | None = None  # the embedded engine's, of the same media, when the server gives none

    @property
    def kind(self) -> Kind:
        """What was compared, and for a video with which check."""
        return self.asked.kind

    @property
    def probe(self) -> Held:
        """The photo or the video under test."""
        return self.asked.probe

    @property
    def trace_no(self) -> str | None:
        """The server's number of the call, when it gave one."""
        if self.match is not None:
            return self.match.trace_no
        return self.error.trace_no if isinstance(self.error, Refusal) else None

    @property
    def elapsed_ms(self) -> float | None:
        """How long the call took, with all its attempts."""
        ended = self.match or self.error
        return None if ended is None else ended.elapsed_ms

    @property
    def exchange(self) -> Exchange | None:
        """What went over the wire, as far as the call came."""
        if self.match is not None:
            return self.match.exchange
        shown = None if self.error is None else self.error.exchange
        return shown if isinstance(shown, Exchange) else None

    @property
    def photos(self) -> Mapping[Side, Held]:
        """Both sides by the contract's names, the reference first."""
        return {"image": self.asked.reference, "faceData": self.asked.probe}


def compare(desk: Desk) -> None:
    """Send the form's two photos; the outcome is kept for ``latest``."""
    reference, probe = held("reference"), held("probe")
    if reference is not None and probe is not None:
        asked = Asked(reference, probe)
        keep(desk, KEY, asked, lambda client: client.match(Photo(reference.data), Photo(probe.data)))


@dataclass(slots=True)
class _Shelf:
    """Where a form's latest outcome is put.

    A click or a page switch while a call is out stops that run at its next use of Streamlit, the session included. What
    is put on the shelf before that is there for the runs that follow.
    """

    outcome: Comparison | None = None
    running: int = 0  # calls that are out


def keep(desk: Desk, key: str, asked: Asked, send: Send) -> None:
    """Send what the form holds; the outcome is kept in the session under *key*."""
    shelf, gives_evidence = _shelf(key), offers_evidence(desk.client)
    shelf.running += 1
    try:
        shelf.outcome = _outcome(desk, asked, send, gives_evidence=gives_evidence)
    finally:
        shelf.running -= 1
    desk.tell_of_log()


def _outcome(desk: Desk, asked: Asked, send: Send, *, gives_evidence: bool) -> Comparison:
    match: Match | None = None
    error: CallError | None = None
    empty: Part | None = None
    try:
        match = send(desk.client)
    except RequestInvalid as caught:
        error = caught
        sides = zip(PARTS, (asked.reference, asked.probe), strict=True)
        empty = next((part for part, each in sides if not each.data), None)
    except CallError as caught:
        error = caught
    logged = desk.is_logging and empty is None
    outcome = Comparison(asked, match, error, empty, evidence=None, gives_evidence=gives_evidence, is_logged=logged)
    return _with_evidence(outcome, desk.client)


def await_others(key: str, say: Speaker) -> None:
    """Say that a call of an earlier run of the page is still out, and draw the page anew when it has ended."""
    shelf = _shelf(key)
    if not shelf.running:
        return

    @st.fragment(run_every=POLL_S)
    def line() -> None:
        if not shelf.running:
            st.rerun()
        st.info(say("call.running"), icon=":material/hourglass_top:")

    line()


def latest() -> Comparison | None:
    """The latest comparison of this session, as long as the form still holds its photos."""
    return kept(KEY, (held("reference"), held("probe")))


def kept(key: str, media: tuple[Held | None, Held | None]) -> Comparison | None:
    """What was kept under *key*, as long as the form still holds its *media*."""
    found = _shelf(key).outcome
    return found if found is not None and (found.asked.reference, found.asked.probe) == media else None


def look_here(outcome: Comparison) -> None:
    """Look at the same media with the embedded engine; a call of its own, not logged as the server's.

    Never of LIP: its code was issued by the other server.
    """
    own, asked = services.embedded(), outcome.asked
    is_photo = outcome.kind == "photo"
    probe = Photo(asked.probe.data) if is_photo else Video(asked.probe.data)
    video_type: VideoType | None = None if is_photo else "SILENT"
    with FaceMatchClient(own.server.url, own.token, environment=services.EMBEDDED) as client:
        try:
            number = client.match(Photo(asked.reference.data), probe, video_type=video_type).trace_no
        except CallError as error:
            number = getattr(error, "trace_no", None)
        found = _evidence(client, number)
    for shelf in (_shelf(key) for key in (KEY, FILMED)):
        if shelf.outcome is outcome:
            shelf.outcome = replace(outcome, own_look=found)


def _shelf(key: str) -> _Shelf:
    shelf = st.session_state.setdefault(key, _Shelf())
    return shelf if isinstance(shelf, _Shelf) else _Shelf()


@st.cache_data(
    ttl=30, show_spinner=False, scope="session", hash_funcs={FaceMatchClient: lambda client: client.base_url}
)
def offers_evidence(client: FaceMatchClient) -> bool:
    """Whether the server's health says that it keeps evidence."""
    try:
        health = client.health()
    except CallError:
        return False
    return health is not None and "evidence" in health.offers


def _with_evidence(outcome: Comparison, client: FaceMatchClient) -> Comparison:
    return replace(outcome, evidence=_evidence(client, outcome.trace_no)) if outcome.gives_evidence else outcome


def _evidence(client: FaceMatchClient, number: str | None) -> Evidence | None:
    try:
        return None if number is None else client.evidence(number)
    except CallError:
        return None  # the verdict stands without it; the page says that there is none
