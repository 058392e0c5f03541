"""All that charts show of one selection, asked in one go."""

from dataclasses import dataclass

from sqlalchemy import Connection

from facematch.analytics import queries
from facematch.analytics.rows import (
    ErrorCount,
    FailuresOverTime,
    Funnel,
    Latency,
    LivenessCount,
    Scores,
    Selection,
    Totals,
)


@dataclass(frozen=True, slots=True)
class Report:
    """The aggregates of one selection."""

    totals: Totals
    funnel: Funnel
    scores: Scores
    failures: FailuresOverTime
    errors: tuple[ErrorCount, ...]
    latency: Latency
    liveness: tuple[LivenessCount, ...]


def report(db: Connection, selection: Selection, *, utc_offset_min: int) -> Report:
    """Ask for all of it."""
    return Report(
        totals=queries.totals(db, selection),
        funnel=queries.funnel(db, selection),
        scores=queries.scores(db, selection),
        failures=queries.failures_over_time(db, selection, utc_offset_min=utc_offset_min),
        errors=queries.error_counts(db, selection),
        latency=queries.latency(db, selection),
        liveness=queries.liveness(db, selection),
    )
