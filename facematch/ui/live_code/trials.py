"""Trials of a server with dead codes: each is one call, made in a thread that outlives a page switch."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import streamlit as st

from facematch import codes, samples
from facematch.client import FaceMatchClient, Match, Photo, Video
from facematch.errors import CallError, Refusal
from facematch.ui.forms import live_codes
from facematch.ui.forms.live_codes import SessionCode
from facematch.ui.forms.photos import held
from facematch.ui.frame import Desk
from facematch.ui.video.videos import held_video

Kind = Literal["expiry", "second_use", "unknown"]
EXPECTED: dict[Kind, int] = {
    "expiry": codes.EXPIRED_LIVE_CODE,
    "second_use": codes.USED_LIVE_CODE,
    "unknown": codes.UNKNOWN_LIVE_CODE,
}
FORM = "expiry_test"
DOCUMENT_S = 300.0  # how long a code lives where the server does not say: the contract's default
MARGIN_MS = 1500  # a server's clock began a little earlier than ours, or runs a little slower
QUICK_S = 6.0  # so long the page waits itself for a call that is made at once
SAMPLE = "obama_1.jpg"
Media = tuple[Photo, Video]


@dataclass(frozen=True, slots=True)
class Ended:
    """What one trial came to."""

    answered: int | None  # errcode; 0: a verdict was given; None: no answer that has one
    match: Match | None
    error: CallError | None
    ended_ms: int

    @property
    def trace_no(self) -> str | None:
        """The server's number of the call, when it gave one."""
        shown = self.match or self.error
        return getattr(shown, "trace_no", None)


@dataclass(slots=True)
class Trial:
    """One that is under way or has ended; changed by its thread."""

    kind: Kind
    environment: str
    code: str = field(repr=False)
    begun_ms: int  # UTC epoch
    due_ms: int  # when the call is made
    is_own_media: bool  # sent are the form's photo and video, not the sample
    stop: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)
    ended: Ended | None = None

    @property
    def state(self) -> Literal["waiting", "sending", "ended", "cancelled"]:
        """How far it is."""
        if self.done.is_set():
            return "cancelled" if self.ended is None else "ended"
        return "waiting" if live_codes.now_ms() < self.due_ms else "sending"

    @property
    def has_passed(self) -> bool:
        """Whether the server refused with the errcode that the contract names."""
        return self.ended is not None and self.ended.answered == EXPECTED[self.kind]


def latest(kind: Kind, environment: str) -> Trial | None:
    """The session's latest of that kind in that environment."""
    found = _kept().get((kind, environment))
    return found if isinstance(found, Trial) else None


def candidate(desk: Desk, kind: Kind) -> SessionCode | None:
    """The newest code of this session that is dead in the way that *kind* needs."""
    state, now = {"expiry": "expired", "second_use": "used"}.get(kind), live_codes.now_ms()
    here = (each for each in live_codes.of_session() if each.environment == desk.environment.name)
    return next((each for each in here if each.state(now) == state), None)


def begin(desk: Desk, kind: Kind) -> Trial | None:
    """Start one, unless one of its kind is under way; None: there is no code for it, which the page says."""
    under_way = latest(kind, desk.environment.name)
    if under_way is not None and not under_way.done.is_set():
        return under_way
    code, due_ms = _code(desk, kind)
    if code is None:
        return None
    media = own_media(desk)
    trial = Trial(kind, desk.environment.name, code, live_codes.now_ms(), due_ms, is_own_media=media is not None)
    _kept()[kind, desk.environment.name] = trial
    send = _sender(desk.client, media or _sample(), code)
    threading.Thread(target=_run, args=(trial, send), name=f"trial-{kind}", daemon=True).start()
    if due_ms <= live_codes.now_ms():
        trial.done.wait(QUICK_S)
        settle(trial)
    return trial


def settle(trial: Trial) -> None:
    """Note what the trial told about its code."""
    if trial.ended is not None:
        live_codes.settle(trial.code, trial.environment, trial.ended.error)


def _code(desk: Desk, kind: Kind) -> tuple[str | None, int]:
    """The digits to send, and when."""
    now = live_codes.now_ms()
    if kind == "unknown":
        return _never_issued(), now
    found = candidate(desk, kind)
    if found is not None or kind == "second_use":
        return (None if found is None else found.code), now
    fresh = live_codes.ask(desk, FORM)
    if fresh is None:
        return None, now
    ends_ms = fresh.ends_ms or fresh.issued_ms + round(DOCUMENT_S * 1000)
    return fresh.code, ends_ms + MARGIN_MS


def _never_issued() -> str:
    """Four times the same digit: live codes have four different ones."""
    taken = {each.code for each in live_codes.of_session()}
    return secrets.choice([each * 4 for each in "0123456789" if each * 4 not in taken] or ["0000"])


def own_media(desk: Desk) -> Media | None:
    """The form's own photo and video for another's server; ours looks the code up before it decodes anything."""
    reference, video = held("reference"), held_video()
    if desk.environment.is_embedded or reference is None or video is None:
        return None
    try:
        photo, clip = reference.medium(), video.medium()
    except CallError:
        return None
    return (photo, clip) if isinstance(photo, Photo) and isinstance(clip, Video) else None


def _sample() -> Media:
    """A shipped portrait, in place of the video too."""
    return Photo(samples.photo(SAMPLE)), Video(samples.photo(SAMPLE))


def _sender(client: FaceMatchClient, media: Media, code: str) -> Callable[[], Match]:
    return lambda: client.match(*media, video_type="LIP", live_code=code)


def _run(trial: Trial, send: Callable[[], Match]) -> None:
    """The thread: wait until the call is due, make it, note what came. It knows nothing of any page."""
    try:
        if not trial.stop.wait(max(0.0, (trial.due_ms - live_codes.now_ms()) / 1000)):
            trial.ended = _called(send)
    finally:
        trial.done.set()


def _called(send: Callable[[], Match]) -> Ended:
    try:
        match = send()
    except CallError as error:
        errcode = error.errcode if isinstance(error, Refusal) else None
        return Ended(errcode, None, error, live_codes.now_ms())
    return Ended(match.errcode, match, None, live_codes.now_ms())


def _kept() -> dict[tuple[Kind, str], Trial]:
    kept = st.session_state.setdefault("live_code.trials", {})
    return kept if isinstance(kept, dict) else {}
