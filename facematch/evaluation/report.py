"""From the results of a run to its numbers. Pure; no I/O.

A pair whose photo the server refused is a failure to acquire: it has no score. A pair whose call failed (transport, a
bad token, a failing server) says nothing about faces and enters no rate.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from facematch import codes
from facematch.analytics.metrics import best_accuracy, error_rates, wilson
from facematch.evaluation.run import Result

ASSUMED_THRESHOLD = 70.0  # for a server that does not tell its own
NOT_OF_THE_PHOTO = ("request", "authorization", "policy", "system")  # layers whose refusal says nothing about a photo


@dataclass(frozen=True, slots=True)
class Rate:
    """A fraction with its Wilson interval at 95 %."""

    k: int
    n: int  # at least 1
    low: float
    high: float

    @property
    def share(self) -> float:
        """In [0, 1]."""
        return self.k / self.n


@dataclass(frozen=True, slots=True)
class FailedToAcquire:
    """What one errcode cost."""

    errcode: int
    pairs: int
    photos: int | None  # different files; None when the server did not say which photo it refused


@dataclass(frozen=True, slots=True)
class Best:
    """The threshold that judges most of these pairs rightly, and so flatters."""

    scale: str  # "cosine" or "score"
    threshold: float
    accuracy: Rate


@dataclass(frozen=True, slots=True)
class Report:
    """The numbers of a run; a rate is None where there is nothing to make it of."""

    pairs: int  # in the list
    done: int  # came back, whatever came of them
    mated: int  # of those done
    non_mated: int
    compared: int
    not_acquired: tuple[FailedToAcquire, ...]
    failed_calls: tuple[tuple[str, int], ...]  # kind and how many
    threshold: float
    threshold_told: bool  # by the server, else assumed
    accuracy: Rate | None  # of the compared, at the threshold
    best: Best | None
    fmr: Rate | None
    fnmr: Rate | None
    fnmr_generalised: Rate | None  # mated pairs not acquired count as non-matches
    median_ms: float | None  # of the calls that compared
    p95_ms: float | None

    @property
    def interrupted(self) -> bool:
        """Some pairs were never sent."""
        return self.done < self.pairs


def make_report(results: Sequence[Result], pairs: int) -> Report:
    """The numbers of *results*, of a list of *pairs* pairs."""
    compared = [result for result in results if result.score is not None]
    refused = [result for result in results if result.score is None and _not_acquired(result)]
    failed = Counter(_failure(result) for result in results if result.score is None and not _not_acquired(result))
    told = [result.threshold for result in compared if result.threshold is not None]
    threshold = told[-1] if told else ASSUMED_THRESHOLD
    rates = error_rates(_scores(compared, mated=True), _scores(compared, mated=False), threshold)
    missed = rates.false_non_matches + sum(result.pair.mated for result in refused)
    wrong = rates.false_matches + rates.false_non_matches
    median_ms, p95_ms = _call_times(compared)
    return Report(
        pairs=pairs,
        done=len(results),
        mated=sum(result.pair.mated for result in results),
        non_mated=sum(not result.pair.mated for result in results),
        compared=len(compared),
        not_acquired=_by_errcode(refused),
        failed_calls=tuple(sorted(failed.items())),
        threshold=threshold,
        threshold_told=bool(told),
        accuracy=_rate(len(compared) - wrong, len(compared)),
        best=_best(compared),
        fmr=_rate(rates.false_matches, rates.non_mated),
        fnmr=_rate(rates.false_non_matches, rates.mated),
        fnmr_generalised=_rate(missed, rates.mated + sum(result.pair.mated for result in refused)),
        median_ms=median_ms,
        p95_ms=p95_ms,
    )


def _not_acquired(result: Result) -> bool:
    if result.errcode is None:
        return False
    code = codes.find(result.errcode)
    return code is None or code.layer not in NOT_OF_THE_PHOTO


def _failure(result: Result) -> str:
    return result.outcome if result.errcode is None else f"{result.outcome} {result.errcode}"


def _by_errcode(refused: Sequence[Result]) -> tuple[FailedToAcquire, ...]:
    pairs = Counter(result.errcode for result in refused if result.errcode is not None)
    photos = {errcode: {result.blamed for result in refused if result.errcode == errcode} for errcode in pairs}
    return tuple(
        FailedToAcquire(errcode, pairs[errcode], None if None in photos[errcode] else len(photos[errcode]))
        for errcode in sorted(pairs)
    )


def _best(compared: Sequence[Result]) -> Best | None:
    if not compared:
        return None
    scale = "score" if any(result.cosine is None for result in compared) else "cosine"
    accuracy, threshold = best_accuracy(_scores(compared, scale, mated=True), _scores(compared, scale, mated=False))
    right = _rate(round(accuracy * len(compared)), len(compared))
    return None if right is None else Best(scale, threshold, right)


def _scores(compared: Sequence[Result], scale: str = "score", *, mated: bool) -> list[float]:
    return [getattr(result, scale) for result in compared if result.pair.mated is mated]


def _rate(k: int, n: int) -> Rate | None:
    return Rate(k, n, *wilson(k, n)) if n else None


def _call_times(compared: Sequence[Result]) -> tuple[float | None, float | None]:
    times = [result.elapsed_ms for result in compared if result.elapsed_ms is not None]
    if not times:
        return None, None
    median, p95 = np.percentile(times, (50, 95))
    return float(median), float(p95)
