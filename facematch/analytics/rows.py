"""What the queries ask for and return: frozen, and of the same shape when nothing was found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Selection:
    """Which calls; an empty tuple stands for all. Hashable, so that it can be the key of a cache."""

    since_ms: int | None = None  # UTC, milliseconds since 1970, inclusive
    until_ms: int | None = None  # exclusive
    envs: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """How many calls, and how they ended."""

    calls: int
    ok: int
    failed: int  # outcome other than ok; a stranger is not a failure
    passed: int
    not_passed: int
    first_ms: int | None
    last_ms: int | None


@dataclass(frozen=True, slots=True)
class ScoreHistogram:
    """Scored calls per point: bin b counts scores in [b, b + 1), and bin 100 the score 100."""

    passed: tuple[int, ...]  # 101 counts
    not_passed: tuple[int, ...]  # 101 counts
    thresholds: tuple[float, ...]  # every threshold these calls were judged by, ascending


@dataclass(frozen=True, slots=True)
class Bucket:
    """The calls that began in one hour or day."""

    start_ms: int  # UTC
    calls: int
    failed: int


@dataclass(frozen=True, slots=True)
class FailuresOverTime:
    """Buckets in order of time; one without calls is left out."""

    width: Literal["hour", "day"]
    utc_offset_min: int  # of the clock whose hours and days these are, constant over the span
    buckets: tuple[Bucket, ...]


@dataclass(frozen=True, slots=True)
class ErrorCount:
    """Failed calls of one kind."""

    outcome: str
    errcode: int | None
    calls: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class LatencyBin:
    """Calls that took at least ``low_ms`` and less than ``high_ms``."""

    low_ms: float
    high_ms: float
    calls: int


@dataclass(frozen=True, slots=True)
class Latency:
    """How long calls took; those refused before anything was sent are not among them."""

    bins: tuple[LatencyBin, ...]  # ascending, empty ones left out; the first also holds all below 1 ms
    calls: int
    p50_ms: float | None  # percentiles within 5 %, the width of a bin
    p95_ms: float | None
    p99_ms: float | None


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call as logged, without its digests."""

    id: int
    ts_ms: int
    env: str
    endpoint: str
    mode: str
    run_id: str | None
    item_id: str | None
    attempt: int
    request_id: str
    req_bytes: int | None
    resp_bytes: int | None
    subject_mask: str | None
    key_id: str | None
    latency_ms: float | None
    connect_ms: float | None
    http_status: int | None
    outcome: str
    errcode: int | None
    errmsg: str | None
    status: str | None
    trace_no: str | None
    success: bool | None
    score: float | None
    label: int | None
    threshold: float | None
    client_version: str
    actor: str | None
    extra: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Choices:
    """The values that occur in the log, each in alphabetical order."""

    envs: tuple[str, ...]
    endpoints: tuple[str, ...]
    outcomes: tuple[str, ...]
