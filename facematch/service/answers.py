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
from facematch.contract import FAIL, SUCCESS, Envelope, Verdict
from facematch.errors import RequestRefused

REQUEST_TIMEOUT = 408  # the connection is closed with it: what still comes is the rest of a request given up
_SERIAL_DIGITS = 7
_serial = itertools.count(secrets.randbelow(10**_SERIAL_DIGITS))


def new_trace_no() -> str:
    """20 digits: UTC milliseconds, then a serial that starts anywhere; unique below 10**7 calls a millisecond."""
    return f"{time.time_ns() // 1_000_000:013d}{next(_serial) % 10**_SERIAL_DIGITS:07d}"


def success(trace_no: str, result: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """errcode 0 with a result."""
    return _json(Envelope(codes.HANDLED, SUCCESS, SUCCESS, trace_no, result), 200, headers)


def refusal(trace_no: str, error: RequestRefused, status: int = 200) -> Response:
    """An errcode, a text in both languages that begins with the side, no score."""
    code = codes.CATALOGUE[error.errcode]
    side = "" if error.side is None else f"{error.side}: "
    text = f"{side}{code.zh.meaning} | {code.en.meaning} ({error.detail})"
    envelope = Envelope(error.errcode, text, FAIL, trace_no, Verdict(passed=False, score=None).to_wire())
    return _json(envelope, status, {"Connection": "close"} if status == REQUEST_TIMEOUT else None)


def _json(envelope: Envelope, status: int, headers: Mapping[str, str] | None = None) -> Response:
    body = orjson.dumps(envelope.to_wire(), default=_base64)
    return Response(body, status, dict(headers or {}), media_type="application/json")


def _base64(value: object) -> str:
    if isinstance(value, bytes):
        return pybase64.b64encode_as_string(value)
    raise TypeError(type(value).__name__)
