"""Is it one person from the first frame to the last?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from facematch.engine.api import Embedding
from facematch.engine.view import Floats

OTHER, UNLIKE = 0.55, 0.65  # cosine of one stretch of the clip to the rest: below it another person, or doubtful


@dataclass(frozen=True, slots=True)
class Change:
    """The stretch that is least like the rest."""

    cosine: float  # of the two mean faces, in [-1, 1]; 1 when there is nothing to compare
    start: int  # index of the first face of the stretch, or of the rest when the stretch is the beginning


def least_alike(faces: Sequence[Embedding]) -> Change:
    """Cut every stretch out of the clip once and compare its mean face with that of the rest.

    The cosine to the mean of all would hide a change in the middle: of two halves each is alike to their mean.

    Args:
        faces: Unit vectors in order of time.
    """
    count = len(faces)
    stretches = [(i, j) for i in range(count) for j in range(i + 1, count + 1) if 0 < j - i < count]
    if not stretches:
        return Change(1.0, 0)
    sums = np.concatenate([np.zeros((1, len(faces[0]))), np.cumsum(np.stack(faces), axis=0)])
    cosines = [_cosine(sums[j] - sums[i], sums[-1] - sums[j] + sums[i]) for i, j in stretches]
    worst = int(np.argmin(cosines))
    start, end = stretches[worst]
    return Change(cosines[worst], start or end)


def mean_face(faces: Sequence[Embedding]) -> Embedding:
    """The unit vector in the middle of *faces*, of which there is at least one."""
    total = np.sum(faces, axis=0)
    return np.asarray(total / max(np.linalg.norm(total), np.finfo(np.float32).tiny), np.float32)


def _cosine(one: Floats, other: Floats) -> float:
    return float(one @ other / max(np.linalg.norm(one) * np.linalg.norm(other), np.finfo(np.float32).tiny))
