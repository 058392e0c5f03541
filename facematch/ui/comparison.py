"""Asking for a comparison, and keeping what came of it until the next one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import streamlit as st

from facematch.client import Exchange, FaceMatchClient, Match, Photo
from facematch.errors import CallError, Refusal, RequestInvalid
from facematch.local import Evidence, Side
from facematch.ui import services
from facematch.ui.frame import Desk
from facematch.ui.photos import PARTS, Held, Part, held

KEY = "comparison"
Send = Callable[[FaceMatchClient], Match]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One call: a match or an error, and the evidence where the server gives any."""

    reference: Held = field(repr=False)
    probe: Held = field(repr=False)
    match: Match | None
    error: CallError | None
    empty: Part | None  # the photo that has no bytes: nothing was sent
    evidence: Evidence | None
    gives_evidence: bool  # whether this server has any
    is_logged: bool
    own_look: Evidence | None = None  # the embedded engine's, of the same photos, when the server gives none

    @property
    def trace_no(self) -> str | None:
        """The server's number of the call, when it gave one."""
        if self.match is not None:
            return self.match.trace_no
        return self.error.trace_no if isinstance(self.error, Refusal) else None

    @property
    def exchange(self) -> Exchange | None:
        """What went over the wire, as far as the call came."""
        if self.match is not None:
            return self.match.exchange
        shown = None if self.error is None else self.error.exchange
        return shown if isinstance(shown, Exchange) else None

    @property
    def photos(self) -> Mapping[Side, Held]:
        """Both photos by the contract's names, the reference first."""
        return {"image": self.reference, "faceData": self.probe}


def compare(desk: Desk) -> None:
    """Send the form's two photos; the outcome is kept for ``latest``."""
    reference, probe = held("reference"), held("probe")
    if reference is not None and probe is not None:
        keep(desk, KEY, (reference, probe), lambda client: client.match(Photo(reference.data), Photo(probe.data)))


def keep(desk: Desk, key: str, media: tuple[Held, Held], send: Send) -> None:
    """Send what the form holds; the outcome is kept in the session under *key*."""
    match: Match | None = None
    error: CallError | None = None
    empty: Part | None = None
    try:
        match = send(desk.client)
    except RequestInvalid as caught:
        error = caught
        empty = next((part for part, each in zip(PARTS, media, strict=True) if not each.data), None)
    except CallError as caught:
        error = caught
    outcome = Comparison(
        *media,
        match,
        error,
        empty,
        evidence=None,
        gives_evidence=offers_evidence(desk.client),
        is_logged=desk.is_logging and empty is None,
    )
    st.session_state[key] = _with_evidence(outcome, desk.client)
    desk.tell_of_log()


def latest() -> Comparison | None:
    """The latest comparison of this session, as long as the form still holds its photos."""
    return kept(KEY, (held("reference"), held("probe")))


def kept(key: str, media: tuple[Held | None, Held | None]) -> Comparison | None:
    """What was kept under *key*, as long as the form still holds its *media*."""
    found = st.session_state.get(key)
    return found if isinstance(found, Comparison) and (found.reference, found.probe) == media else None


def look_here(outcome: Comparison) -> None:
    """Look at the same photos with the embedded engine; a call of its own, not logged as the server's."""
    own = services.embedded()
    with FaceMatchClient(own.server.url, own.token, environment=services.EMBEDDED) as client:
        try:
            number = client.match(Photo(outcome.reference.data), Photo(outcome.probe.data)).trace_no
        except CallError as error:
            number = getattr(error, "trace_no", None)
        st.session_state[KEY] = replace(outcome, own_look=_evidence(client, number))


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
