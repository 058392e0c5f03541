"""From an HTTP answer to an envelope, or to the one error that says what went wrong. errcode decides first."""

import math
import re
import time
from dataclasses import replace

from facematch import codes
from facematch.client.clock import http_moment
from facematch.client.transport import Reply
from facematch.contract import PROCESSING, SUCCESS, Envelope
from facematch.drift import HTTP_CONTRADICTS, NOT_JSON_TYPE
from facematch.errors import (
    AuthError,
    BusinessError,
    HttpStatusError,
    InvalidResponse,
    RateLimited,
    RedirectRefused,
    Refusal,
    ServerError,
)

OK, REDIRECTS, BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, TOO_MANY, SERVER_FAULT = 200, 300, 400, 401, 403, 429, 500
_SECONDS = re.compile("[0-9]+")
LONGEST_S = 999_999_999.0  # 31 years: a server may ask for more, no one need count it


def read_answer(reply: Reply) -> Envelope:
    """The envelope of an answer that was handled, or accepted: PROCESSING.

    Raises:
        RedirectRefused: The server sent us elsewhere.
        BusinessError, AuthError, RateLimited, ServerError, HttpStatusError: It refused.
        InvalidResponse: A 2xx answer that breaks the contract.
    """
    if REDIRECTS <= reply.status < BAD_REQUEST:
        raise RedirectRefused(f"HTTP {reply.status}: the server sent us elsewhere")
    is_ok = OK <= reply.status < REDIRECTS
    try:
        envelope = Envelope.from_bytes(reply.content, reply.charset)
    except InvalidResponse:
        if is_ok:
            raise
        raise _refusal(reply, None) from None
    envelope = replace(envelope, drift=(*envelope.drift, *_beside(reply, envelope)))
    if not is_ok or envelope.errcode != codes.HANDLED or (envelope.status or SUCCESS) not in (SUCCESS, PROCESSING):
        raise _refusal(reply, envelope)
    return envelope


def _refusal(reply: Reply, envelope: Envelope | None) -> Refusal:
    kind = _kind(reply.status, None if envelope is None else envelope.errcode)
    if envelope is None:
        error = kind(f"HTTP {reply.status} without a readable answer")
    else:
        error = kind(
            f"HTTP {reply.status}, errcode {envelope.errcode}",
            errcode=envelope.errcode,
            errmsg=envelope.errmsg,
            status=envelope.status,
            trace_no=envelope.trace_no,
            drift=envelope.drift,
        )
    if isinstance(error, HttpStatusError):
        error.retry_after_s = retry_after_s(reply)
    return error


def _beside(reply: Reply, envelope: Envelope) -> tuple[str, ...]:
    """Where what stands beside the body departs from the document."""
    kind = reply.headers.get("Content-Type", "json")
    not_json = () if "json" in kind.lower() else (NOT_JSON_TYPE.of(),)
    says_no = reply.status >= REDIRECTS and envelope.errcode == codes.HANDLED
    return (*not_json, *((HTTP_CONTRADICTS.of(),) if says_no else ()))


def retry_after_s(reply: Reply) -> float | None:
    """In how many seconds the server wants to be asked again; None when it does not say so readably."""
    text = (reply.headers.get("Retry-After") or "").strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), LONGEST_S)
    then = http_moment(text)
    now = http_moment(reply.headers.get("Date")) or time.time()  # by its own clock, which may be wrong
    return None if then is None else max(0.0, float(math.ceil(then - now)))


def _kind(status: int, errcode: int | None) -> type[Refusal]:
    if status in (UNAUTHORIZED, FORBIDDEN) or errcode in (codes.NO_TOKEN, codes.BAD_TOKEN):
        return AuthError
    if status == TOO_MANY or errcode == codes.RATE:
        return RateLimited
    if status >= SERVER_FAULT:
        return ServerError
    return HttpStatusError if errcode is None or (errcode == codes.HANDLED and status >= REDIRECTS) else BusinessError
