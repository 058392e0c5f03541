"""Who may call, and how much they may send."""

import hashlib
import hmac

import anyio
import orjson
from starlette.requests import Request

from facematch import codes
from facematch.errors import RequestRefused

BODY_TIMEOUT_S = 30.0  # as long as our client waits for a whole call


class Gate:
    """Knows the one token of this service, as a digest.

    Args:
        token: The raw token; white space around it does not count.
    """

    def __init__(self, token: str) -> None:
        self._digest = _digest(token.strip())

    def owner(self, request: Request) -> str:
        """The digest of the caller's token, for what is kept per token.

        Raises:
            RequestRefused: 40101 no token, 40102 a bad one.
        """
        given = request.headers.get("Authorization", "").strip()
        if not given:
            raise RequestRefused(codes.NO_TOKEN, "header Authorization")
        if not hmac.compare_digest(_digest(given), self._digest):
            raise RequestRefused(codes.BAD_TOKEN, "header Authorization")
        return self._digest


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class BodyTooLarge(RequestRefused):
    """More bytes than the service takes; refused before the body is read whole."""

    def __init__(self, limit: int) -> None:
        super().__init__(codes.BAD_SIZE, f"the request's body has more than {limit:,} bytes")


class BodyTooSlow(RequestRefused):
    """The body did not arrive in time; its sender would hold the connection for ever."""

    def __init__(self) -> None:
        super().__init__(codes.NOT_JSON, "the request's body did not arrive in time")


async def read_json(request: Request, max_bytes: int) -> dict[str, object]:
    """The body as a JSON object; an empty body is an empty object.

    Raises:
        BodyTooLarge: By the declared length, or counted while it arrives.
        BodyTooSlow: Not whole after `BODY_TIMEOUT_S`.
        RequestRefused: 3, not JSON or not an object.
    """
    declared = request.headers.get("Content-Length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > max_bytes:
        raise BodyTooLarge(max_bytes)
    try:
        with anyio.fail_after(BODY_TIMEOUT_S):
            body = await _body(request, max_bytes)
    except TimeoutError as error:
        raise BodyTooSlow from error
    return _object(body)


async def _body(request: Request, max_bytes: int) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > max_bytes:
            raise BodyTooLarge(max_bytes)
    return bytes(body)


def _object(body: bytes) -> dict[str, object]:
    try:
        wire = orjson.loads(body) if body.strip() else {}
    except orjson.JSONDecodeError as error:
        raise RequestRefused(codes.NOT_JSON, "the request's body is not JSON") from error
    if not isinstance(wire, dict):
        raise RequestRefused(codes.NOT_JSON, "the request's body is not a JSON object")
    return wire
