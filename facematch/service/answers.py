"""Answers on the wire: always the envelope, always a traceNo."""

import itertools
import secrets
import time
from collections.abc import Mapping
from typing import Any

import orjson
import pybase64
from starlette.responses import Response

from facematch import codes
from facematch.contract import FAIL, PROCESSING, SUCCESS, Envelope, Verdict
from facematch.errors import RequestRefused
from facematch.local import FACTS_HEADER, Evidence

NOT_FOUND = 404
UNAUTHORIZED = 401
REQUEST_TIMEOUT = 408
TOO_LARGE = 413
TOO_MANY = 429
UNAVAILABLE = 503
# The connection is closed with these: what still comes is the rest of a request that nobody reads.
_LAST = frozenset((UNAUTHORIZED, REQUEST_TIMEOUT, TOO_LARGE, TOO_MANY, UNAVAILABLE))
_SERIAL_DIGITS = 7
_serial = itertools.count(secrets.randbelow(10**_SERIAL_DIGITS))


class Answer(Response):
    """A body that is an envelope; the line in the log tells its errcode and its traceNo."""

    media_type = "application/json"

    def __init__(
        self, body: bytes, errcode: int, trace_no: str, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(body, status, dict(headers or {}))
        self.errcode = errcode
        self.trace_no = trace_no


def new_trace_no() -> str:
    """20 digits: UTC milliseconds, then a serial that starts anywhere; unique below 10**7 calls a millisecond."""
    return f"{time.time_ns() // 1_000_000:013d}{next(_serial) % 10**_SERIAL_DIGITS:07d}"


def success(trace_no: str, result: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
    """errcode 0 with a result."""
    return _answer(trace_no, Envelope(codes.HANDLED, SUCCESS, SUCCESS, trace_no, result), headers=headers)


def processing(trace_no: str) -> Answer:
    """errcode 0 without a result: the call was accepted, and its work goes on."""
    return _answer(trace_no, Envelope(codes.HANDLED, SUCCESS, PROCESSING, trace_no, None))


def refusal(trace_no: str, error: RequestRefused, status: int = 200) -> Answer:
    """An errcode, a text in both languages that begins with the side, no score."""
    code = codes.CATALOGUE[error.errcode]
    side = "" if error.side is None else f"{error.side}: "
    text = f"{side}{code.zh.meaning} | {code.en.meaning} ({error.detail})"
    envelope = Envelope(error.errcode, text, FAIL, trace_no, Verdict(passed=False, score=None).to_wire())
    headers = {"Connection": "close"} if status in _LAST else None
    return _answer(trace_no, envelope, status=status, headers=headers)


def later(trace_no: str, detail: str, status: int, after_s: int) -> Answer:
    """Errcode 16: nothing was done; the same request may be sent again *after_s* seconds from now."""
    answer = refusal(trace_no, RequestRefused(codes.RATE, detail), status)
    answer.headers["Retry-After"] = str(after_s)
    return answer


def not_found(trace_no: str, what: str) -> Answer:
    """What the path names does not exist, or not for this token."""
    return refusal(trace_no, RequestRefused(codes.BAD_VALUE, what), NOT_FOUND)


def decision(evidence: Evidence, refused: RequestRefused | None) -> Answer:
    """The answer of a comparison, or why none was reached."""
    if refused is not None:
        return refusal(evidence.trace_no, refused)
    assert evidence.score is not None  # noqa: S101 - not refused, so compared
    verdict = Verdict(evidence.score >= evidence.threshold, evidence.score)
    return success(evidence.trace_no, verdict.to_wire(), facts(evidence))


def kept(body: bytes, evidence: Evidence | None) -> Answer:
    """An answer that was made before, its bytes untouched; *evidence* while there is some."""
    wire = orjson.loads(body)
    headers = None if evidence is None or evidence.score is None else facts(evidence)
    return Answer(body, wire["errcode"], wire["data"]["traceNo"], headers=headers)


def facts(evidence: Evidence) -> dict[str, str]:
    """The header that tells what the score was made of."""
    names = ("cosine", "threshold", "mapping", "engine")
    return {FACTS_HEADER: orjson.dumps({name: getattr(evidence, name) for name in names}).decode()}


def _answer(
    trace_no: str, envelope: Envelope, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Answer:
    body = orjson.dumps(envelope.to_wire(), default=_base64)
    return Answer(body, envelope.errcode, trace_no, status=status, headers=headers)


def _base64(value: object) -> str:
    if isinstance(value, bytes):
        return pybase64.b64encode_as_string(value)
    raise TypeError(type(value).__name__)
