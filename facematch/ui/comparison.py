"""Asking for a comparison, and keeping what came of it until the next one."""

from dataclasses import dataclass, field

import streamlit as st

from facematch.client import FaceMatchClient, Match, Photo
from facematch.errors import CallError, Refusal
from facematch.local import Evidence
from facematch.ui.photos import Held, held

KEY = "comparison"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One call: a match or an error, and the evidence where the server gives any."""

    reference: Held = field(repr=False)
    probe: Held = field(repr=False)
    match: Match | None
    error: CallError | None
    evidence: Evidence | None
    is_embedded: bool


def compare(client: FaceMatchClient, *, is_embedded: bool) -> None:
    """Send the form's two photos; the outcome is kept for ``latest``."""
    reference, probe = held("reference"), held("probe")
    if reference is None or probe is None:
        return
    match, error = None, None
    try:
        match = client.match(Photo(reference.data), Photo(probe.data))
    except CallError as caught:
        error = caught
    trace_no = match.trace_no if match is not None else getattr(error, "trace_no", None)
    evidence = _evidence(client, trace_no) if is_embedded and trace_no else None
    st.session_state[KEY] = Comparison(reference, probe, match, error, evidence, is_embedded)


def latest() -> Comparison | None:
    """The latest comparison of this session, as long as the form still holds its photos."""
    kept = st.session_state.get(KEY)
    if isinstance(kept, Comparison) and (kept.reference, kept.probe) == (held("reference"), held("probe")):
        return kept
    return None


def trace_no(comparison: Comparison) -> str | None:
    """The server's number of the call, when it gave one."""
    if comparison.match is not None:
        return comparison.match.trace_no
    return comparison.error.trace_no if isinstance(comparison.error, Refusal) else None


def _evidence(client: FaceMatchClient, number: str) -> Evidence | None:
    try:
        return client.evidence(number)
    except CallError:
        return None  # the verdict stands without it; the page says that there is none
