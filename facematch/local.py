"""What the embedded service says beside the contract, under ``/local/``: said once for both sides. Times are UTC."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self, cast

from facematch.footage import Challenge, Clip, Liveness
from facematch.seen import Seen
from facematch.typed import read_typed

HEALTH = "/local/health"
EVIDENCE = "/local/evidence"  # and "/" and the traceNo
RESULTS = "/local/results"  # likewise
TOKENS = "/local/tokens"  # and "/" and an id
PERSONS = "/local/persons"  # likewise
FILES = "/local/files"  # and "/" and a path
CHOSEN_CODES = "/local/live-codes"
OPENAPI = "/local/openapi.json"
FACTS_HEADER = "X-FaceMatch-Facts"  # of a match's answer: JSON with cosine, threshold, mapping and engine

Side = Literal["image", "faceData"]  # the contract's names of the reference and of the probe


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one verdict was based on."""

    trace_no: str
    errcode: int
    side: Side | None  # which picture failed
    reference: Seen | None
    probe: Seen | None  # of a video its best frame
    cosine: float | None  # in [-1, 1]
    score: int | None  # 0 to 100
    threshold: int  # a score at or above it passes
    mapping: str  # which function made the score of the cosine
    engine: str
    # read: base64 and decode of both photos. reference, probe: the look at that photo, its detect, quality and embed
    # (and under 1 ms for the crop's PNG; the first look also waits for the networks). compare. total.
    # Of a video also: probe covers following the face, liveness and challenge their checks.
    times_ms: Mapping[str, float]
    clip: Clip | None = None  # the video, when the probe is one
    liveness: Liveness | None = None
    challenge: Challenge | None = None  # LIP only

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
    task: str  # detection, recognition, speech or liveness


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
    offers: tuple[str, ...] = ()  # the /local/ paths that exist here: evidence, results, tokens, …
    lip_languages: tuple[str, ...] = ()  # in which spoken digits are recognised here; empty: LIP is not available
    lip_problem: str | None = None  # why not, or why not all that were asked for: one English sentence
    switches: Mapping[str, bool] = field(default_factory=dict)  # chosen_codes, uri, fds, liveness_model
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


@dataclass(frozen=True, slots=True)
class TokenInfo:
    """A token without its text."""

    id: str
    note: str  # whose it is, as the issuer wrote it
    issued_at: str  # ISO 8601, to the second
    revoked_at: str | None


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token; its text is told once and kept nowhere."""

    id: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """An enrolled person, masked."""

    id: str
    id_number: str  # first and last character, the rest masked
    name: str  # the first character, the rest masked
    enrolled_at: str
    portrait: Literal["usable", "unusable", "none"]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the folder that stands in for the file server."""

    path: str  # as origin ``fds`` names it
    bytes: int
    modified_at: str
