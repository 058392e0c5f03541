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
_ENOUGH = 0.5  # the share of an area that must be in the picture on both
_FEWEST = 8  # points of a plane
_PASSES = 2
_BRIM = np.ones((5, 5), np.uint8)  # near the edge of the picture a pixel is partly of what is beyond it
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


def within_picture(seen: Sequence[FoundFace]) -> list[Mask]:
    """Where each aligned face, (128, 128), was filmed: beyond the picture's edge stands something else each time."""
    return [_within(each) for each in seen]


def _within(found: FoundFace) -> Mask:
    full = np.ones(found.frame.grey.shape, np.uint8)
    cut = np.asarray(cv2.warpAffine(full, similarity(found.points, _MARKS), (SIDE, SIDE)), np.uint8)
    return np.asarray(cv2.erode(cut, _BRIM), np.bool_)


def plane(faces: Sequence[Pixels], rate: float, within: Sequence[Mask] | None = None) -> Plane | None:
    """Compare each face with later ones, *rate* of them a second; None when there are too few.

    Args:
        faces: Aligned, (128, 128) each.
        rate: In a second.
        within: What of each face may be used, (128, 128) each; None: all.
    """
    whole = [_Cut(face, mask) for face, mask in zip(faces, within or [_EVERYWHERE] * len(faces), strict=True)]
    soon, later = _left(whole, (1,)), _left(whole, [max(2, round(each * rate)) for each in _LATER_S])
    if not len(soon) or not len(later):
        return None
    before, after = np.median(soon, axis=0), np.quantile(later, _SELDOM, axis=0)
    rest, mouth, eyes = (float(each) for each in after / (before + np.array([_NOISE, 1, 1])))
    return Plane(rest, mouth, eyes, float(after[0]))


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """An aligned face, and what of it may be used."""

    face: Pixels
    within: Mask


def _left(cuts: Sequence[_Cut], lags: Sequence[int]) -> Floats:
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)  # keeps state: one for each call
    found = [
        _unexplained(cuts[first], cuts[first + lag], flow) for lag in lags for first in range(0, len(cuts) - lag, 2)
    ]
    rows = [each for each in found if each is not None]
    return np.array(rows) if rows else np.zeros((0, 3))


def _unexplained(one: _Cut, other: _Cut, flow: cv2.DISOpticalFlow) -> tuple[float, float, float] | None:
    """Grey levels that differ once *other* is laid on *one* by the plane that fits cheeks, nose and brow best.

    None when no plane fits, or when most of an area is beyond the edge of the picture.
    """
    homography = _best_plane(one, other, flow)
    if homography is None:
        return None
    laid, filmed = _laid(other.face, homography), _laid(other.within.astype(np.uint8), homography)
    both = one.within & (filmed == 1)
    areas = [area & both for area in (_REST, _MOUTH, _BOTH_EYES)]
    if any(seen.sum() < _ENOUGH * area.sum() for seen, area in zip(areas, (_REST, _MOUTH, _BOTH_EYES), strict=True)):
        return None
    rest, mouth, eyes = areas
    left = np.abs(cv2.GaussianBlur(_same_light(laid, one.face, rest) - one.face, (0, 0), 1.0))
    return float(left[rest].mean()), float(np.quantile(left[mouth], 0.9)), float(np.quantile(left[eyes], 0.9))


def _best_plane(one: _Cut, other: _Cut, flow: cv2.DISOpticalFlow) -> Floats | None:
    """The homography from *one* to *other*, found coarsely, then again on what it lays close together.

    One pass misses by parts of a pixel, further the more a photo has moved, and that looked like relief.
    """
    rest = _REST & one.within
    if rest.sum() < _ENOUGH * _REST.sum():
        return None
    edges = np.hypot(cv2.Sobel(one.face, cv2.CV_32F, 1, 0), cv2.Sobel(one.face, cv2.CV_32F, 0, 1))
    used = rest & _GRID & (edges > np.quantile(edges[rest], 0.4))
    homography: Floats | None = np.eye(3)
    for _ in range(_PASSES):
        if homography is None:
            return None
        homography = _fitted(one, other, flow, used, homography)
    return homography


def _fitted(one: _Cut, other: _Cut, flow: cv2.DISOpticalFlow, used: Mask, start: Floats) -> Floats | None:
    """*start* corrected by how the *used* points of *one* move to *other* laid on it."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = cv2.warpPerspective(other.face, start, (SIDE, SIDE), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    moved = flow.calc(one.face, laid, None)  # type: ignore[call-overload]
    source = np.stack([_X[used], _Y[used]], axis=1)
    target = cv2.perspectiveTransform((source + moved[used])[:, None].astype(np.float64), start)[:, 0]
    column, row = np.clip(np.rint(target), 0, SIDE - 1).astype(np.intp).T
    filmed = other.within[row, column]
    if filmed.sum() < _FEWEST:
        return None
    homography, _ = cv2.findHomography(source[filmed], target[filmed].astype(np.float32), cv2.LMEDS)
    return None if homography is None else np.asarray(homography, np.float64)


def _laid(other: Pixels, homography: Floats) -> Pixels:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(other, homography, (SIDE, SIDE), flags=flags), np.uint8)


def _same_light(laid: Pixels, one: Pixels, rest: Mask) -> NDArray[np.float32]:
    """*laid* with brightness and contrast of cheeks, nose and brow as on *one*."""
    here, wanted = laid[rest], one[rest]
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
_EVERYWHERE = np.ones((SIDE, SIDE), np.bool_)
STEADY = _REST | _BOTH_EYES  # of an aligned face: what speaking hardly moves
