"""One call from beginning to end: its attempts, each with a row of its own, under one deadline."""

import threading
import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TypeVar

from facematch import codes
from facematch.client.call import Call, Sent, Turn
from facematch.client.retry import Budget, Decision, Kind, Retries
from facematch.client.tokens import Tokens, secrets_of
from facematch.client.transport import Transport
from facematch.errors import AuthError, CallError, DeadlineExceeded, RequestInvalid
from facematch.log import CallLog, Draft

Told = TypeVar("Told")
UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True)
class Line:
    """What all calls of a client share."""

    transport: Transport
    tokens: Tokens
    environment: str
    timeout_s: float  # of a call, its waits and all its attempts included
    attempts: int
    budget: Budget
    closed: threading.Event = field(default_factory=threading.Event)  # ends a wait between two attempts


@dataclass(frozen=True, slots=True)
class Entry:
    """What the rows of a call have in common."""

    log: CallLog | None  # None: nothing is written
    endpoint: str
    mode: str = "none"
    mark: Callable[[Draft], None] = lambda _: None  # fills in what else is known before anything is sent


class Errand:
    """One call; ``run`` is called once, and is over at ``deadline``, in ``time.monotonic()`` seconds."""

    def __init__(self, line: Line, sent: Sent, entry: Entry, kind: Kind) -> None:
        self._line, self._sent, self._entry = line, sent, entry
        self._request_id = uuid.uuid4().hex
        self.deadline = time.monotonic() + line.timeout_s
        self._retries = Retries(kind, line.attempts, line.budget)
        self._attempt = 0
        self._used: list[str] = []  # tokens, in order
        self._next = Decision()

    def run(self, read: Callable[[Call], Told]) -> Told:
        """What *read* makes of the first attempt that works; it calls ``send``.

        Raises:
            CallError: That of the last attempt.
        """
        while True:
            self._attempt += 1
            try:
                with self._recording() as draft:
                    return self._tried(read, draft)
            except CallError:
                if not self._next.again or self._line.closed.wait(self._next.wait_s):
                    raise

    def _tried(self, read: Callable[[Call], Told], draft: Draft) -> Told:
        call = Call(self._line.transport, self._sent, draft, Turn(self._request_id, self._attempt, self._until()))
        try:
            self._prepare(call)
            told = read(call)
        except CallError as error:
            call.explain(error, self._entry.endpoint)
            self._next = self._after(error)
            call.note(**self._next.told())
            raise
        self._retries.worked()
        return told

    def _prepare(self, call: Call) -> None:
        key = None if self._entry.log is None else self._entry.log.key
        if key is not None and self._sent.body is not None:
            call.draft.req_digest = key.digest_of(self._sent.body.blocks())  # the same one: the same was asked twice
        self._entry.mark(call.draft)
        token = self._line.tokens.current(self.deadline)
        self._used += [token] if token else []
        call.authorise(token, secrets_of((*self._used, *self._line.tokens.secrets)))

    def _after(self, error: CallError) -> Decision:
        is_token = isinstance(error, AuthError) and (
            error.http_status == UNAUTHORIZED or error.errcode in (codes.NO_TOKEN, codes.BAD_TOKEN)
        )
        if is_token and self._line.tokens.renewable:
            return self._renewed(error)
        return self._retries.after(error, self.deadline - time.monotonic())

    def _renewed(self, error: CallError) -> Decision:
        """Get another token in place of the one that was refused, once; *error* says why there is none."""
        tokens, refused = self._line.tokens, self._used[-1]
        tokens.refused(refused)
        if not self._retries.renew():
            return Decision()
        try:
            found = tokens.current(self.deadline)
        except (RequestInvalid, DeadlineExceeded) as trouble:
            error.args = (f"{error}; {trouble}",)
            return Decision("token", refused="token")
        return Decision("token", refused="token" if found == refused else None)

    def _until(self) -> float:
        if not self._retries.may_halve:
            return self.deadline
        now = time.monotonic()
        return now + (self.deadline - now) / 2

    def _recording(self) -> AbstractContextManager[Draft]:
        entry = self._entry
        if entry.log is None:
            return nullcontext(Draft())
        return entry.log.recording(
            env=self._line.environment,
            endpoint=entry.endpoint,
            mode=entry.mode,
            request_id=self._request_id,
            attempt=self._attempt,
        )
