"""Do bands of brightness run over the face? A screen is lit in lines or pulses, and a camera reads line by line."""

from collections.abc import Sequence

import numpy as np

from facematch.engine.api import Pixels
from facematch.engine.plane import STEADY, Mask
from facematch.engine.view import Floats

_FEWEST = 16  # pixels of a row of the face
_SMOOTHED = 9  # rows
_DARK = 8.0  # grey levels added, so that noise in the dark counts less
_STILL = 0.003  # change of brightness that is always there


def row_bands(faces: Sequence[Pixels]) -> float | None:
    """How much more brightness changes from row to row than from column to column between neighbouring moments.

    On aligned faces, (128, 128) each, so that a camera that shakes makes no bands. None when there are too few.
    """
    if not faces:
        return None
    brightness = np.log(np.stack(faces).astype(np.float32) + _DARK)
    changes = np.diff(brightness, axis=0).astype(np.float64)
    if not len(changes):
        return None
    rows, columns = _along(changes, STEADY), _along(changes.swapaxes(1, 2), STEADY.T)
    return float(np.median(rows / (columns + _STILL)))


def _along(changes: Floats, mask: Mask) -> Floats:
    """Deviation of the rows' medians within *mask*, smoothed, of each change; shape (n,).

    Medians, because a thing that moves changes few pixels of a row, a band all of them.
    """
    used = np.flatnonzero(mask.sum(axis=1) >= _FEWEST)
    in_order = np.sort(np.where(mask[used], changes[:, used], np.inf), axis=2)
    medians = in_order[:, np.arange(len(used)), mask[used].sum(axis=1) // 2]
    sums = np.cumsum(medians, axis=1)
    return np.asarray((sums[:, _SMOOTHED:] - sums[:, :-_SMOOTHED]).std(axis=1) / _SMOOTHED, np.float64)
