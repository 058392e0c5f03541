"""One call from beginning to end: its attempts, each with a row of its own, under one deadline."""

import threading
import time
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from facematch import codes
from facematch.client.answers import UNAUTHORIZED
from facematch.client.call import Call, Sent, Turn
from facematch.client.results import Accepted, IssuedCode, Match
from facematch.client.retry import Budget, Decision, Kind, Retries
from facematch.client.tokens import Tokens, secrets_of
from facematch.client.transport import Transport
from facematch.errors import AuthError, CallError, DeadlineExceeded, RequestInvalid, ServerError
from facematch.log import CallLog, Draft
from facematch.log.store import LEAST_S

Told = TypeVar("Told")
_MARKS = ("req_digest", "ref_digest", "probe_digest", "subject_hmac", "subject_mask", "run_id", "item_id", "label")


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
        self._started = time.monotonic()
        self.deadline = self._started + line.timeout_s
        self._retries = Retries(kind, line.attempts, line.budget)
        self._attempt = 0
        self._used: list[str] = []  # tokens, in order
        self._marks: dict[str, Any] = {}  # what each row says alike, once it is known
        self._next, self._resume_at = Decision(), self.deadline
        self._handled = False  # perhaps, by an attempt whose own answer never came

    def run(self, read: Callable[[Call], Told]) -> Told:
        """What *read* makes of the first attempt that works; it calls ``send``.

        Raises:
            CallError: That of the last attempt; ``sent`` and ``elapsed_ms`` are the whole call's.
        """
        while True:
            self._attempt += 1
            self._next, self._resume_at = Decision(), self.deadline
            try:
                with self._recording() as draft:
                    told = self._tried(read, draft)
            except CallError as error:
                if not self._goes_on():
                    self._conclude(error)
                    raise
            else:
                return self._timed(told)

    def _goes_on(self) -> bool:
        """Wait for the next attempt; False when there is none."""
        wait_s = max(0.0, self._resume_at - time.monotonic())
        return self._next.again and not self._line.closed.wait(wait_s) and time.monotonic() < self.deadline

    def _conclude(self, error: CallError) -> None:
        error.elapsed_ms = self._elapsed_ms()
        if self._handled and not isinstance(error, ServerError):  # which may have been handled, as everybody knows
            error.sent = True

    def _timed(self, told: Told) -> Told:
        if isinstance(told, Match | Accepted | IssuedCode):
            return replace(told, elapsed_ms=self._elapsed_ms())
        return told

    def _elapsed_ms(self) -> float:
        return 1000 * (time.monotonic() - self._started)

    def _tried(self, read: Callable[[Call], Told], draft: Draft) -> Told:
        call = Call(self._line.transport, self._sent, draft, Turn(self._request_id, self._attempt, self._until()))
        try:
            self._prepare(call)
            told = read(call)
        except CallError as error:
            call.explain(error, self._entry.endpoint)
            self._next = self._after(error)
            self._handled = self._handled or error.sent is True or self._next.reason == "server"
            if self._next.again:
                self._resume_at = time.monotonic() + self._next.wait_s
            call.note(**self._next.told())
            raise
        self._retries.worked()
        return told

    def _prepare(self, call: Call) -> None:
        if not self._marks:
            self._mark(call.draft)
            self._marks = {name: getattr(call.draft, name) for name in _MARKS}
        for name, value in self._marks.items():
            setattr(call.draft, name, value)
        token = self._line.tokens.current(self.deadline)
        self._used += [token] if token else []
        call.authorise(token, secrets_of((*self._used, *self._line.tokens.secrets)))

    def _mark(self, draft: Draft) -> None:
        """For the first row; whole files are read."""
        key = None if self._entry.log is None else self._entry.log.key
        if key is not None and self._sent.body is not None:
            draft.req_digest = key.digest_of(self._sent.body.blocks())  # the same one: the same was asked twice
        self._entry.mark(draft)

    def _after(self, error: CallError) -> Decision:
        is_token = isinstance(error, AuthError) and (
            error.http_status == UNAUTHORIZED or error.errcode in (codes.NO_TOKEN, codes.BAD_TOKEN)
        )
        if is_token and self._line.tokens.renewable:
            return self._renewed(error)
        return self._retries.after(error, self._left_s)

    @property
    def _left_s(self) -> float:
        """For waits; what the log may take for the row is kept back, so that an attempt is told only if it follows."""
        return self.deadline - time.monotonic() - LEAST_S

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
        if found == refused:
            return Decision("token", refused="token")
        return Decision("token", refused=None if self._left_s > 0 else "deadline")

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
            by=lambda: self._resume_at,  # a busy log holds up neither the next attempt nor the end
        )
