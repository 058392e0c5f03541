"""How often each errcode, and each failure without one, is in the log: over a period, and by environment."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from facematch import codes
from facematch.analytics import queries
from facematch.analytics.queries import ErrorCount, Selection, Totals
from facematch.log import CallLog
from facematch.ui.history.address import PERIODS_MS


@dataclass(frozen=True, slots=True)
class Seen:
    """Calls that ended alike."""

    calls: int
    last_ms: int  # when the last one began; of a row that is deleted, the hour
    by_env: Mapping[str, int]

    def and_(self, other: "Seen | None") -> "Seen":
        """Both together."""
        if other is None:
            return self
        by_env = {**other.by_env}
        for env, calls in self.by_env.items():
            by_env[env] = by_env.get(env, 0) + calls
        return Seen(self.calls + other.calls, max(self.last_ms, other.last_ms), by_env)


@dataclass(frozen=True, slots=True)
class Share:
    """An environment's calls, and how many of them failed."""

    env: str
    failed: int
    calls: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What was seen in a period; all empty when nothing was."""

    errcodes: Mapping[int, Seen] = field(default_factory=dict)
    outcomes: Mapping[str, Seen] = field(default_factory=dict)  # of failures without an errcode
    shares: tuple[Share, ...] = ()

    @property
    def unknown(self) -> tuple[int, ...]:
        """Errcodes that the catalogue does not have, the most frequent first."""
        strange = [number for number in self.errcodes if codes.find(number) is None]
        return tuple(sorted(strange, key=lambda number: (-self.errcodes[number].calls, number)))

    @property
    def failed(self) -> int:
        """Calls that failed, in all environments."""
        return sum(share.failed for share in self.shares)


def counts(log: CallLog, period: str) -> Counts:
    """The calls of *period*, one of ``PERIODS_MS``."""
    length_ms = PERIODS_MS[period]
    since_ms = None if length_ms is None else round(time.time() * 1000) - length_ms
    errcodes, outcomes, shares = dict[int, Seen](), dict[str, Seen](), list[Share]()
    with log.reading() as db:
        for env in queries.choices(db).envs:
            sel = Selection(since_ms=since_ms, envs=(env,))
            whole = queries.totals(db, sel)
            if whole.calls:
                shares.append(Share(env, whole.failed, whole.calls))
            for each in (*_failed(db, sel, whole), *_handled(db, sel, whole)):
                seen = Seen(each.calls, each.last_ms, {env: each.calls})
                if each.errcode is None:
                    outcomes[each.outcome] = seen.and_(outcomes.get(each.outcome))
                else:
                    errcodes[each.errcode] = seen.and_(errcodes.get(each.errcode))
    return Counts(errcodes, outcomes, tuple(shares))


def _failed(db: Connection, sel: Selection, whole: Totals) -> tuple[ErrorCount, ...]:
    return queries.error_counts(db, sel) if whole.failed else ()


def _handled(db: Connection, sel: Selection, whole: Totals) -> tuple[ErrorCount, ...]:
    """Calls that worked and were answered with errcode 0."""
    if not whole.ok:
        return ()
    of = queries.totals(db, replace(sel, outcomes=("ok",), errcodes=(codes.HANDLED,)))
    return () if of.last_ms is None else (ErrorCount("ok", codes.HANDLED, of.calls, of.last_ms),)
