"""What the embedded service says beside the contract, under ``/local/``: health and evidence, for both sides.

Pixels are those of the *upright* picture: EXIF applied, reduced to a long side of at most 2400. Times are milliseconds.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self, cast

from facematch.typed import read_typed

HEALTH = "/local/health"
EVIDENCE = "/local/evidence"  # and "/" and the traceNo
FACTS_HEADER = "X-FaceMatch-Facts"  # of a match's answer: JSON with cosine, threshold, mapping and engine

Side = Literal["image", "faceData"]  # the contract's names of the reference and of the probe
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
    unit: str  # "px", "deg", "ratio", "level" or "count"
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


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one verdict was based on."""

    trace_no: str
    errcode: int
    side: Side | None  # which picture failed
    reference: Seen | None
    probe: Seen | None
    cosine: float | None  # in [-1, 1]
    score: int | None  # 0 to 100
    threshold: int  # a score at or above it passes
    mapping: str  # which function made the score of the cosine
    engine: str
    # read: base64 and decode of both photos. reference, probe: the look at that photo, its detect, quality and embed
    # (and under 1 ms for the crop's PNG; the first look also waits for the networks). compare. total.
    times_ms: Mapping[str, float]

    def to_wire(self) -> dict[str, Any]:
        """A dict for the JSON encoder; the crops are still bytes, which it must turn into base64."""
        return asdict(self)

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        """Read what ``to_wire`` wrote, crops as base64 text.

        Raises:
            TypeError, ValueError: The text is not evidence.
        """
        return cast("Self", read_typed(cls, wire))


@dataclass(frozen=True, slots=True)
class Model:
    """One network file and its full SHA-256."""

    name: str
    sha256: str
    task: str  # detection or recognition


@dataclass(frozen=True, slots=True)
class Health:
    """How the embedded service is; without a token only ``status`` and ``version`` are told."""

    status: str  # warming, ready or broken
    version: str
    fault: str | None = None  # the kind of error when broken: WeightsMissing, WeightsWrong, …
    problem: str | None = None  # one English sentence about it
    engine: str | None = None
    mapping: str | None = None
    threshold: int | None = None
    models: tuple[Model, ...] = ()
    limits: Mapping[str, Any] = field(default_factory=dict)
    offers: tuple[str, ...] = ()  # the /local/ paths that exist here: evidence, …
    warm_up_ms: float | None = None

    def to_wire(self) -> dict[str, Any]:
        """A dict that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        """Read what ``to_wire`` wrote.

        Raises:
            TypeError, ValueError: The text is not a health answer.
        """
        return cast("Self", read_typed(cls, wire))
