"""The video of a form: uploaded, with its mode, and for LIP the live code. They outlive a page switch."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import streamlit as st

from facematch.client import FaceMatchClient, Match, Photo, Video
from facematch.contract import VideoType
from facematch.errors import CallError
from facematch.local import Health
from facematch.ui import comparison
from facematch.ui.comparison import FILMED, Asked, Comparison
from facematch.ui.failure import explain
from facematch.ui.film import lip_languages
from facematch.ui.formats import plain, size, when
from facematch.ui.frame import Desk
from facematch.ui.photos import Held, held
from facematch.ui.rates import were_measured
from facematch.ui.words import Speaker

PLAYABLE = (".mp4", ".webm", ".mov")  # what browsers play
MODES: tuple[VideoType, VideoType] = ("SILENT", "LIP")


@dataclass(frozen=True, slots=True)
class Issued:
    """A live code of this form."""

    code: str
    issued_ms: int


def video_card(say: Speaker) -> Held | None:
    """Draw the input for the video and what it holds now."""
    with st.container(border=True):
        st.subheader(say("video.probe"), anchor=False)
        st.caption(say("video.probe.help"))
        key = f"video_upload_{_round()}"
        st.file_uploader(
            say("video.upload.label"), key=key, on_change=_take, args=(key,), help=say("video.upload.help")
        )
        video = held_video()
        if video is not None:
            if video.data and video.name.lower().endswith(PLAYABLE):
                st.video(video.data)
            st.caption(say("photo.from.upload", name=plain(video.name), size=size(len(video.data))))
    return video


def held_video() -> Held | None:
    """The video that the form holds."""
    video = st.session_state.get("video.probe")
    return video if isinstance(video, Held) else None


def clear() -> None:
    """Empty the form's video and its code; the reference photo stays."""
    for name in ("video.probe", "video.code", "video.code.typed"):
        st.session_state[name] = None
    st.session_state["video.round"] = _round() + 1


def mode(desk: Desk, health: Health | CallError | None) -> VideoType:
    """Draw the choice of SILENT or LIP, and what it means."""
    say = desk.say

    def remember() -> None:
        st.session_state["video.mode"] = st.session_state["_video_mode"]

    st.session_state["_video_mode"] = st.session_state.setdefault("video.mode", MODES[0])
    st.segmented_control(
        say("video.mode"),
        MODES,
        format_func=lambda kind: say(f"video.mode.{kind}"),
        key="_video_mode",
        required=True,
        on_change=remember,
    )
    chosen = cast("VideoType", st.session_state["video.mode"])
    is_told_below = chosen == "SILENT" and were_measured(desk, health)
    sentences = (say(f"video.mode.{chosen}.help"), *((say("video.mode.told_below"),) if is_told_below else ()))
    st.caption(say("sentence.join").join(sentences))
    if chosen == "LIP" and isinstance(health, Health) and health.engine:
        st.caption(lip_languages(health, say))
    return chosen


def code_box(desk: Desk) -> str | None:
    """Draw the live code of this form and the button that asks for one; the digits that will be sent."""
    say = desk.say

    def remember() -> None:
        st.session_state["video.code.typed"] = st.session_state["_live_code"]

    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button(say("video.code.ask"), key="ask_code", icon=":material/pin:"):
            _ask_code(desk)
        st.session_state["_live_code"] = st.session_state.get("video.code.typed") or ""
        typed = st.text_input(
            say("video.code"), key="_live_code", max_chars=12, width=160, placeholder="0000", on_change=remember
        )
    issued = st.session_state.get("video.code")
    if isinstance(issued, Issued):
        st.markdown(f"# {' '.join(plain(issued.code))}")
        st.caption(say("video.code.issued", time=when(issued.issued_ms)))
    return typed.strip() or None


def compare(desk: Desk, video_type: VideoType, live_code: str | None) -> None:
    """Send the form's photo and video; the outcome is kept for ``latest``."""
    reference, video = held("reference"), held_video()
    if reference is None or video is None:
        return
    asked = Asked(reference, video, video_type, live_code if video_type == "LIP" else None)

    def send(client: FaceMatchClient) -> Match:
        return client.match(
            Photo(reference.data),
            Video(video.data),
            video_type=video_type,
            live_code=asked.live_code,
        )

    comparison.keep(desk, FILMED, asked, send)


def latest() -> Comparison | None:
    """The latest comparison of this session, as long as the form still holds its media."""
    return comparison.kept(FILMED, (held("reference"), held_video()))


def tell_kind(result: Comparison, video_type: VideoType, live_code: str | None, say: Speaker) -> None:
    """Say which check the *result* is of, and whether the form now asks for another one."""
    told = say("result.kind", kind=say(f"video.mode.{result.kind}"))
    if (result.kind, result.asked.live_code) == (video_type, live_code):
        st.caption(told)
    else:
        st.info(say("sentence.join").join((told, say("result.changed"))), icon=":material/history:")


def _ask_code(desk: Desk) -> None:
    try:
        code = desk.client.live_code().code
    except CallError as error:
        told = explain(error, desk.say)
        st.error(f"**{told.title}** {told.cause} {told.remedy}", icon=":material/error:")
        return
    st.session_state["video.code"] = Issued(code, round(datetime.now(UTC).timestamp() * 1000))
    st.session_state["video.code.typed"] = code
    desk.tell_of_log()


def _round() -> int:
    return int(st.session_state.get("video.round", 0))


def _take(key: str) -> None:
    file = st.session_state[key]
    kept = None if file is None else Held(file.name, file.getvalue(), "upload", "video")
    st.session_state["video.probe"] = kept
