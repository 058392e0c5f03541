"""What the Overview asks of the log beside the charts' questions: what is new in a period, and the first steps."""

import json
import math
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, exists, func, select

from facematch.analytics.call_rows import newest
from facematch.analytics.cells import counts, within
from facematch.analytics.metrics import Share, percentile
from facematch.analytics.rows import CallRow, Selection
from facematch.log.rollups import CALL, LATENCY, NONE
from facematch.log.schema import calls, r_call, reviews

Z = 1.96  # 95 %
SLOW = 0.95
LEAST_TIMES = 100  # calls below which nothing is said of the slowest 5 %
LOOKED_AT = 1000  # newest calls of a period that are searched for departures: no index has them
JUDGED = ("match", "match_idno")


@dataclass(frozen=True, slots=True)
class Moved:
    """A fraction in two periods, and by how much it moved: Newcombe's 95 % interval, of the two Wilson intervals."""

    now: Share
    before: Share

    @property
    def points(self) -> tuple[float, float, float] | None:
        """Difference, lower and upper bound, as fractions; None when one of the periods is empty."""
        if self.now.rate is None or self.before.rate is None:
            return None
        p, q, (l1, u1), (l2, u2) = self.now.rate, self.before.rate, self.now.interval, self.before.interval
        below = math.hypot(p - l1, u2 - q)
        above = math.hypot(u1 - p, q - l2)
        return p - q, p - q - below, p - q + above

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.points is not None and not self.points[1] <= 0 <= self.points[2]


@dataclass(frozen=True, slots=True)
class SlowTime:
    """The time within which 95 of 100 calls ended, with a 95 % interval of its rank; None below 100 calls."""

    calls: int
    ms: float | None
    low_ms: float | None
    high_ms: float | None

    def is_apart_from(self, other: "SlowTime") -> bool:
        """Whether the intervals do not touch."""
        if self.low_ms is None or self.high_ms is None or other.low_ms is None or other.high_ms is None:
            return False
        return self.low_ms > other.high_ms or self.high_ms < other.low_ms


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What somebody has already done here, as the log knows it."""

    compared: CallRow | None  # the newest call that came to a verdict
    failed: CallRow | None  # the newest that failed
    is_reviewed: bool  # somebody said of a call whether its verdict was right
    calls: int  # ever

    @property
    def are_done(self) -> bool:
        """All three."""
        return self.compared is not None and self.failed is not None and self.is_reviewed


def slow_time(db: Connection, sel: Selection) -> SlowTime:
    """Of the calls that were sent."""
    c = counts(LATENCY, sel, "day", "bin", without="request_invalid").c
    rows = db.execute(select(c.bin, func.sum(c.n)).group_by(c.bin).order_by(c.bin)).all()
    bins, ns = [number for number, _ in rows], [int(n) for _, n in rows]
    number = sum(ns)
    if number < LEAST_TIMES:
        return SlowTime(number, None, None, None)
    half = Z * math.sqrt(SLOW * (1 - SLOW) / number)
    low, middle, high = (percentile(bins, ns, min(1.0, SLOW + step)) for step in (-half, 0.0, half))
    return SlowTime(number, middle, low, high)


def environments(db: Connection, sel: Selection) -> frozenset[str]:
    """Those that were called."""
    c = counts(CALL, sel, "hour", "env").c
    return frozenset(db.execute(select(c.env).distinct()).scalars())


def drift(db: Connection, sel: Selection) -> Counter[str]:
    """How many of the newest calls departed from the contract in each way; 1,000 are looked at."""
    c = calls.c
    latest = select(c.extra).where(*within(sel)).order_by(c.ts_ms.desc(), c.id.desc()).limit(LOOKED_AT).subquery()
    told = db.execute(select(latest.c.extra).where(latest.c.extra.contains('"drift"'))).scalars()
    found = (json.loads(extra).get("drift") for extra in told)
    return Counter(str(clause) for clauses in found if isinstance(clauses, list) for clause in clauses)


def first_steps(db: Connection) -> FirstSteps:
    """Whatever the period."""
    judged = Selection(outcomes=("ok",), endpoints=JUDGED, ends=("passed", "not_passed"))  # some are only accepted
    compared = newest(db, judged, limit=1) if _is_any_judged(db) else ()
    failures = tuple(str(word) for word in db.execute(select(r_call.c.outcome).distinct()).scalars() if word != "ok")
    failed = newest(db, Selection(outcomes=failures, endpoints=JUDGED), limit=1) if failures else ()
    return FirstSteps(
        compared[0] if compared else None,
        failed[0] if failed else None,
        bool(db.scalar(select(exists().select_from(reviews)))),
        int(db.scalar(select(func.coalesce(func.sum(r_call.c.n), 0))) or 0),
    )


def _is_any_judged(db: Connection) -> bool:
    return bool(db.scalar(select(exists().where(r_call.c.success != NONE))))
