"""Does a clip repeat itself? A still, a loop and a clip to and fro, told from how alike its frames are."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from facematch.engine.api import Frame, Pixels
from facematch.engine.view import Floats

_SIDE = 32  # px of a reduced frame
_BLOCK = 8  # px of a block whose mean is followed
_SHORTEST_S = 0.35  # of a loop
_NEXT = 0.5  # weight of the difference to the next frame: a loop is as unlike itself as twice that
_LEVEL = 0.03  # grey levels below which a difference is nothing
_EDGE = 15  # frames at both ends of a mirrored clip that are too few to tell
_NEAR = 6  # frames this near are alike in any clip


@dataclass(frozen=True, slots=True)
class Repeats:
    """How a clip repeats itself; the lower, the more."""

    departs: float  # grey levels by which the most changed 1 % of all blocks leave their median, in 1 of 20 frames
    loop: float | None  # difference at the best lag, to that at the lags around it; None: the clip is too short
    mirror: float | None  # the same for the clip played to and fro


def repeats(frames: Sequence[Frame]) -> Repeats:
    """Compare every frame with every other."""
    apart = _differences(np.stack([_reduced(frame) for frame in frames]))
    rate = (len(frames) - 1) / max(0.1, frames[-1].time_s - frames[0].time_s)
    return Repeats(departs([frame.grey for frame in frames]), _loop(apart, int(_SHORTEST_S * rate)), _mirror(apart))


def _reduced(frame: Frame) -> NDArray[np.float32]:
    """The frame as a vector without its mean: a change of exposure is no difference."""
    small = cv2.resize(frame.grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32).ravel()
    return np.asarray(small - small.mean(), np.float32)


def _differences(vectors: NDArray[np.float32]) -> Floats:
    """Mean absolute difference of each to each, shape (n, n), in grey levels."""
    return np.stack([np.abs(vectors - each).mean(axis=1) for each in vectors]).astype(np.float64)


def departs(greys: Sequence[Pixels]) -> float:
    """How far pictures (height, width) leave their median; see ``Repeats.departs``."""
    height, width = greys[0].shape
    size = max(1, width // _BLOCK), max(1, height // _BLOCK)
    blocks = np.stack([cv2.resize(grey, size, interpolation=cv2.INTER_AREA) for grey in greys]).astype(np.float32)
    blocks -= blocks.mean(axis=(1, 2), keepdims=True)
    away = np.quantile(np.abs(blocks - np.median(blocks, axis=0)), 0.99, axis=(1, 2))
    return float(np.quantile(away, 0.95))


def _loop(apart: Floats, shortest: int) -> float | None:
    count = len(apart)
    means = np.array([np.diagonal(apart, lag).mean() for lag in range(count)])
    dips = [
        _dip(means[lag], means[1], np.r_[means[max(3, lag - 8) : lag - 3], means[lag + 4 : min(count - 4, lag + 9)]])
        for lag in range(max(shortest, 7), count - 8)
    ]
    return min(dips, default=None)


def _mirror(apart: Floats) -> float | None:
    count, flipped = len(apart), apart[:, ::-1]
    next_to = float(np.diagonal(apart, 1).mean())
    means = np.full(2 * count - 1, np.nan)
    for total in range(2 * _EDGE - 9, 2 * (count - _EDGE) + 9):
        first = np.arange(max(0, total - count + 1), min(count - 1, total) + 1)
        far = first[np.abs(2 * first - total) > _NEAR]
        if 0 <= total < means.size and far.size:
            means[total] = flipped[far, count - 1 - total + far].mean()
    dips = [
        _dip(means[total], next_to, np.r_[means[total - 9 : total - 4], means[total + 5 : total + 10]])
        for total in range(2 * _EDGE, 2 * (count - _EDGE) - 1)
    ]
    return min(dips, default=None)


def _dip(value: float, next_to: float, around: Floats) -> float:
    """The worse of two ratios: to the lags around it, which a movement that comes back dips below as well,

    and to the next frame, which in a clip where nothing moves is as unlike as any.
    """
    return max(float((value + _LEVEL) / (np.median(around) + _LEVEL)), float(_NEXT * value / (next_to + _LEVEL)))
