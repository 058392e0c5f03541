"""What the queries ask for and return: frozen, and of the same shape when nothing was found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from facematch.analytics.metrics import Share


@dataclass(frozen=True, slots=True)
class Selection:
    """Which calls; an empty tuple stands for all. Hashable, so that it can be the key of a cache."""

    since_ms: int | None = None  # UTC, milliseconds since 1970, inclusive
    until_ms: int | None = None  # exclusive
    envs: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    errcodes: tuple[int, ...] = ()
    labels: tuple[int, ...] = ()  # 1 mated, 0 non-mated, -1 unlabelled
    ends: tuple[str, ...] = ()  # where calls ended: the layers and answers of ``ends.ENDS``
    score: tuple[float, float] | None = None  # [low, high); with 100 when that is the high, one score when both are it
    latency_ms: tuple[float, float] | None = None  # [low, high), of those that the chart of latencies counts
    text: str = ""  # part of a traceNo, of a request id or of the server's words, in letters of any case
    ids: tuple[int, ...] | None = None  # of the rows; None: all


@dataclass(frozen=True, slots=True)
class Totals:
    """How many calls, and how they ended."""

    calls: int
    ok: int
    failed: int  # outcome other than ok; a stranger is not a failure
    passed: int
    not_passed: int
    first_ms: int | None  # of rows that are deleted, the hour in which the first call began
    last_ms: int | None


@dataclass(frozen=True, slots=True)
class ScoreHistogram:
    """Scored calls per point: bin b counts scores in [b, b + 1), and bin 100 the score 100."""

    passed: tuple[int, ...]  # 101 counts
    not_passed: tuple[int, ...]  # 101 counts
    thresholds: tuple[float, ...]  # every threshold these calls were judged by, ascending


@dataclass(frozen=True, slots=True)
class Scores:
    """Scored calls per point, by what is known of them."""

    mated: ScoreHistogram
    non_mated: ScoreHistogram
    unlabelled: ScoreHistogram

    @property
    def parts(self) -> tuple[ScoreHistogram, ScoreHistogram, ScoreHistogram]:
        """Mated, non-mated, unlabelled."""
        return self.mated, self.non_mated, self.unlabelled

    @property
    def all(self) -> ScoreHistogram:
        """All of them together."""
        return ScoreHistogram(
            tuple(map(sum, zip(*(part.passed for part in self.parts), strict=True))),
            tuple(map(sum, zip(*(part.not_passed for part in self.parts), strict=True))),
            tuple(sorted({threshold for part in self.parts for threshold in part.thresholds})),
        )


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What the stored scores would have come to at another threshold."""

    threshold: int
    judged: int  # calls with a score and a verdict
    passing: int  # of them, would pass
    to_pass: int  # would pass and did not
    to_fail: int  # passed and would not
    fnmr: Share  # of the mated ones
    fmr: Share  # of the non-mated ones


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One layer: how many calls came to it, and how many of them ended there."""

    layer: str
    reached: int
    ended: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """Where calls ended; each ends once, in a step or in one of the four counts after them."""

    steps: tuple[FunnelStep, ...]  # in the order of the layers
    passed: int
    not_passed: int
    accepted: int  # the server took the call and gave no verdict
    live_codes: int  # handed out: such a call has no verdict to come

    @property
    def calls(self) -> int:
        """All of them."""
        return self.passed + self.not_passed + self.accepted + self.live_codes + sum(step.ended for step in self.steps)


@dataclass(frozen=True, slots=True)
class LivenessCount:
    """What became of the videos of one mode that a reviewer called live, or attacks."""

    mode: str
    attack: bool
    passed: int  # let through as far as a verdict, whatever that was
    refused: int  # by liveness, or by the spoken code
    undecided: int  # ended before or beside them

    @property
    def calls(self) -> int:
        """All of them."""
        return self.passed + self.refused + self.undecided

    @property
    def error(self) -> Share:
        """APCER of attacks, BPCER of living persons; undecided videos enter neither."""
        return Share(self.passed if self.attack else self.refused, self.passed + self.refused)


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
    last_ms: int  # when the last one began; of a row that is deleted, the hour


@dataclass(frozen=True, slots=True)
class LatencyBin:
    """Calls that took at least ``low_ms`` and less than ``high_ms``."""

    low_ms: float
    high_ms: float
    calls: int


@dataclass(frozen=True, slots=True)
class Latency:
    """How long calls took; those refused before anything was sent are not among them."""

    bins: tuple[LatencyBin, ...]  # ascending, 6 % wide, empty ones left out; the first also holds all below 0.1 ms
    calls: int
    p50_ms: float | None  # percentiles within 0.3 %, half the width of the log's own bins
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
    label: int | None  # 1 mated, 0 non-mated
    threshold: float | None
    client_version: str
    actor: str | None
    extra: Mapping[str, object]
    attack: bool | None  # a reviewer's word: an attack, or live


@dataclass(frozen=True, slots=True)
class Review:
    """What somebody said of a call."""

    id: int
    kind: str  # identity or presentation
    word: str  # same, different, live, attack or unknown
    who: str | None
    at_ms: int


@dataclass(frozen=True, slots=True)
class Choices:
    """The values that occur in the log, each in order."""

    envs: tuple[str, ...]
    endpoints: tuple[str, ...]
    outcomes: tuple[str, ...]
    modes: tuple[str, ...]
    errcodes: tuple[int, ...]
