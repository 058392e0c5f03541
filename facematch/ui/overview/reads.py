"""What the Overview reads of the log, all with one connection."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from facematch.analytics import overview, queries
from facematch.analytics.metrics import Share
from facematch.analytics.overview import FirstSteps, Moved, SlowTime
from facematch.analytics.queries import CallRow, ErrorCount, Funnel, Scores, Selection, Totals
from facematch.log import CallLog
from facematch.log.rollups import NO_ERRCODE

NEWEST = 8
KINDS = 6  # kinds of failure that are listed
Kind = tuple[str, int | None]  # outcome and errcode


@dataclass(frozen=True, slots=True)
class Side:
    """One period."""

    totals: Totals
    errors: tuple[ErrorCount, ...]
    slow: SlowTime
    envs: frozenset[str]
    drift: Counter[str]

    @property
    def kinds(self) -> Mapping[Kind, int]:
        """Failures by kind."""
        return {(each.outcome, each.errcode): each.calls for each in self.errors}


@dataclass(frozen=True, slots=True)
class Reads:
    """Everything that the Overview draws."""

    now: Side
    before: Side
    funnel: Funnel
    scores: Scores
    median_ms: float | None
    latest: Mapping[Kind, CallRow]  # the newest call of the most frequent kinds of failure
    newest: tuple[CallRow, ...]  # of any period
    steps: FirstSteps

    @property
    def failed(self) -> Moved:
        """Failed calls of all."""
        return Moved(*(Share(side.totals.failed, side.totals.calls) for side in (self.now, self.before)))

    @property
    def passed(self) -> Moved:
        """'Same person' of all verdicts."""
        both = (side.totals for side in (self.now, self.before))
        return Moved(*(Share(each.passed, each.passed + each.not_passed) for each in both))


def read(log: CallLog, now: Selection, before: Selection) -> Reads:
    """Ask everything."""
    with log.reading() as db:
        side = _side(db, now)
        return Reads(
            now=side,
            before=_side(db, before),
            funnel=queries.funnel(db, now),
            scores=queries.scores(db, now),
            median_ms=queries.latency(db, now).p50_ms,
            latest=_latest(db, now, side.errors[:KINDS]),
            newest=queries.newest(db, Selection(), limit=NEWEST),
            steps=overview.first_steps(db),
        )


def _side(db: Connection, sel: Selection) -> Side:
    return Side(
        totals=queries.totals(db, sel),
        errors=queries.error_counts(db, sel),
        slow=overview.slow_time(db, sel),
        envs=overview.environments(db, sel),
        drift=overview.drift(db, sel),
    )


def _latest(db: Connection, sel: Selection, kinds: tuple[ErrorCount, ...]) -> dict[Kind, CallRow]:
    """One call of each kind, if its row is still there."""
    found: dict[Kind, CallRow] = {}
    for kind in kinds:
        codes = (NO_ERRCODE if kind.errcode is None else kind.errcode,)
        alike = replace(sel, outcomes=(kind.outcome,), errcodes=codes)
        rows = queries.newest(db, alike, limit=1)
        if rows:
            found[kind.outcome, kind.errcode] = rows[0]
    return found
