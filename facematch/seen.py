"""What the engine saw on a photo: faces, checks, and why it was not used. Said once for both sides.

Pixels are those of the *upright* picture: EXIF applied, reduced to a long side of at most 2400. Times are milliseconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

CheckVerdict = Literal["pass", "warn", "refuse"]


@dataclass(frozen=True, slots=True)
class Face:
    """One detected face."""

    box: tuple[float, float, float, float]  # x, y, width, height
    points: tuple[tuple[float, float], ...]  # right eye, left eye, nose, right and left mouth corner: the subject's own
    confidence: float  # the detector's, in [0, 1]; not a quality measure


@dataclass(frozen=True, slots=True)
class Check:
    """One quality check: a value against its limits."""

    name: str  # face_size, sharpness, …; the words for it live in the ui
    value: float
    unit: str  # "px", "deg", "ratio", "level", "count", "s" or "dB"
    bound: Literal["least", "most"]  # is the limit the least or the most that is allowed?
    warn: float | None
    refuse: float | None
    verdict: CheckVerdict


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a picture was not used."""

    errcode: int
    check: str | None  # the name of the check that decided, when one did
    detail: str  # one English clause with the numbers


@dataclass(frozen=True, slots=True)
class Seen:
    """What the engine saw on one picture; ``refused`` is None when the face was used."""

    width: int
    height: int
    source_width: int  # as stored in the file, before EXIF and reduction
    source_height: int
    format: str  # "jpeg", "png", …
    notes: tuple[str, ...]  # of the text: whitespace, data_url; of decoding: exif_turned, alpha, grey, cmyk, reduced, …
    turned: int  # degrees clockwise that set the face upright: 0, 90, 180 or 270
    faces: tuple[Face, ...]
    chosen: int | None  # index into faces
    rule: str  # how it was chosen: none, only, dominant, largest, central
    checks: tuple[Check, ...]
    crop: bytes | None  # PNG of the aligned face, 112 x 112
    refused: Refused | None
    times_ms: Mapping[str, float]  # decode, before the look; detect, quality, embed: the look
