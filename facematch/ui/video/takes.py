"""What is to be recorded for a form, and what was recorded with which live code."""

from dataclasses import dataclass, field
from typing import cast

import streamlit as st

from facematch.contract import VideoType
from facematch.limits import Limits
from facematch.local import Health
from facematch.ui import status
from facematch.ui.forms import code_box, live_codes
from facematch.ui.forms.live_codes import SessionCode
from facematch.ui.forms.photos import Held
from facematch.ui.frame import Desk
from facematch.ui.video import recorder
from facematch.ui.video.recorder import Recording, Script

SECONDS = {"SILENT": 4.0, "LIP": 6.0}  # what the checks need, with some room
EACH_DIGIT_S, AROUND_S = 1.1, 1.6
TAKE, ANSWER, SHOWN = "video.take", "video.take.answer", "video.codes.shown"


@dataclass(frozen=True, slots=True)
class Take:
    """A recording that was used, and the code that was on the screen; "" without one."""

    held: Held = field(repr=False)
    code: str = field(repr=False)
    seconds: float


def record(desk: Desk, mode: VideoType, code: str | None) -> Held | None:
    """Draw the recorder; the video in the one run in which it arrives."""
    digits = code or "" if mode == "LIP" else ""
    known = known_code(desk, digits)
    script = _script(desk, mode, digits, known)
    told = recorder.recorder(script, st.session_state.get(ANSWER), desk.say)
    if told.wants_code and known is not None:
        renew(desk, known)
    return None if told.recording is None else _kept(told.recording)


def renew(desk: Desk, known: SessionCode) -> None:
    """Ask for another code for the same form, and draw the page with it."""
    if (fresh := live_codes.ask(desk, known.form)) is not None:
        code_box.type_in(known.form, fresh.code)
        st.rerun()


def known_code(desk: Desk, digits: str) -> SessionCode | None:
    """The newest code of these digits that this session got here; None for digits that somebody chose."""
    here = desk.environment.name
    return next((each for each in live_codes.of_session() if (each.code, each.environment) == (digits, here)), None)


def nonce_of(digits: str, known: SessionCode | None) -> str:
    """One for each code that was on the screen: what names it where the code itself must not be."""
    shown = cast("list[tuple[str, int]]", st.session_state.setdefault(SHOWN, []))
    code = (digits, 0 if known is None else known.issued_ms)
    if code not in shown:
        shown.append(code)
    return str(shown.index(code))


def take_of(video: Held | None) -> Take | None:
    """The recording that *video* is; None when it came from elsewhere."""
    take = st.session_state.get(TAKE)
    return take if isinstance(take, Take) and take.held is video else None


def _script(desk: Desk, mode: VideoType, digits: str, known: SessionCode | None) -> Script:
    least, most, largest = _limits(desk, mode)
    seconds = max(SECONDS[mode], EACH_DIGIT_S * len(digits) + AROUND_S)
    now, ends = live_codes.now_ms(), None if known is None else known.ends_ms
    return Script(
        kind=mode,
        seconds=min(max(seconds, least + 0.5), most - 0.5),
        least_s=least,
        send_bytes=largest,
        code=digits,
        nonce=nonce_of(digits, known),
        state="fresh" if known is None else known.state(now),
        left_ms=None if ends is None else max(0, ends - now),
        can_renew=known is not None,
    )


def _limits(desk: Desk, mode: VideoType) -> tuple[float, float, int]:
    """The shortest and the longest video in seconds and the largest in bytes, as the server tells; else our own."""
    health, ours = status.ask_health(desk.client), Limits()
    told = health.limits if isinstance(health, Health) else {}

    def limit(name: str) -> float:
        value = told.get(name)
        return float(value) if isinstance(value, int | float) and value > 0 else float(getattr(ours, name))

    kind = mode.lower()
    return limit(f"{kind}_min_s"), limit(f"{kind}_max_s"), int(limit("video_max_base64_bytes")) * 3 // 4


def _kept(recording: Recording) -> Held | None:
    st.session_state[ANSWER] = (recording.take, recording.problem)
    if recording.problem is not None:
        st.rerun()  # so that the browser hears of it
    shown = dict(enumerate(digits for digits, _ in st.session_state.get(SHOWN, [])))
    code = shown.get(int(recording.nonce), "") if recording.nonce.isdecimal() else ""
    held = Held(f"recording{recording.suffix}", recording.data, "recorder", "video")
    st.session_state[TAKE] = Take(held, code, recording.ms / 1000)
    return held
