"""Counts as shares with their intervals: as text, and as JSON."""

from collections import Counter
from collections.abc import Iterable, Mapping

from facematch.analytics.metrics import wilson
from facematch.evaluation.report import Rate


def share(k: int, n: int) -> Rate | None:
    """*k* of *n* with the Wilson interval at 95 %; None when n is 0."""
    return Rate(k, n, *wilson(k, n)) if n else None


def share_text(rate: Rate | None) -> str:
    """``3 of 20, 15.0 % (5.2 % to 36.0 %)``."""
    if rate is None:
        return "none"
    return f"{rate.k} of {rate.n}, {rate.share:.1%} ({rate.low:.1%} to {rate.high:.1%})".replace("%", " %")


def share_object(rate: Rate | None) -> Mapping[str, float] | None:
    """For JSON: k, n, share, low and high."""
    if rate is None:
        return None
    return {"k": rate.k, "n": rate.n, "share": rate.share, "low": rate.low, "high": rate.high}


def counted(words: Iterable[object]) -> Mapping[str, int]:
    """How often each word occurs, the most frequent first."""
    return {str(word): number for word, number in Counter(words).most_common()}


def counts_text(counts: Mapping[str, int]) -> str:
    """``1108 x 7, 2004 x 1``."""
    return ", ".join(f"{word} x {number}" for word, number in counts.items())
