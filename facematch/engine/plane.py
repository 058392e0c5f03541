"""Is the face a plane? What one homography cannot explain between two moments, against the same at neighbouring frames.

A photo, however it is moved, stays one plane: what is left is noise, as large after half a second as after a twelfth. A
living face turns, speaks and blinks: what is left grows with time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from facematch.engine.align import TEMPLATE, similarity
from facematch.engine.api import Pixels
from facematch.engine.found_faces import FoundFace
from facematch.engine.view import Floats

SIDE = 128  # px of the aligned face
_EYES = SIDE / 4  # distance of the eyes on it
_MARKS = (TEMPLATE - (56, 72)) * (_EYES / 35.24) + (SIDE / 2, 0.56 * SIDE)
_FINER = 2  # times; a large face is cut out this much finer first, so that its pores do not become noise
_LATER_S = (0.25, 0.5)  # between the two moments; and the shortest there is
_NOISE = 0.3  # grey levels that are always there
_SELDOM = 0.8  # the share of moments that may show less

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Plane:
    """How much more is left after a quarter and half a second than after a twelfth; to 1: a plane, or nothing moved."""

    relief: float  # cheeks, nose, brow
    mouth: float
    eyes: float
    left: float  # grey levels left at cheeks, nose and brow after a quarter and half a second


def aligned_faces(seen: Sequence[FoundFace]) -> list[Pixels]:
    """The grey faces, each (128, 128), upright and of one size."""
    return [_aligned(each) for each in seen]


def _aligned(found: FoundFace) -> Pixels:
    finer = _FINER if found.eyes_px > 1.5 * _EYES else 1
    marks = (_MARKS + 0.5) * finer - 0.5
    size = SIDE * finer, SIDE * finer
    cut = cv2.warpAffine(found.frame.grey, similarity(found.points, marks), size, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(cut, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.uint8)


def plane(faces: Sequence[Pixels], rate: float) -> Plane | None:
    """Compare each face with later ones, *rate* of them a second; None when there are too few."""
    soon, later = _left(faces, (1,)), _left(faces, [max(2, round(each * rate)) for each in _LATER_S])
    if not len(soon) or not len(later):
        return None
    before, after = np.median(soon, axis=0), np.quantile(later, _SELDOM, axis=0)
    rest, mouth, eyes = (float(each) for each in after / (before + np.array([_NOISE, 1, 1])))
    return Plane(rest, mouth, eyes, float(after[0]))


def _left(faces: Sequence[Pixels], lags: Sequence[int]) -> Floats:
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)  # keeps state: one for each call
    found = [
        _unexplained(faces[first], faces[first + lag], flow) for lag in lags for first in range(0, len(faces) - lag, 2)
    ]
    rows = [each for each in found if each is not None]
    return np.array(rows) if rows else np.zeros((0, 3))


def _unexplained(one: Pixels, other: Pixels, flow: cv2.DISOpticalFlow) -> tuple[float, float, float] | None:
    """Grey levels that differ once *other* is laid on *one* by the plane that fits cheeks, nose and brow best."""
    moved = flow.calc(one, other, None)  # type: ignore[call-overload]
    edges = np.hypot(cv2.Sobel(one, cv2.CV_32F, 1, 0), cv2.Sobel(one, cv2.CV_32F, 0, 1))
    used = _REST & _GRID & (edges > np.quantile(edges[_REST], 0.4))
    source = np.stack([_X[used], _Y[used]], axis=1)
    homography, _ = cv2.findHomography(source, source + moved[used], cv2.LMEDS)
    if homography is None:
        return None
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = np.asarray(cv2.warpPerspective(other, homography, (SIDE, SIDE), flags=flags), np.uint8)
    left = np.abs(cv2.GaussianBlur(_same_light(laid, one) - one, (0, 0), 1.0))
    return float(left[_REST].mean()), float(np.quantile(left[_MOUTH], 0.9)), float(np.quantile(left[_BOTH_EYES], 0.9))


def _same_light(laid: Pixels, one: Pixels) -> NDArray[np.float32]:
    """*laid* with brightness and contrast of cheeks, nose and brow as on *one*."""
    here, wanted = laid[_REST], one[_REST]
    contrast = float(wanted.std()) / max(float(here.std()), 1.0)
    return np.asarray((laid - here.mean()) * contrast + wanted.mean(), np.float32)


def _ellipse(centre: Sequence[float] | Floats, across: float, down: float) -> Mask:
    return np.asarray(((_X - centre[0]) / across) ** 2 + ((_Y - centre[1]) / down) ** 2 < 1, np.bool_)


def _eyes(across: float, down: float) -> Mask:
    return _ellipse(_MARKS[0], across * _EYES, down * _EYES) | _ellipse(_MARKS[1], across * _EYES, down * _EYES)


_Y, _X = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
_GRID = (_X % 3 == 0) & (_Y % 3 == 0)
_LIPS = _MARKS[3:].mean(axis=0)
_MOUTH = _ellipse((_LIPS[0], _LIPS[1] + 0.1 * _EYES), 0.75 * _EYES, 0.5 * _EYES)
_BOTH_EYES = _eyes(0.42, 0.24)
_REST = _ellipse((SIDE / 2, 0.53 * SIDE), 0.27 * SIDE, 0.36 * SIDE) & ~_MOUTH & ~_eyes(0.55, 0.4)
STEADY = _REST | _BOTH_EYES  # of an aligned face: what speaking hardly moves
