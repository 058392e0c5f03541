"""Whether a server can be used: reached, certificate, health, token. Leaves no row, and asks no one to do anything."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from facematch.client.answers import OK, REDIRECTS, UNAUTHORIZED, read_answer
from facematch.client.route import TlsSeen
from facematch.client.tokens import Tokens
from facematch.client.told import read_told
from facematch.client.transport import Reply, Transport
from facematch.errors import CallError
from facematch.local import HEALTH, Health

SERVER_FAULT, FORBIDDEN = 500, 403
LONGEST_S = 10.0  # somebody waits for it; a health that takes longer is no good one
TokenState = Literal["accepted", "refused", "none", "unknown", "failed"]
_Ask = Callable[[str | None], Reply]
_Told = tuple[TokenState, Health | None, CallError | None]


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found, as far as it came: what comes after ``error`` was not tried."""

    elapsed_ms: float
    error: CallError | None = None  # no whole answer came, or nothing could be sent
    connect_ms: float | None = None
    tls: TlsSeen | None = None  # None: http
    http_status: int | None = None  # of the health, asked without a token
    health: Health | None = None  # with the token where it is accepted; None: not our service
    token: TokenState = "unknown"  # noqa: S105 - a state; unknown: only a call of the contract would tell
    token_error: CallError | None = None  # why the token could not be had

    @property
    def is_elsewhere(self) -> bool:
        """Whether the server only sent us to another address."""
        return self.http_status is not None and REDIRECTS <= self.http_status < 400  # noqa: PLR2004

    @property
    def is_failing(self) -> bool:
        """Whether the server answered that it fails."""
        return self.http_status is not None and self.http_status >= SERVER_FAULT


def inspect(base_url: str, transport: Transport, tokens: Tokens, *, timeout_s: float) -> Inspection:
    """Ask for the health, first without a token, then with it where that tells something.

    Args:
        base_url: A checked address.
        transport: A fresh one, so that the connection is made anew; closed at the end.
        tokens: As the client has them.
        timeout_s: For everything; at most ``LONGEST_S``.
    """
    started = time.monotonic()
    deadline = started + min(timeout_s, LONGEST_S)

    def ask(token: str | None) -> Reply:
        request_id = uuid.uuid4().hex
        return transport.send("GET", base_url + HEALTH, request_id=request_id, token=token, deadline=deadline)

    def took_ms() -> float:
        return 1000 * (time.monotonic() - started)

    try:
        reply = ask(None)
        open_health = _health(reply)
        state, health, trouble = _token(ask, tokens, deadline, open_health)
    except CallError as error:
        return Inspection(took_ms(), error)
    finally:
        transport.close()
    return Inspection(took_ms(), None, reply.connect_ms, reply.tls, reply.status, health or open_health, state, trouble)


def _token(ask: _Ask, tokens: Tokens, deadline: float, open_health: Health | None) -> _Told:
    """Our service tells its engine to whoever has the token, and to nobody else."""
    try:
        token = tokens.current(deadline)
    except CallError as error:
        return "failed", None, error
    if token is None:
        return "none", None, None
    if open_health is None:
        return "unknown", None, None  # a token is not shown to somebody who may be no face service at all
    try:
        reply = ask(token)
    except CallError as error:
        return "failed", None, error
    health = _health(reply)
    is_refused = reply.status in (UNAUTHORIZED, FORBIDDEN) or (health is not None and not health.engine)
    return ("refused" if is_refused else "accepted" if health else "unknown"), health, None


def _health(reply: Reply) -> Health | None:
    if reply.status != OK:
        return None
    try:
        return read_told(Health, read_answer(reply).result, "health")
    except CallError:
        return None
