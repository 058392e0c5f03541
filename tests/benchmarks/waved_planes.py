"""A plane in a hand and a camera's noise, for `made_attacks`."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from facematch.engine.api import Pixels

Floats = NDArray[np.float64]


def noisy(pixels: Pixels, rng: np.random.Generator, level: float) -> Pixels:
    """With normal noise of *level* grey levels."""
    noise = rng.standard_normal(pixels.shape, np.float32) * level
    return np.asarray(np.clip(pixels + noise, 0, 255), np.uint8)


def drift(count: int, rng: np.random.Generator, channels: int) -> Floats:
    """Smooth random curves, (count, channels), about -1 to 1."""
    raw = rng.normal(0, 1, (count + 50, channels))
    smooth = np.stack([np.convolve(raw[:, each], np.hanning(27), "same") for each in range(channels)], axis=1)
    return np.asarray(smooth[25 : 25 + count] / np.abs(smooth).max())


def moved(frames: Sequence[Pixels], rng: np.random.Generator, amount: float, finer: int = 1) -> list[Pixels]:
    """A plane in a hand: its corners wander by *amount* of the width, together three times as much.

    The frames are *finer* times as fine as the result, which takes of them what lies at its pixels' places.
    """
    height, width = (side // finer for side in frames[0].shape[:2])
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    apart = drift(len(frames), rng, 8).reshape(-1, 4, 2) * amount * width
    together = drift(len(frames), rng, 2)[:, None] * 3 * amount * width
    margin = (corners - corners.mean(axis=0)) * (1 + 4 * amount) + corners.mean(axis=0)
    views = []
    for frame, offset in zip(frames, apart + together, strict=True):
        plane = cv2.getPerspectiveTransform(corners * finer, (margin + offset).astype(np.float32))
        views.append(cv2.warpPerspective(frame, plane, (width, height), borderMode=cv2.BORDER_REFLECT))
    return views


def remapped(pixels: Pixels, x: Floats, y: Floats) -> Pixels:
    """What lies at *x*, *y* of *pixels*, each of the result's shape."""
    warped = cv2.remap(
        pixels, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
    )
    return np.asarray(warped, np.uint8)
