"""What the engine saw in a clip and heard in it: the evidence of a video's verdict. Said once for both sides.

Pixels are those of the *kept* frames: upright, reduced to a long side of at most 960. Times are seconds from the first
frame unless a name says ms.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from facematch.seen import Check, Face, Refused

Outcome = Literal["passed", "inconclusive", "refused"]
CueVerdict = Literal["pass", "inconclusive", "refuse", "not_checked"]


@dataclass(frozen=True, slots=True)
class Shot:
    """One frame of the strip that shows what was looked at."""

    time_s: float
    face: Face | None  # the followed face
    cosine: float | None  # of this face to the clip's mean face, in [-1, 1]
    picture: bytes | None  # JPEG, long side at most 240


@dataclass(frozen=True, slots=True)
class Clip:
    """A video and the face that was followed through it; ``refused`` is None when that face can be used."""

    width: int  # of the kept frames
    height: int
    source_width: int  # as filmed, upright
    source_height: int
    format: str  # "mp4", "webm", "mov", "avi" or "flv"
    codec: str  # of the pictures, as the decoder names it
    duration_s: float  # of the pictures, measured from their times where the file does not say
    rate: float  # frames a second in the file, on average
    frames: int  # in the file
    followed: int  # frames in which the face was looked for
    found: int  # of those, in how many it was found
    sound_s: float | None  # length of the sound track; None: there is none, or nobody asked for it
    notes: tuple[str, ...]  # rotated, no_duration, variable_rate, truncated, reduced
    best_s: float | None  # when the frame that is compared was filmed
    shots: tuple[Shot, ...]  # at most 12, evenly spaced; empty when nothing was decoded
    checks: tuple[Check, ...]  # found, one_person, …
    refused: Refused | None
    times_ms: Mapping[str, float]  # decode, follow, best


@dataclass(frozen=True, slots=True)
class Cue:
    """One sign for or against a living person in front of the camera: a value against its limit."""

    name: str  # frozen, loop, …; the words for it live in the ui
    value: float | None  # None: it could not be measured on this clip
    unit: str  # "ratio", "level", "px" or "count"
    bound: Literal["least", "most"]  # is the limit the least or the most that is allowed?
    limit: float
    verdict: CueVerdict


@dataclass(frozen=True, slots=True)
class Liveness:
    """The passive check. ``passed`` means: no simple photo or loop replay seen. It is no certified attack detection."""

    outcome: Outcome
    errcode: int  # 0 passed; 1002 replay, 1003 no real person, 1005 inconclusive: another take is needed
    decided_by: str | None  # the name of the cue that ended it; None when it passed
    detail: str  # one English clause with the numbers
    cues: tuple[Cue, ...]
    looked_for: tuple[str, ...]  # kinds of attack that the cues look for: still_photo, waved_photo, loop, …
    not_checked: tuple[str, ...]  # kinds that nothing here detects: mask, deepfake, injected_video, …
    model: str | None  # name and digest of the network that was supplied by a path; None: none was
    times_ms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Challenge:
    """The spoken live code. It shows that the lips move while the digits are heard; it is no lip-reading."""

    outcome: Outcome
    errcode: int  # 0 passed; 1101 no sound, 1106 too quiet, 1103 digits, 1109 lips still or not with the voice
    failed: str | None  # no_sound, too_quiet, no_speech, wrong_digits, lips_still or out_of_time
    detail: str  # one English clause with the numbers
    expected: str  # the digits of the live code
    heard: str | None  # the digits that were recognised; None: none
    language: str | None  # "en" or "zh", in which they were recognised
    checks: tuple[Check, ...]
    step_s: float  # between two values of the next two
    voice: tuple[float, ...]  # loudness, 0 to 1
    lips: tuple[float, ...]  # how much the mouth moves, 0 to 1; as many
    speech: tuple[tuple[float, float], ...]  # from, to: where speech was found
    times_ms: Mapping[str, float]
