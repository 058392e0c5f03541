"""What is done with the code of the Live code page: record with it here, or hand it over to another form."""

import streamlit as st

from facematch.client import FaceMatchClient, Match
from facematch.errors import CallError
from facematch.local import Health
from facematch.ui.forms import code_box, comparison, live_codes, shelf
from facematch.ui.forms.comparison import Asked, Comparison
from facematch.ui.forms.live_codes import SessionCode
from facematch.ui.forms.photos import photo_card
from facematch.ui.frame import Desk
from facematch.ui.video import filmed
from facematch.ui.video.film import lip_languages
from facematch.ui.video.videos import video_card

FORM = "live_code"
KEY = "read_aloud"  # of its shelf
OPEN = "live_code.recording"
FORMS = {"video_match": "pages/video_match.py", "id_verification": "pages/id_verification.py"}


def next_steps(desk: Desk, health: Health | CallError | None) -> None:
    """The ways on from a fresh code."""
    say, code = desk.say, live_codes.of_form(desk, FORM)
    usable = code is not None and code.state(live_codes.now_ms()) == "fresh"
    with st.container(horizontal=True, key="code_ways"):
        st.button(
            say("code.record"),
            key="record_here",
            icon=":material/videocam:",
            disabled=not usable or is_open(),
            on_click=_open,
        )
        for form, page in FORMS.items():
            if st.button(say(f"code.to.{form}"), key=f"code_to_{form}", icon=":material/east:", disabled=not usable):
                _hand_over(code, form)
                st.switch_page(page)
    if not usable:
        st.caption(say("code.first" if code is None else "code.gone"))
    if isinstance(health, Health) and health.engine:
        st.caption(lip_languages(health, say))


def is_open() -> bool:
    """Whether the recorder is on the page."""
    return bool(st.session_state.get(OPEN))


def form(desk: Desk, code: str | None) -> None:
    """Reference, recorder and the button that sends both with *code*."""
    say = desk.say
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(say("code.recording"), anchor=False, width="content")
        st.button(say("code.close"), key="close_recorder", icon=":material/close:", type="tertiary", on_click=_close)
    left, right = st.columns(2)
    with left:
        reference = photo_card("reference", desk)
    with right:
        video = video_card(desk, "LIP", code)
    ready = reference is not None and video is not None and code is not None
    shelf.ask_button(KEY, say, words="code.send", ready=ready)
    if not ready:
        st.caption(say("video.missing.LIP"))
    if shelf.asked(KEY) and reference is not None and video is not None and code is not None:
        with st.spinner(say("video.running")):
            _send(desk, Asked(reference, video, "LIP", code))
        st.rerun()
    shelf.await_others(KEY, say)


def latest() -> Comparison | None:
    """What the latest call of this page came to, as long as the form still holds its media."""
    return filmed.latest(KEY)


def _send(desk: Desk, asked: Asked) -> None:
    reference = comparison.photo_of(asked)

    def send(client: FaceMatchClient) -> Match:
        return client.match(reference, asked.probe.medium(), video_type="LIP", live_code=asked.live_code)

    comparison.keep(desk, KEY, asked, send)


def _open() -> None:
    st.session_state[OPEN] = True


def _close() -> None:
    st.session_state[OPEN] = False


def _hand_over(code: SessionCode | None, form: str) -> None:
    """The code leaves this form: a code is used by one form only."""
    if code is None:
        return
    live_codes.hand_over(code, form)
    code_box.type_in(form, code.code)
    code_box.type_in(FORM, "")
    if form == "video_match":
        st.session_state["video.mode"] = "LIP"
