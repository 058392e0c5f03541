"""Asking for a comparison, and keeping what came of it until the next one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import streamlit as st

from facematch.client import Exchange, FaceMatchClient, Match, Photo
from facematch.contract import VideoType
from facematch.errors import CallError, FaceMatchError, Refusal, RequestInvalid
from facematch.local import Evidence, Side
from facematch.samples import SamplePair
from facematch.ui import services
from facematch.ui.forms import kept_media, live_codes
from facematch.ui.forms.photos import PARTS, Held, Part, held, hold_samples
from facematch.ui.forms.shelf import await_others, shelf
from facematch.ui.frame import Desk

KEY, FILMED, IDENTIFIED = "comparison", "filmed", "identified"  # of photos, of a photo and a video, of an identity
__all__ = ["FILMED", "IDENTIFIED", "KEY", "Asked", "Comparison", "await_others", "compare", "keep", "kept", "latest"]
Kind = Literal["photo", "SILENT", "LIP"]
Send = Callable[[FaceMatchClient], Match]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form asks to be compared: a probe with a reference photo, or with whom the server's library knows."""

    reference: Held | None = field(repr=False)
    probe: Held = field(repr=False)
    kind: Kind = "photo"
    live_code: str | None = field(default=None, repr=False)
    id_number: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One call: a match or an error, and the evidence where the server gives any."""

    asked: Asked
    match: Match | None
    error: CallError | None
    empty: Part | None  # the photo that has no bytes: nothing was sent
    evidence: Evidence | None = field(repr=False)
    gives_evidence: bool  # whether this server has any
    is_logged: bool
    environment: str = ""  # which was asked, by its name in the log
    own_look: Evidence | None = field(
        default=None, repr=False
    )  # the embedded engine's, of the same media, when the server gives none
    own_trouble: str | None = None  # why that engine could not look

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
    def request_id(self) -> str | None:
        """Our number of the call; None when nothing was sent."""
        ended = self.match or self.error
        return None if ended is None or not ended.request_id else ended.request_id

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
        """The sides that were sent, by the contract's names, the reference first."""
        reference = self.asked.reference
        return {**({} if reference is None else {"image": reference}), "faceData": self.asked.probe}


def ask_for_samples(pair: SamplePair) -> None:
    """Put a sample pair into the form and send it: one click, which is not taken while a call is out."""
    place = shelf(KEY)
    if place.running:
        return
    before = (held("reference"), held("probe"))
    hold_samples(pair)
    if before != (held("reference"), held("probe")):
        place.turn_over()
    place.press()


def compare(desk: Desk) -> None:
    """Send the form's two photos; the outcome is kept for ``latest``."""
    reference, probe = held("reference"), held("probe")
    if reference is not None and probe is not None:
        asked = Asked(reference, probe)
        keep(desk, KEY, asked, lambda client: client.match(photo_of(asked), probe.medium()))


def photo_of(asked: Asked) -> Photo:
    """The reference as the client sends it.

    Raises:
        RequestInvalid: There is none, or it cannot be sent.
    """
    medium = None if asked.reference is None else asked.reference.medium()
    if not isinstance(medium, Photo):
        raise RequestInvalid("there is no reference photo")
    return medium


def keep(desk: Desk, key: str, asked: Asked, send: Send) -> None:
    """Send what the form holds; the outcome is kept in the session under *key*. Nothing while such a call is out."""
    place, gives_evidence = shelf(key), offers_evidence(desk.client)
    if place.running:
        return
    place.begin()
    try:
        outcome = _outcome(desk, asked, send, gives_evidence=gives_evidence)
        place.put(outcome)
    finally:
        place.running -= 1
    _remember(outcome)
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
        empty = next((part for part, each in sides if each is not None and each.is_empty), None)
    except CallError as caught:
        error = caught
    logged = desk.is_logging and empty is None
    outcome = Comparison(
        asked,
        match,
        error,
        empty,
        evidence=None,
        gives_evidence=gives_evidence,
        is_logged=logged,
        environment=desk.environment.name,
    )
    return _with_evidence(outcome, desk.client)


def latest() -> Comparison | None:
    """The latest comparison of this session, as long as the form still holds its photos."""
    return kept(KEY, (held("reference"), held("probe")))


def kept(key: str, media: tuple[Held | None, Held | None]) -> Comparison | None:
    """What was kept under *key*, as long as the form still holds its *media*."""
    place = shelf(key)
    found = place.outcome
    if isinstance(found, Comparison):
        if place.is_new:
            _remember(found)  # a page switch may have stopped the run that made the call
        if (found.asked.reference, found.asked.probe) == media:
            return found
    place.turn_over()
    return None


def _remember(outcome: Comparison) -> None:
    """Note what became of its code, and its media for the log's page; again does no harm."""
    asked, found = outcome.asked, outcome.evidence
    if asked.live_code is not None:
        was_heard = None if found is None else found.challenge is not None
        live_codes.settle(asked.live_code, outcome.environment, outcome.error, was_heard=was_heard)
    if outcome.request_id is not None:
        kept_media.remember(outcome.request_id, asked, outcome.exchange)


def look_here(outcome: Comparison) -> None:
    """Look at the same media with the embedded engine; a call of its own, not logged as the server's.

    Never of LIP, whose code was issued by the other server, nor of what only the other server can fetch.
    """
    try:
        looked = replace(outcome, own_look=_own_look(outcome), own_trouble=None)
    except FaceMatchError as error:
        looked = replace(outcome, own_trouble=str(error))
    for place in map(shelf, (KEY, FILMED)):
        if place.outcome is outcome:
            place.outcome = looked


def _own_look(outcome: Comparison) -> Evidence | None:
    own, asked = services.embedded(), outcome.asked
    video_type: VideoType | None = None if outcome.kind == "photo" else "SILENT"
    with FaceMatchClient(own.server.url, own.token, environment=services.EMBEDDED) as client:
        try:
            number = client.match(photo_of(asked), asked.probe.medium(), video_type=video_type).trace_no
        except Refusal as error:
            number = error.trace_no  # there is something to see all the same
        return None if number is None else client.evidence(number)


def offers_evidence(client: FaceMatchClient) -> bool:
    """Whether the server's health says that it keeps evidence; False also when it cannot be asked just now."""
    try:
        return _offers_evidence(client)
    except CallError:  # it is asked again next time
        return False


@st.cache_data(
    ttl=30, show_spinner=False, scope="session", hash_funcs={FaceMatchClient: lambda client: client.base_url}
)
def _offers_evidence(client: FaceMatchClient) -> bool:
    health = client.health()
    return health is not None and "evidence" in health.offers


def _with_evidence(outcome: Comparison, client: FaceMatchClient) -> Comparison:
    return replace(outcome, evidence=_evidence(client, outcome.trace_no)) if outcome.gives_evidence else outcome


def _evidence(client: FaceMatchClient, number: str | None) -> Evidence | None:
    try:
        return None if number is None else client.evidence(number)
    except CallError:
        return None  # the verdict stands without it; the page says that there is none
