"""The video of a form, with its mode: recorded, uploaded, or fetched by the server. They outlive a page switch."""

from typing import cast

import streamlit as st

from facematch.contract import VideoType
from facematch.errors import CallError
from facematch.local import Health
from facematch.ui.formats import plain, size
from facematch.ui.forms import elsewhere, live_codes
from facematch.ui.forms.held import Held, shown_name
from facematch.ui.forms.rates import were_measured
from facematch.ui.frame import Desk
from facematch.ui.video import takes
from facematch.ui.video.film import lip_languages
from facematch.ui.video.takes import Take
from facematch.ui.words import Speaker

PLAYABLE = (".mp4", ".webm", ".mov")  # what browsers play
MODES: tuple[VideoType, VideoType] = ("SILENT", "LIP")
HELD, ROUND = "video.probe", "video.round"


def video_card(desk: Desk, mode: VideoType, code: str | None) -> Held | None:
    """Draw the inputs for the video and what the form holds now.

    Args:
        desk: What the page works with.
        mode: SILENT or LIP.
        code: The digits that will be sent with it.

    Returns:
        What may be sent; None also while a recording waits to be sent with another code than it was read with.
    """
    say = desk.say
    with st.container(border=True, key="video_card"):
        st.subheader(say("video.probe"), anchor=False)
        st.caption(say("video.probe.help"))
        if (recorded := takes.record(desk, mode, code)) is not None:
            _hold(recorded)
            _new_round()
            st.rerun()  # the recorder is told that it arrived, the upload box is emptied
        _upload(say)
        _address(desk)
        video = held_video()
        if video is None:
            return None
        take = takes.take_of(video)
        _shown(video, take, desk)
        return video if take is None or mode == "SILENT" or _fits(desk, take, code) else None


def held_video() -> Held | None:
    """The video that the form holds."""
    video = st.session_state.get(HELD)
    return video if isinstance(video, Held) else None


def clear() -> None:
    """Empty the form's video; the reference photo and the code stay."""
    _hold(None)
    _new_round()


def mode(desk: Desk, health: Health | CallError | None) -> VideoType:
    """Draw the choice of SILENT or LIP, and what it means."""
    say = desk.say

    def remember() -> None:
        st.session_state["video.mode"] = st.session_state["_video_mode"]

    if "_video_mode" not in st.session_state:  # set at every run it would lose a quick click
        st.session_state["_video_mode"] = st.session_state.setdefault("video.mode", MODES[0])
    st.segmented_control(
        say("video.mode"),
        MODES,
        format_func=lambda kind: say(f"video.mode.{kind}"),
        key="_video_mode",
        required=True,
        on_change=remember,
    )
    chosen = cast("VideoType", st.session_state["_video_mode"])
    is_told_below = chosen == "SILENT" and were_measured(desk, health)
    sentences = (say(f"video.mode.{chosen}.help"), *((say("video.mode.told_below"),) if is_told_below else ()))
    st.caption(say("sentence.join").join(sentences))
    if chosen == "LIP" and isinstance(health, Health) and health.engine:
        st.caption(lip_languages(health, say))
    return chosen


def _upload(say: Speaker) -> None:
    key = f"video_upload_{_round()}"
    st.file_uploader(
        say("video.upload.label"), key=key, on_change=_take_file, args=(key,), help=say("video.upload.help")
    )


def _take_file(key: str) -> None:
    """Copy what the widget got: its own value is gone after a page switch."""
    file = st.session_state[key]
    video = held_video()
    if file is not None:
        _hold(Held(file.name, file.getvalue(), "upload", "video"))
    elif video is not None and video.source == "upload":
        _hold(None)


def _address(desk: Desk) -> None:
    """For the server to get the video itself, where the environment allows that."""
    if elsewhere.is_offered(desk):
        with st.expander(desk.say("video.or_address"), icon=":material/link:", key="video_by_address"):
            elsewhere.elsewhere(desk, "video", key=f"video_elsewhere_{_round()}", take=_take_address)


def _take_address(video: Held | None) -> None:
    """An emptied field takes only out what came from it."""
    before = held_video()
    if video is not None or (before is not None and before.origin != "self"):
        _hold(video)


def _shown(video: Held, take: Take | None, desk: Desk) -> None:
    say = desk.say
    if video.origin != "self":
        elsewhere.told(video, desk)
        return
    name = plain(shown_name(video, say, shows_personal=desk.shows_personal))
    if video.data and video.name.lower().endswith(PLAYABLE):
        st.video(video.data)
    else:
        st.caption(say("video.no_preview", name=name))
    told = size(len(video.data))
    if take is None:
        st.caption(say("photo.from.upload", name=name, size=told))
    else:
        st.caption(say("video.held.camera", seconds=take.seconds, size=told))


def _fits(desk: Desk, take: Take, code: str | None) -> bool:
    """Whether the digits read on the recording are those that will be sent, or somebody sends others on purpose."""
    say = desk.say
    if take.code == (code or ""):
        _tell_if_over(desk, take)
        return True
    st.warning(say("video.other_code" if take.code else "video.no_code_read"), icon=":material/pin:")
    number = takes.nonce_of(code or "", takes.known_code(desk, code or ""))
    return st.checkbox(say("video.other_code.send"), key=f"send_anyway_{_round()}_{number}")


def _tell_if_over(desk: Desk, take: Take) -> None:
    """A code can expire or be used up after it was read."""
    known = takes.known_code(desk, take.code)
    state = "fresh" if known is None else known.state(live_codes.now_ms())
    if known is None or state == "fresh":
        return
    st.warning(desk.say(f"video.code_over.{state}"), icon=":material/timer_off:")
    if st.button(desk.say("recorder.renew"), key="renew_code", icon=":material/pin:"):
        takes.renew(desk, known)


def _hold(video: Held | None) -> None:
    st.session_state[HELD] = video


def _new_round() -> None:
    st.session_state[ROUND] = _round() + 1


def _round() -> int:
    """Part of the widgets' keys: a new round is an empty upload box."""
    return int(st.session_state.get(ROUND, 0))
