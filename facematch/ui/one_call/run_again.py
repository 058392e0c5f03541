"""Run a logged call again: with media given anew, for they are never stored, against the environment chosen now."""

from dataclasses import dataclass, field
from typing import cast

import streamlit as st

from facematch.analytics.one_call import Digests
from facematch.analytics.queries import CallRow
from facematch.client import FaceMatchClient, IssuedCode, Match
from facematch.contract import VideoType
from facematch.errors import CallError
from facematch.ui.environments import environment
from facematch.ui.failure import explain
from facematch.ui.formats import plain
from facematch.ui.forms import comparison, kept_media, photos, shelf
from facematch.ui.forms.code_box import code_box
from facematch.ui.forms.comparison import Asked, Comparison
from facematch.ui.forms.photos import Held
from facematch.ui.frame import Desk
from facematch.ui.video import videos

OPEN, MADE, NEW = (
    "again.open",
    "again.made",
    "again.new",
)  # the row whose form is open; request id -> request id of its second run
FORMS = {"match": "video_match", "match_idno": "id_verification"}  # whose live codes are taken
FILMED = ("SILENT", "LIP")


@dataclass(frozen=True, slots=True)
class Given:
    """What the form holds now."""

    reference: Held | None
    probe: Held | None
    live_code: str | None = field(repr=False)
    id_number: str | None = field(repr=False)
    name: str | None = field(repr=False)


def run_again(row: CallRow, sent: Digests, desk: Desk) -> None:
    """Draw the button, and when it was pressed the form for what the endpoint needs."""
    say, key = desk.say, f"again.{row.id}"
    st.markdown(f"**{say('again.title')}**")
    is_open = st.session_state.get(OPEN) == row.id
    st.button(
        say("again.close" if is_open else "again.open"), key="again_open", icon=":material/replay:",
        shortcut="G", on_click=_toggle, args=(row,),
    )  # fmt: skip
    if is_open:
        with st.container(border=True, key="again"):
            _where(row, desk)
            given = _form(row, sent, desk)
            _ask(key, row, given, desk)
            kept_media.switch(say)
    shelf.await_others(key, say)


def harvest(row: CallRow, desk: Desk) -> None:
    """Take what the call came to off the shelf, and its media with it; what is private leaves the form."""
    held = shelf.shelf(f"again.{row.id}")
    if held.outcome is None or held.running:
        return
    outcome, held.outcome = held.outcome, None
    if isinstance(outcome, Comparison):
        outcome = outcome.match or outcome.error
    if isinstance(outcome, Match | IssuedCode) or (isinstance(outcome, CallError) and outcome.request_id is not None):
        made = {**st.session_state.get(MADE, {}), row.request_id: outcome.request_id}
        st.session_state[MADE] = dict(list(made.items())[-kept_media.CALLS :])
        st.session_state[OPEN], st.session_state[NEW] = None, True
        for name in ("again_number", "again_name"):
            st.session_state.pop(name, None)
    elif isinstance(outcome, CallError):
        told = explain(outcome, desk.say)
        st.error(f"**{told.title}** {told.cause} {told.remedy}", icon=":material/error:")


def is_new() -> bool:
    """Whether a second run has just come in, once."""
    return bool(st.session_state.pop(NEW, False))


def second_of(row: CallRow) -> str | None:
    """The request id of the latest second run of *row* in this session."""
    made: dict[str, str] = st.session_state.get(MADE, {})
    return made.get(row.request_id)


def first_of(row: CallRow) -> str | None:
    """The request id of the call that *row* is a second run of."""
    made: dict[str, str] = st.session_state.get(MADE, {})
    return next((first for first, second in made.items() if second == row.request_id), None)


def _toggle(row: CallRow) -> None:
    if st.session_state.get(OPEN) == row.id:
        st.session_state[OPEN] = None
        return
    st.session_state[OPEN] = row.id
    asked = kept_media.of(row.request_id)
    if asked is not None:
        _fill_in(asked, row)


def _fill_in(asked: Asked, row: CallRow) -> None:
    """Put what was kept into the forms that hold media, with fresh upload boxes."""
    if asked.reference is not None:
        st.session_state["photo.reference"] = asked.reference
    st.session_state["video.probe" if row.mode in FILMED else "photo.probe"] = asked.probe
    for name in ("photo.round", "video.round"):
        st.session_state[name] = int(st.session_state.get(name, 0)) + 1
    st.session_state["again_number"], st.session_state["again_name"] = asked.id_number or "", asked.name or ""


def _where(row: CallRow, desk: Desk) -> None:
    say, now = desk.say, plain(environment(desk.environment.name, desk.say))
    if row.env == desk.environment.name:
        st.caption(say("again.where", environment=now))
    else:
        before = plain(environment(row.env, say))
        st.warning(say("again.elsewhere", environment=now, before=before), icon=":material/swap_calls:")
    asked = kept_media.of(row.request_id)
    st.caption(say("again.kept" if asked is not None else "again.asks"))


def _form(row: CallRow, sent: Digests, desk: Desk) -> Given:
    """The inputs that the endpoint needs; what is held is compared with what was sent then."""
    if row.endpoint == "validate_data":
        return Given(None, None, None, None, None)
    number, name = _person(desk) if row.endpoint == "match_idno" else (None, None)
    live_code = code_box(desk, FORMS[row.endpoint]) if row.mode == "LIP" else None
    if live_code is not None:
        st.caption(desk.say("again.old_digits"))
    left, right = st.columns(2) if row.endpoint == "match" else (None, st.container())
    reference = None
    if left is not None:
        with left:
            reference = photos.photo_card("reference", desk)
            _same_file(reference, sent.reference, sent, desk)
    with right:
        probe = videos.video_card(desk, cast("VideoType", row.mode), live_code) if row.mode in FILMED else (
            photos.photo_card("probe", desk))  # fmt: skip
        _same_file(probe, sent.probe, sent, desk)
    return Given(reference, probe, live_code, number, name)


def _person(desk: Desk) -> tuple[str | None, str | None]:
    """Asked for each time: the log has a mask of the number and nothing of the name."""
    say = desk.say
    with st.container(horizontal=True):
        number = st.text_input(say("again.number"), key="again_number", max_chars=32, autocomplete="off", width=280)
        name = st.text_input(say("again.name"), key="again_name", max_chars=100, autocomplete="off", width=280)
    return number.strip() or None, name.strip() or None


def _same_file(held: Held | None, digest: bytes | None, sent: Digests, desk: Desk) -> None:
    """By keyed digest, so that nothing of a file is kept for it."""
    key = None if desk.log is None else desk.log.key
    if held is None or not held.data or digest is None or key is None or key.id != sent.key_id:
        return
    same = key.digest(held.data) == digest
    st.caption(desk.say("again.same_file" if same else "again.other_file"))


def _is_complete(row: CallRow, given: Given) -> bool:
    needed: list[object | None] = []
    if row.endpoint != "validate_data":
        needed.append(given.probe)
    if row.endpoint == "match":
        needed.append(given.reference)
    if row.endpoint == "match_idno":
        needed += [given.id_number, given.name]
    if row.mode == "LIP":
        needed.append(given.live_code)
    return all(needed)


def _ask(key: str, row: CallRow, given: Given, desk: Desk) -> None:
    say = desk.say
    ready = _is_complete(row, given)
    shelf.ask_button(key, say, words="again.ask", ready=ready)
    if not ready:
        st.caption(say(f"again.missing.{row.endpoint}"))
    if shelf.asked(key) and ready:
        with st.spinner(say("again.running")):
            _send(key, row, given, desk)


def _send(key: str, row: CallRow, given: Given, desk: Desk) -> None:
    if row.endpoint == "validate_data":
        _ask_code(key, desk)
        return
    if given.probe is None:
        return
    kind = cast("comparison.Kind", row.mode if row.mode in FILMED else "photo")
    asked = Asked(given.reference, given.probe, kind, given.live_code, given.id_number, given.name)
    comparison.keep(desk, key, asked, lambda client: _call(client, asked))


def _call(client: FaceMatchClient, asked: Asked) -> Match:
    video_type = None if asked.kind == "photo" else asked.kind
    probe = asked.probe.medium()
    if asked.id_number is None:
        return client.match(comparison.photo_of(asked), probe, video_type=video_type, live_code=asked.live_code)
    return client.verify_identity(
        asked.id_number or "", asked.name or "", probe, video_type=video_type, live_code=asked.live_code
    )


def _ask_code(key: str, desk: Desk) -> None:
    held = shelf.shelf(key)
    held.begin()
    try:
        held.put(desk.client.live_code())
    except CallError as error:
        held.put(error)
    finally:
        held.running -= 1
    desk.tell_of_log()
