"""Rates and percentiles from counts and scores. Pure numpy; no I/O.

Words follow ISO/IEC 19795-1: *mated* scores compare one person with themselves, *non-mated* scores two people. A score
at or above the threshold is a match. FMR and FNMR are fractions in [0, 1].
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from facematch.log.rollups import BINS_PER_E, LATENCY_FROM_MS


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    count: int
    of: int

    @property
    def rate(self) -> float | None:
        """In [0, 1]; None of nothing."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's, at 95 %."""
        return wilson(self.count, self.of)


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


def difference(a: Share, b: Share) -> tuple[float, float]:
    """Newcombe's interval, made of two Wilson ones, of how much larger *b*'s rate is than *a*'s, at 95 %.

    In [-1, 1]; both samples are taken to be independent, as are the calls in each. All of [-1, 1] when one is empty.
    """
    if a.rate is None or b.rate is None:
        return -1.0, 1.0
    (low_a, high_a), (low_b, high_b), distance = a.interval, b.interval, b.rate - a.rate
    below = math.hypot(b.rate - low_b, high_a - a.rate)
    above = math.hypot(high_b - b.rate, a.rate - low_a)
    return distance - below, distance + above


def bin_edge(index: float) -> float:
    """Where the log's latency bin *index* begins, in milliseconds."""
    return LATENCY_FROM_MS * math.exp(index / BINS_PER_E)


def percentile(bins: ArrayLike, counts: ArrayLike, fraction: float) -> float | None:
    """The percentile of latencies in milliseconds, as ``numpy.percentile`` defines it; None without calls.

    Each call is taken to lie in the geometric middle of its bin. That is within half a bin's width of where it lies,
    and so is what is interpolated between two calls, whatever the latencies are.

    Args:
        bins: The log's latency bins, shape (n,), ascending.
        counts: Calls in each, shape (n,).
        fraction: In [0, 1]; 0.5 is the median.
    """
    number, until = np.asarray(bins, dtype=np.int64), np.cumsum(np.asarray(counts, dtype=np.int64))
    if until.size == 0 or until[-1] == 0:
        return None
    rank = fraction * float(until[-1] - 1)
    below = math.floor(rank)
    low, high = (
        bin_edge(float(number[np.searchsorted(until, place, side="right")]) + 0.5)
        for place in (below, min(below + 1, int(until[-1]) - 1))
    )
    return low + (rank - below) * (high - low)


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
