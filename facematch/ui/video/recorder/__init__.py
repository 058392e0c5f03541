"""A video recorded in the browser: the component, and the bytes that come back from it, checked."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from facematch.contract import VideoType
from facematch.ui.words import Speaker

MAX_BYTES = 15_000_000  # base64 is a third more, and Streamlit drops its socket above 25,000,000 bytes a message
QUIET_DBFS = -52.0  # the engine's own limit for a voice; the browser warns of a softer one before it is sent
COUNTDOWN_S = 3
KEY = "recorder"
Problem = Literal["damaged", "too_big"]
CodeState = Literal["fresh", "used", "expired"]
LABELS = (
    *("name", "lead_SILENT", "lead_LIP", "open", "another", "record", "stop", "use", "use_anyway", "again", "renew"),
    *("flip", "close", "discard", "camera", "microphone", "sound", "heard", "unheard", "oval", "dark", "preview"),
    *("playback", "read", "life", "life_over", "life_used", "asking", "framing", "code_first", "ready", "reading"),
    *("looking", "review", "sending", "received", "renewing", "not_received", "insecure", "unsupported", "busy"),
    *("refused_camera", "refused_microphone", "no_camera", "no_microphone", "lost", "failed", "take_damaged"),
    *("take_too_big", "take_too_short", "take_no_voice", "take_expired", "take_used", "take_other_code"),
)
PLACEHOLDERS = {name: f"{{{name}}}" for name in ("time", "left", "seconds", "least", "size")}  # filled in the browser
_FOLDER = Path(__file__).parent
_mount = st.components.v2.component(
    "facematch_recorder",
    html=(_FOLDER / "recorder.html").read_text("utf-8"),
    css=(_FOLDER / "recorder.css").read_text("utf-8"),
    js=(_FOLDER / "recorder.js").read_text("utf-8"),
)


@dataclass(frozen=True, slots=True)
class Script:
    """What is to be recorded."""

    kind: VideoType
    seconds: float
    least_s: float  # what the service takes at least
    send_bytes: int  # what it takes at most
    code: str = field(default="", repr=False)  # LIP: the digits on the screen; "": there is none yet
    nonce: str = ""  # tells one code from the next
    state: CodeState = "fresh"
    left_ms: int | None = None  # of the code's life; None: nobody knows
    can_renew: bool = False  # whether the browser may offer a new code


@dataclass(frozen=True, slots=True)
class Recording:
    """What came back, once."""

    take: str  # the browser's number of it
    nonce: str  # of the code that was on the screen
    data: bytes = field(repr=False)
    ms: int
    problem: Problem | None

    @property
    def suffix(self) -> str:
        """By its first bytes, whatever the browser calls it."""
        return ".mp4" if self.data[4:8] == b"ftyp" else ".webm"


@dataclass(frozen=True, slots=True)
class Told:
    """What the browser said in this run: a recording, or that a new code is wanted."""

    recording: Recording | None
    wants_code: bool


def recorder(script: Script, answer: tuple[str, Problem | None] | None, say: Speaker) -> Told:
    """Draw the recorder; each thing that it tells is told in one run only.

    Args:
        script: What is to be recorded.
        answer: The number of the latest take and what was wrong with it: the browser keeps it until it hears that.
        say: The operator's language.
    """
    told = _mount(
        key=KEY,
        data=[  # in a list: in a dict Streamlit would look for tables, and load pandas for it
            {
                **{name: getattr(script, name) for name in script.__dataclass_fields__},
                "countdown": COUNTDOWN_S,
                "max_bytes": MAX_BYTES,
                "quiet_db": QUIET_DBFS,
                "answer": None if answer is None else {"take": answer[0], "problem": answer[1]},
                "lang": "zh-CN" if say.language == "zh" else "en",
                "labels": {name: say(f"recorder.{name}", **PLACEHOLDERS) for name in LABELS},
            }
        ],
        on_recording_change=_noted,
        on_wanted_change=_noted,
    )
    raw = told.recording
    return Told(read(raw) if isinstance(raw, Mapping) else None, bool(told.wanted))


def read(raw: Mapping[str, Any]) -> Recording:
    """What the browser sent; what is no whole mp4 or webm of a fit size comes without bytes, with its problem."""
    take, nonce = str(raw.get("take", "")), str(raw.get("nonce", ""))
    ms = raw.get("ms")
    length = ms if isinstance(ms, int) and ms >= 0 else 0
    text = raw.get("b64")
    if isinstance(text, str) and len(text) > MAX_BYTES // 3 * 4 + 4:
        return Recording(take, nonce, b"", length, "too_big")
    data = _bytes(text)
    is_film = data[4:8] == b"ftyp" or data[:4] == b"\x1aE\xdf\xa3"
    if not is_film or len(data) != raw.get("size"):
        return Recording(take, nonce, b"", length, "damaged")
    return Recording(take, nonce, data, length, None)


def _bytes(text: object) -> bytes:
    try:
        return base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except (binascii.Error, ValueError):
        return b""


def _noted() -> None:
    """Streamlit wants a callback for each thing that may be told; the value itself is read where it is drawn."""
