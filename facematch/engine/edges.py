"""Is the face inside a frame: straight edges left and right of it that meet one below the chin? A photo or a screen is.

A door or a picture behind a person has edges beside the head too, but the person hides the one below.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from facematch.engine.api import Pixels
from facematch.engine.found_faces import FoundFace, evenly
from facematch.engine.view import Floats

_LONG_SIDE = 480  # px at which edges are looked for
_LOOKS = 6  # frames
_SLOPE = np.cos(np.radians(20))  # edges within 20 degrees of the face's upright
_SHORTEST = 0.5  # of a piece of an edge, in eye distances
_SIDES_TRIED = 5  # the longest pieces on each side
_SAMPLES = 64
_STRONG = 10.0  # grey levels a pixel
_SEEN = 0.7  # of an edge inside the picture
_FAINT = 0.3  # cover below which an edge is none


@dataclass(frozen=True, slots=True, eq=False)
class _Sketch:
    """Slopes of a small grey picture, its straight pieces (n, 4), and where the face is."""

    across: Floats
    down: Floats
    pieces: Floats
    centre: Floats
    turn: float  # of the eye line, in radians
    eyes: float  # their distance in px


def framed(seen: Sequence[FoundFace]) -> float | None:
    """The share of the weakest of the three edges that is really there, 0 to 1; the median of a few frames."""
    return float(np.median([_cover(_sketch(each)) for each in evenly(seen, _LOOKS)])) if seen else None


def _sketch(found: FoundFace) -> _Sketch:
    grey = found.frame.grey
    scale = min(1.0, _LONG_SIDE / max(grey.shape))
    small = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    points = found.points * scale
    eye_line = points[1] - points[0]
    soft = cv2.GaussianBlur(small, (0, 0), 0.8)
    return _Sketch(
        across=np.asarray(cv2.Sobel(soft, cv2.CV_32F, 1, 0, scale=0.25), np.float64),
        down=np.asarray(cv2.Sobel(soft, cv2.CV_32F, 0, 1, scale=0.25), np.float64),
        pieces=_straight(small),
        centre=points.mean(axis=0),
        turn=float(np.arctan2(eye_line[1], eye_line[0])),
        eyes=found.eyes_px * scale,
    )


def _straight(grey: Pixels) -> Floats:
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(grey)[0]
    return np.zeros((0, 4)) if found is None else np.asarray(found[:, 0], np.float64)


def _cover(sketch: _Sketch) -> float:
    """The best three edges: left and right of the face, and one below it."""
    left, right, below = _candidates(sketch)
    best = 0.0
    for low in below:
        for one in left:
            corner = _crossing(one, low)
            side = _covered(sketch, _upwards(sketch, one), corner)
            if side <= max(best, _FAINT):
                continue
            for other in right:
                best = max(best, min(side, _closed(sketch, corner, other, low, best)))
    return best


def _closed(sketch: _Sketch, corner: Floats, other: Floats, low: Floats, least: float) -> float:
    """Cover of the edge below and of the other side; the second is only looked at when the first is above *least*."""
    end = _crossing(other, low)
    under = _covered(sketch, corner, end)
    if under <= max(least, _FAINT):
        return 0.0
    return min(under, _covered(sketch, _upwards(sketch, other), end))


def _candidates(sketch: _Sketch) -> tuple[Floats, Floats, Floats]:
    """The longest pieces on the left, on the right and below, each (n, 4)."""
    pieces, unit = sketch.pieces, sketch.eyes
    along = pieces[:, 2:] - pieces[:, :2]
    length = np.hypot(along[:, 0], along[:, 1])
    angle = np.arctan2(along[:, 1], along[:, 0]) - sketch.turn
    long_enough = length > _SHORTEST * unit
    to_face = sketch.centre - pieces[:, :2]
    upright = long_enough & (np.abs(np.sin(angle)) > _SLOPE)
    level = long_enough & (np.abs(np.cos(angle)) > _SLOPE)
    with np.errstate(divide="ignore", invalid="ignore"):
        beside = to_face[:, 1] * along[:, 0] / along[:, 1] - to_face[:, 0]
        under = to_face[:, 0] * along[:, 1] / along[:, 0] - to_face[:, 1]

    def longest(chosen: NDArray[np.bool_], offset: Floats, nearest: float, farthest: float) -> Floats:
        near = np.flatnonzero(chosen & (offset > nearest * unit) & (offset < farthest * unit))
        return _apart(pieces[near], offset[near], length[near], 0.08 * unit)

    return longest(upright, -beside, 0.8, 5), longest(upright, beside, 0.8, 5), longest(level, under, 1, 6)


def _apart(pieces: Floats, offset: Floats, length: Floats, least: float) -> Floats:
    """The longest, no two of them nearer to each other than *least* px."""
    kept: list[int] = []
    for index in np.argsort(-length):
        if len(kept) == _SIDES_TRIED:
            break
        if all(abs(offset[index] - offset[other]) > least for other in kept):
            kept.append(int(index))
    return pieces[kept]


def _upwards(sketch: _Sketch, piece: Floats) -> Floats:
    """The point of the piece's line one and a half eye distances above the face's middle, or at the picture's edge."""
    up = np.array([np.sin(sketch.turn), -np.cos(sketch.turn)])
    high = min(1.5 * sketch.eyes, float(sketch.centre[1]) - 2)
    start, along = piece[:2], piece[2:] - piece[:2]
    return np.asarray(start + along * ((high - (start - sketch.centre) @ up) / (along @ up)), np.float64)


def _crossing(one: Floats, other: Floats) -> Floats:
    """Where the lines of two pieces meet; they are far from parallel."""
    start, along, across = one[:2], one[2:] - one[:2], other[2:] - other[:2]
    share = np.linalg.solve(np.column_stack([along, -across]), other[:2] - start)[0]
    return np.asarray(start + share * along, np.float64)


def _covered(sketch: _Sketch, start: Floats, end: Floats) -> float:
    """The share of the way from *start* to *end* along which brightness changes across it; 0 when it is out of view."""
    height, width = sketch.across.shape
    along = (end - start) / max(1e-6, float(np.linalg.norm(end - start)))
    normal = np.array([-along[1], along[0]])
    way = start + (end - start) * np.linspace(0.04, 0.96, _SAMPLES)[:, None]
    inside = ((way > 1) & (way < (width - 2, height - 2))).all(axis=1)
    if inside.mean() < _SEEN:
        return 0.0
    near = way[inside][:, None] + normal * np.arange(-2, 3)[:, None]
    x = np.clip(np.rint(near[..., 0]).astype(int), 0, width - 1)
    y = np.clip(np.rint(near[..., 1]).astype(int), 0, height - 1)
    across = sketch.across[y, x] * normal[0] + sketch.down[y, x] * normal[1]
    lengthwise = sketch.across[y, x] * along[0] + sketch.down[y, x] * along[1]
    strong = (np.abs(across) > _STRONG) & (np.abs(across) > 1.5 * np.abs(lengthwise))
    return float(strong.any(axis=1).mean())
