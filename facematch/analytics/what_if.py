"""What stored scores would have come to at another threshold, exactly: scores are counted by the whole point."""

import numpy as np
from numpy.typing import NDArray

from facematch.analytics.metrics import Share
from facematch.analytics.rows import Scores, WhatIf

POINTS = 101  # a score is in [0, 100]


def what_if(scores: Scores, threshold: int) -> WhatIf:
    """The verdicts at *threshold*, in 0..100; a score at or above it passes.

    Raises:
        ValueError: There is no such threshold.
    """
    if not 0 <= threshold < POINTS:
        raise ValueError(f"{threshold} is no threshold in 0..{POINTS - 1}")
    passed, not_passed = _counts(scores)
    judged = passed + not_passed
    mated, non_mated = judged[0], judged[1]
    return WhatIf(
        threshold=threshold,
        judged=int(judged.sum()),
        passing=int(judged[:, threshold:].sum()),
        to_pass=int(not_passed[:, threshold:].sum()),
        to_fail=int(passed[:, :threshold].sum()),
        fnmr=Share(int(mated[:threshold].sum()), int(mated.sum())),
        fmr=Share(int(non_mated[threshold:].sum()), int(non_mated.sum())),
    )


def what_if_curve(scores: Scores) -> tuple[WhatIf, ...]:
    """``what_if`` at every threshold, 0 to 100."""
    return tuple(what_if(scores, threshold) for threshold in range(POINTS))


def _counts(scores: Scores) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Passed and not passed, each of shape (3, 101): mated, non-mated, unlabelled."""
    return (
        np.array([part.passed for part in scores.parts], dtype=np.int64),
        np.array([part.not_passed for part in scores.parts], dtype=np.int64),
    )
