"""Run a logged call again: with media given anew, for they are never stored, against the environment chosen now."""

from dataclasses import dataclass, field
from typing import Literal, cast

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
from facematch.ui.one_call import again_media, pairs
from facematch.ui.one_call.again_media import PHOTO, REFERENCE, VIDEO, of_pages
from facematch.ui.video import videos

OPEN, FROM = "again.open", "again.from"  # the row whose form is open; where its media came from, a word of the texts
FORM = "again"  # of the live codes: this form's own
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
    is_open = st.session_state.get(OPEN) == row.id
    st.button(
        say("again.close" if is_open else "again.open"), key="again_open", icon=":material/replay:",
        shortcut="G", on_click=_toggle, args=(row, sent, desk),
    )  # fmt: skip
    if is_open:
        with st.container(border=True, key="again"):
            _where(row, desk)
            was_here = again_media.is_on_page()
            if row.endpoint != "validate_data":
                kept_media.switch(say)
            with again_media.own_media(was_here=was_here):
                given = _form(row, sent, desk)
            _ask(key, row, given, desk)
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
        pairs.made(row.request_id, outcome.request_id or "")
        _close()
    elif isinstance(outcome, CallError):
        told = explain(outcome, desk.say)
        st.error(f"**{told.title}** {told.cause} {told.remedy}", icon=":material/error:")


def _toggle(row: CallRow, sent: Digests, desk: Desk) -> None:
    if st.session_state.get(OPEN) == row.id:
        _close()
        return
    st.session_state[OPEN] = row.id
    asked = kept_media.of(row.request_id)
    if asked is not None:
        media = {REFERENCE: asked.reference, _place(row): asked.probe}
    else:  # what a page's form still holds of this very call
        before = {REFERENCE: sent.reference, _place(row): sent.probe}
        media = {place: _if_same(of_pages(place), digest, sent, desk) for place, digest in before.items()}
    again_media.fill_in(media)
    st.session_state[FROM] = "kept" if asked is not None else "held" if any(media.values()) else "asks"
    number, name = (asked.id_number, asked.name) if asked is not None else (None, None)
    st.session_state["again_number"], st.session_state["again_name"] = number or "", name or ""


def _close() -> None:
    """What is private leaves the form."""
    st.session_state[OPEN] = None
    again_media.drop()
    for name in ("again_number", "again_name"):
        st.session_state.pop(name, None)


def _place(row: CallRow) -> str:
    return VIDEO if row.mode in FILMED else PHOTO


def _if_same(held: Held | None, digest: bytes | None, sent: Digests, desk: Desk) -> Held | None:
    return held if _is_same(held, digest, sent, desk) else None


def _where(row: CallRow, desk: Desk) -> None:
    say, now = desk.say, plain(environment(desk.environment.name, desk.say))
    if row.env == desk.environment.name:
        st.caption(say("again.where", environment=now))
    else:
        before = plain(environment(row.env, say))
        st.warning(say("again.elsewhere", environment=now, before=before), icon=":material/swap_calls:")
    if st.session_state.get(FROM) == "kept" and kept_media.of(row.request_id) is None:  # forgotten since
        again_media.drop()
        st.session_state[FROM] = "asks"
        st.session_state["again_number"] = st.session_state["again_name"] = ""
    if row.endpoint != "validate_data":
        st.caption(say(f"again.{st.session_state.get(FROM, 'asks')}"))


def _form(row: CallRow, sent: Digests, desk: Desk) -> Given:
    """The inputs that the endpoint needs; what is held is compared with what was sent then."""
    if row.endpoint == "validate_data":
        return Given(None, None, None, None, None)
    number, name = _person(desk) if row.endpoint == "match_idno" else (None, None)
    live_code = code_box(desk, FORM) if row.mode == "LIP" else None
    if row.mode == "LIP":
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
    """Asked for each time: the log has a mask of the number and nothing of the name. Dots on a stage."""
    say = desk.say
    kind: Literal["default", "password"] = "default" if desk.shows_personal else "password"
    with st.container(horizontal=True):
        number, name = (
            st.text_input(
                say(f"again.{key}"), key=f"again_{key}", max_chars=most, autocomplete="off", width=280, type=kind
            )
            for key, most in (("number", 32), ("name", 100))
        )
    return number.strip() or None, name.strip() or None


def _same_file(held: Held | None, digest: bytes | None, sent: Digests, desk: Desk) -> None:
    if (same := _is_same(held, digest, sent, desk)) is not None:
        st.caption(desk.say("again.same_file" if same else "again.other_file"))


def _is_same(held: Held | None, digest: bytes | None, sent: Digests, desk: Desk) -> bool | None:
    """By keyed digest, so that nothing of a file is kept for it; None where that cannot be told."""
    key = None if desk.log is None else desk.log.key
    if held is None or not held.data or digest is None or key is None or key.id != sent.key_id:
        return None
    return key.digest(held.data) == digest


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
