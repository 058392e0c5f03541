"""Whether a call that failed is sent again, and when: by what failed, by what another attempt would cost, by a budget.

A photo or a SILENT video may be compared twice. LIP uses its live code up, and an identity source may count or charge
each query: these are repeated only where the first attempt was surely not handled.
"""

import random
import threading
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from facematch.errors import BusinessError, CallError, ConnectFailed, DeadlineExceeded, HttpStatusError, TransportError

ATTEMPTS = 3
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 8.0  # the most that a first wait takes, and any
RETRY_AFTER_MAX_S = 30.0  # a server that wants more is not waited for
BUDGET, RETRY_COST, THROTTLED_COST, FIRST_TRY_REFUND = 500, 14, 5, 1
TOO_MANY, UNAVAILABLE = 429, 503
_GATEWAY = (502, UNAVAILABLE, 504)

Reason = Literal["connect", "rate", "unavailable", "server", "lost", "timeout", "token"]
Refused = Literal["budget", "deadline", "retry_after", "token"]


class Kind(Enum):
    """What a second attempt would cost."""

    REPEATABLE = "a photo or a SILENT video: work for the server"
    SINGLE = "LIP or an identity: a live code, or a charged query"
    LIVE_CODE = "nothing: a code that nobody reads"
    NEVER = "not asked for"


class Budget:
    """What all calls of a process may spend on retries, so that an outage is not answered with three times the load.

    A retry costs 14, a throttled one 5; a call that worked gives back what its last retry cost, or 1.
    """

    def __init__(self, tokens: int = BUDGET) -> None:
        self._most = self._left = tokens
        self._lock = threading.Lock()

    @property
    def left(self) -> int:
        """What may still be spent."""
        with self._lock:
            return self._left

    def spend(self, cost: int) -> bool:
        """Take *cost*; False, and nothing taken, when there is less."""
        with self._lock:
            if cost > self._left:
                return False
            self._left -= cost
            return True

    def give_back(self, amount: int) -> None:
        """Put *amount* back, up to what there was at first."""
        with self._lock:
            self._left = min(self._most, self._left + amount)


SHARED_BUDGET = Budget()


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows a failed attempt."""

    reason: Reason | None = None  # None: no rule allows another
    wait_s: float = 0.0
    refused: Refused | None = None  # a rule allows it, and this forbids it

    @property
    def again(self) -> bool:
        """Whether there is another attempt."""
        return self.reason is not None and self.refused is None

    def told(self) -> dict[str, object]:
        """What the row of the failed attempt says of it."""
        if self.refused is not None:
            return {"not_retried": self.refused}
        return {} if self.reason is None else {"retried": self.reason, "wait_ms": round(1000 * self.wait_s)}


@dataclass(slots=True)
class Retries:
    """The retries of one call.

    Args:
        kind: What another attempt costs.
        attempts: At most, the first included.
        budget: The process's.
    """

    kind: Kind
    attempts: int
    budget: Budget
    _made: int = 0
    _spent: int = 0  # on the latest retry
    _seen: set[Reason] = field(default_factory=set)

    @property
    def may_halve(self) -> bool:
        """Whether the first attempt leaves half of the time to a second one."""
        return self.kind is Kind.LIVE_CODE and self.attempts > 1 and self._made == 0

    def after(self, error: CallError, left_s: float) -> Decision:
        """What follows *error*, with *left_s* seconds to the call's deadline."""
        self._made += 1
        if isinstance(error, BusinessError):
            self.worked()
        reason = self._reason(error)
        if reason is None or self._made >= self.attempts:
            return Decision()
        wait_s = _wait_s(error, reason, self._made)
        if _asked_s(error) > RETRY_AFTER_MAX_S:
            return Decision(reason, refused="retry_after")
        if wait_s >= left_s:
            return Decision(reason, refused="deadline")
        cost = THROTTLED_COST if reason == "rate" else RETRY_COST
        if not self.budget.spend(cost):
            return Decision(reason, refused="budget")
        self._spent = cost
        self._seen.add(reason)
        return Decision(reason, wait_s)

    def renew(self) -> bool:
        """Count an attempt whose token was refused; whether another may follow with a new one: once."""
        self._made += 1
        may = self.kind is not Kind.NEVER and self._made < self.attempts and "token" not in self._seen
        self._seen.add("token")
        return may

    def worked(self) -> None:
        """The call has its answer."""
        self.budget.give_back(self._spent or FIRST_TRY_REFUND)

    def _reason(self, error: CallError) -> Reason | None:
        if self.kind is Kind.NEVER:
            return None
        if isinstance(error, TransportError):
            return self._broken(error)
        return self._turned_away(error) if isinstance(error, HttpStatusError) else None

    def _broken(self, error: TransportError) -> Reason | None:
        if isinstance(error, DeadlineExceeded):
            once = self.kind is Kind.LIVE_CODE and "timeout" not in self._seen
            return "timeout" if once else None
        if isinstance(error, ConnectFailed) and error.is_lasting:
            return None
        if not error.sent:
            return "connect"
        may = self.kind is Kind.LIVE_CODE or (self.kind is Kind.REPEATABLE and "lost" not in self._seen)
        return "lost" if may else None

    def _turned_away(self, error: HttpStatusError) -> Reason | None:
        if error.http_status == TOO_MANY:
            return "rate"
        if error.http_status == UNAVAILABLE and error.retry_after_s is not None:
            return "unavailable"  # it says itself that it did not begin
        return "server" if error.http_status in _GATEWAY and self.kind is not Kind.SINGLE else None


def _asked_s(error: CallError) -> float:
    after_s = error.retry_after_s if isinstance(error, HttpStatusError) else None
    return after_s or 0.0


def _wait_s(error: CallError, reason: Reason, made: int) -> float:
    """What the server asks for, else full jitter; nothing after a wait that was long enough in itself."""
    if reason == "timeout":
        return 0.0
    if isinstance(error, HttpStatusError) and error.retry_after_s is not None:
        return error.retry_after_s
    return random.uniform(0, min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** (made - 1)))  # noqa: S311 - no secret
