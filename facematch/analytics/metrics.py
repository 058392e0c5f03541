"""Rates and percentiles from counts and scores. Pure numpy; no I/O.

Words follow ISO/IEC 19795-1: *mated* scores compare one person with themselves, *non-mated* scores two people. A score
at or above the threshold is a match. FMR and FNMR are fractions in [0, 1].
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

BINS_PER_E = 20  # latency bins: bin b holds [exp(b / 20), exp((b + 1) / 20)) milliseconds, 5.1 % wide


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """Errors at one threshold; a rate is None where there is no score to make it of."""

    threshold: float
    fmr: float | None
    fnmr: float | None
    false_matches: int
    non_mated: int
    false_non_matches: int
    mated: int


def wilson(k: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The Wilson interval of a fraction: *k* of *n*, by default at 95 %; all of [0, 1] when n is 0.

    Raises:
        ValueError: Not 0 <= k <= n.
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no fraction")
    if n == 0:
        return 0.0, 1.0
    share, spread = k / n, z * z / n
    centre = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / n + spread / (4 * n)) / (1 + spread)
    # At the ends the bound is the share itself, but not in floating point.
    return min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half))


def bin_edge(index: float) -> float:
    """Where latency bin *index* begins, in milliseconds."""
    return math.exp(index / BINS_PER_E)


def percentile(bins: ArrayLike, counts: ArrayLike, fraction: float) -> float | None:
    """The latency in milliseconds below which *fraction* of the calls lie, None without calls.

    Args:
        bins: Latency bins, shape (n,), ascending.
        counts: Calls in each, shape (n,).
        fraction: In [0, 1]; 0.5 is the median.
    """
    number, until = np.asarray(bins, dtype=np.int64), np.cumsum(np.asarray(counts, dtype=np.int64))
    if until.size == 0 or until[-1] == 0:
        return None
    rank = fraction * float(until[-1])
    at = int(np.searchsorted(until, max(rank, 1e-9)))
    before = float(until[at - 1]) if at else 0.0
    return bin_edge(float(number[at]) + (rank - before) / (float(until[at]) - before))


def error_rates(mated: ArrayLike, non_mated: ArrayLike, threshold: float) -> ErrorRates:
    """FMR and FNMR of scores of shape (m,) and (k,), either of which may be empty.

    Raises:
        ValueError: A score is NaN.
    """
    same, different = _scores(mated), _scores(non_mated)
    missed, matched = int((same < threshold).sum()), int((different >= threshold).sum())
    return ErrorRates(
        threshold=threshold,
        fmr=matched / different.size if different.size else None,
        fnmr=missed / same.size if same.size else None,
        false_matches=matched,
        non_mated=different.size,
        false_non_matches=missed,
        mated=same.size,
    )


def best_accuracy(mated: ArrayLike, non_mated: ArrayLike) -> tuple[float, float]:
    """``(accuracy, threshold)`` of the threshold that judges most comparisons rightly; of several, the lowest.

    Tuned on the very scores it is measured with, so it flatters: not an estimate for other people.

    Raises:
        ValueError: There is no score at all, or one is NaN.
    """
    same, different = np.sort(_scores(mated)), np.sort(_scores(non_mated))
    scores = np.unique(np.concatenate([same, different]))
    if scores.size == 0:
        raise ValueError("no scores")
    thresholds = np.append(scores, np.nextafter(scores[-1], np.inf))  # the last one matches nobody
    right = same.size - np.searchsorted(same, thresholds) + np.searchsorted(different, thresholds)
    best = int(np.argmax(right))
    return float(right[best]) / (same.size + different.size), float(thresholds[best])


def _scores(scores: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(scores, dtype=np.float64).ravel()
    if np.isnan(array).any():
        raise ValueError("a score is NaN")
    return array
