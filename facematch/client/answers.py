"""From an HTTP answer to an envelope, or to the one error that says what went wrong. errcode decides first."""

from facematch import codes
from facematch.client.transport import Reply
from facematch.contract import PROCESSING, SUCCESS, Envelope
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
        )
    if isinstance(error, RateLimited):
        error.retry_after_s = _seconds(reply.headers.get("Retry-After"))
    return error


def _kind(status: int, errcode: int | None) -> type[Refusal]:
    if status in (UNAUTHORIZED, FORBIDDEN) or errcode in (codes.NO_TOKEN, codes.BAD_TOKEN):
        return AuthError
    if status == TOO_MANY or errcode == codes.RATE:
        return RateLimited
    if status >= SERVER_FAULT:
        return ServerError
    return HttpStatusError if errcode is None or (errcode == codes.HANDLED and status >= REDIRECTS) else BusinessError


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isascii() and text.isdigit() else None
