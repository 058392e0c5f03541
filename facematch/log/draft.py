"""What is known of a call while it is under way, and what of that is kept."""

import json
from dataclasses import dataclass, field

from facematch.errors import CallError, Refusal
from facematch.log.keys import Key
from facematch.log.privacy import scrub, scrub_value, storable

_DIGEST_BYTES = 16
_INT32 = 2**31  # a longer errcode may be an ID number, as may a score that is none
TOP_SCORE = 100
_AS_GIVEN = (
    "req_bytes", "resp_bytes", "connect_ms", "latency_ms", "ts_ms", "http_status", "outcome",
    "threshold", "label",
)  # fmt: skip
_DIGESTS = ("req_digest", "ref_digest", "probe_digest", "subject_hmac")


@dataclass(slots=True)
class Draft:
    """What the caller may fill in during the call; the last four fields are the log's and hold after the block."""

    req_digest: bytes | None = None  # each digest: ``Key.digest`` of the bytes
    ref_digest: bytes | None = None
    probe_digest: bytes | None = None
    subject_hmac: bytes | None = None
    subject_mask: str | None = None
    req_bytes: int | None = None
    resp_bytes: int | None = None
    connect_ms: float | None = None
    http_status: int | None = None
    errcode: int | None = None
    errmsg: str | None = field(default=None, repr=False)  # scrubbed when it is written
    status: str | None = None
    trace_no: str | None = None
    success: bool | None = None
    score: float | None = None
    threshold: float | None = None
    label: int | None = None
    run_id: str | None = None
    item_id: str | None = None
    actor: str | None = None
    extra: dict[str, object] = field(default_factory=dict, repr=False)  # JSON; every text in it is scrubbed
    hide: tuple[str, ...] = field(default=(), repr=False)  # never written: the name and number sent, cut from the texts
    id: int | None = None  # the row; None until, and unless, it was written
    ts_ms: int = 0
    latency_ms: float = 0.0
    outcome: str = "ok"

    def accept(self) -> None:
        """The server took the call and has no verdict yet: the outcome stays ok, and ``success`` unknown."""
        self.extra = {**self.extra, "accepted": True}

    def fail(self, error: BaseException) -> None:
        """Take over what *error* knows; anything but a ``CallError`` means that nobody waited for the answer."""
        if not isinstance(error, CallError):
            self.outcome = CallError.outcome
            return
        self.outcome = error.outcome
        self.errmsg = str(error)
        if error.http_status is not None:
            self.http_status = error.http_status
        if isinstance(error, Refusal):
            self._refuse(error)

    def _refuse(self, error: Refusal) -> None:
        self.errmsg = error.errmsg or self.errmsg
        self.errcode = error.errcode if error.errcode is not None else self.errcode
        self.status = error.status or self.status
        self.trace_no = error.trace_no or self.trace_no

    def row(self, key: Key | None) -> dict[str, object]:
        """The columns to store: without a key no digest, and no text that was not scrubbed."""
        row: dict[str, object] = {name: getattr(self, name) for name in _AS_GIVEN}
        row |= {name: self._digest(name, key) for name in _DIGESTS}
        row |= {name: self._scrubbed(name) for name in ("errmsg", "status", "subject_mask", "actor")}
        row |= {name: self._named(name, key) for name in ("run_id", "item_id")}
        row["trace_no"] = None if self.trace_no is None else storable(self.trace_no, 200)
        row["errcode"] = self.errcode if self.errcode is None or abs(self.errcode) < _INT32 else None
        row["score"] = self.score if self.score is None or 0 <= self.score <= TOP_SCORE else None
        row["success"] = None if self.success is None else int(self.success)
        row["key_id"] = key.id if key else None
        row["extra"] = json.dumps(scrub_value(self.extra, self.hide), ensure_ascii=False) if self.extra else None
        return row

    def _scrubbed(self, name: str) -> str | None:
        text = getattr(self, name)
        return None if text is None else scrub(text, self.hide)

    def _named(self, name: str, key: Key | None) -> str | None:
        """A text that tells items apart; where it may not be kept, such as an ID number, its digest does that."""
        text: str | None = getattr(self, name)
        if text is None or scrub(text, self.hide) == text:
            return text
        return None if key is None else key.digest(text.encode("utf-8", "surrogatepass")).hex()

    def _digest(self, name: str, key: Key | None) -> bytes | None:
        value = getattr(self, name)
        return value if key and value is not None and len(value) == _DIGEST_BYTES else None
