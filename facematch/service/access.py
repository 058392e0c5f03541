"""Who may call, and how much they may send."""

import hashlib
import hmac
import math
import secrets
from collections.abc import Iterator

import anyio
import orjson
from starlette.requests import Request

from facematch import codes
from facematch.errors import RequestRefused
from facematch.service import long_texts
from facematch.service.big_bodies import Claim
from facematch.service.state.tokens import Tokens

BODY_TIMEOUT_S = 30.0  # as long as our client waits for a whole call
LENGTH_DIGITS = 18  # of a declared length; int() refuses thousands of digits with an error of its own


class Gate:
    """Knows this start's own token, as a digest, and asks the state for the issued ones.

    Args:
        token: The raw token; white space around it does not count. None: only issued tokens count.
        tokens: The issued ones.
    """

    def __init__(self, token: str | None, tokens: Tokens) -> None:
        self._digest = _digest(token.strip() if token else secrets.token_hex())
        self._tokens = tokens

    async def owner(self, request: Request) -> str:
        """The digest of the caller's token, for what is kept per token.

        Raises:
            RequestRefused: 40101 no token, 40102 a bad or a revoked one.
        """
        given = request.headers.get("Authorization", "").strip()
        if not given:
            raise RequestRefused(codes.NO_TOKEN, "header Authorization")
        if hmac.compare_digest(_digest(given), self._digest):
            return self._digest
        owner = await anyio.to_thread.run_sync(self._tokens.owner, given)
        if not owner:
            raise RequestRefused(codes.BAD_TOKEN, "header Authorization")
        return owner


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


def refuse_declared(request: Request, max_bytes: int) -> None:
    """By the declared length, before a byte of the body is read.

    Raises:
        BodyTooLarge: It says more than *max_bytes*.
    """
    if _declared(request) > max_bytes:
        raise BodyTooLarge(max_bytes)


def _declared(request: Request) -> int:
    """The body's length as it was told; 0 when it was not."""
    declared = request.headers.get("Content-Length", "")
    if not (declared.isascii() and declared.isdigit()):
        return 0
    return int(declared) if len(declared) <= LENGTH_DIGITS else 10**LENGTH_DIGITS


async def read_json(request: Request, max_bytes: int, claim: Claim) -> dict[str, object]:
    """The body as a JSON object; an empty body is an empty object.

    Args:
        request: Whose body.
        max_bytes: At most these.
        claim: To a turn, which is taken before more than a part of a big body is read.

    Raises:
        BodyTooLarge: By the declared length, or counted while it arrives.
        BodyTooSlow: Not whole after `BODY_TIMEOUT_S`, the wait for a turn not counted.
        Crowded, Stopping: There was no turn.
        RequestRefused: 3, not JSON or not an object.
    """
    refuse_declared(request, max_bytes)
    if claim.lacks(_declared(request)):
        await claim.take()
    try:
        with anyio.fail_after(BODY_TIMEOUT_S) as time:
            body = await _body(request, max_bytes, claim, time)
    except TimeoutError as error:
        raise BodyTooSlow from error
    return _object(body)


async def _body(request: Request, max_bytes: int, claim: Claim, time: anyio.CancelScope) -> bytearray:
    # A big one at its full length at once: what grows is moved, and glibc keeps the place that it left.
    body, size = bytearray(_declared(request) if claim.is_taken else 0), 0
    async for part in request.stream():
        body[size : size + len(part)] = part
        size += len(part)
        if size > max_bytes:
            raise BodyTooLarge(max_bytes)
        if claim.lacks(size):
            left, time.deadline = time.deadline - anyio.current_time(), math.inf
            await claim.take()
            time.deadline = anyio.current_time() + left
    del body[size:]
    return body


def _object(body: bytearray) -> dict[str, object]:
    try:
        wire = long_texts.loads(body) if body and not body.isspace() else {}
    except orjson.JSONDecodeError:  # it has the whole body in it
        raise RequestRefused(codes.NOT_JSON, "the request's body is not JSON") from None
    if not isinstance(wire, dict):
        raise RequestRefused(codes.NOT_JSON, "the request's body is not a JSON object")
    return wire


class Upload:
    """A raw body while it arrives, for a thread that stores it part by part.

    Args:
        request: Whose body.
        max_bytes: At most these.
    """

    def __init__(self, request: Request, max_bytes: int) -> None:
        self._parts = request.stream()
        self._max_bytes = max_bytes
        self._ends_at = anyio.current_time() + BODY_TIMEOUT_S

    def chunks(self) -> Iterator[bytes]:
        """The parts, asked for from a worker thread.

        Raises:
            BodyTooLarge: Counted while it arrives.
            BodyTooSlow: Not whole after `BODY_TIMEOUT_S`.
        """
        size = 0
        while (part := anyio.from_thread.run(self._next)) is not None:
            size += len(part)
            if size > self._max_bytes:
                raise BodyTooLarge(self._max_bytes)
            yield part

    async def _next(self) -> bytes | None:
        try:
            with anyio.fail_after(max(self._ends_at - anyio.current_time(), 0)):
                return await anext(self._parts, None)
        except TimeoutError as error:
            raise BodyTooSlow from error
