"""Where the faces of a whole picture are, whichever way up it is, and the exact points of one."""

from dataclasses import dataclass, replace

import numpy as np

from facematch.engine.api import Pixels
from facematch.engine.choose import COUNTS_FROM
from facematch.engine.detect import Detector, Finds
from facematch.engine.view import Floats, View, shrunk, turned, window
from facematch.seen import Face

COARSE, FINE, FINEST = 320, 640, 1280  # long side in px: finds faces from 56, 28 and 20 px on a picture of 1280
SURELY_UPRIGHT = 0.92  # of 58 upright faces the least confident had 0.914, the best wrong way up 0.899
DOUBTFUL = 0.8
SMALL_FACE = 0.12  # of the long side
REFINED_AT = (160, 224)  # px; two sizes, because their errors average out
WINDOW = 2.0  # side of the refined window, in face sides
REFINED_FROM = 0.5  # confidence; lower than at first, as a face is known to be there


@dataclass(frozen=True, slots=True)
class Located:
    """The faces of a picture, in its own pixels, and how it must be turned."""

    faces: tuple[Face, ...]
    turned: int  # degrees clockwise that set them upright: 0, 90, 180 or 270


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """What one look at the whole picture found."""

    view: View
    finds: Finds
    turned: int

    @property
    def main(self) -> Floats:
        """The find that matters, shape (15,): large and confident; zeros when there is none."""
        if not len(self.finds):
            return np.zeros(self.finds.shape[1])
        weight = self.finds[:, 2] * self.finds[:, 3] * self.finds[:, 14] ** 2
        return np.asarray(self.finds[int(np.argmax(weight))], np.float64)

    @property
    def confidence(self) -> float:
        return float(self.main[14])

    @property
    def clear(self) -> bool:
        """Whether a closer look would add nothing."""
        long_side = max(self.view.pixels.shape[:2])
        return self.confidence >= DOUBTFUL and max(self.main[2:4]) >= SMALL_FACE * long_side


def locate(picture: Pixels, detector: Detector) -> Located:
    """Look at the whole picture at 320 px; closer when the face is doubtful or small, or none is found."""
    search = _search(picture, detector, COARSE)
    if not search.clear:
        closer = _search(picture, detector, FINE)
        search = closer if len(closer.finds) else search
    if not len(search.finds):
        search = _search(picture, detector, FINEST)
    return Located(tuple(_face(find, search.view) for find in search.finds), search.turned)


def _search(picture: Pixels, detector: Detector, long_side: int) -> _Search:
    """The picture as it is; and turned three ways, the most confident winning, unless it is surely upright.

    A face the wrong way up is found as well, with wrong points: it does not fail, it mismatches.
    """
    view = shrunk(picture, long_side)
    upright = _Search(view, detector.detect(view.pixels, COUNTS_FROM), 0)
    if upright.confidence >= SURELY_UPRIGHT:
        return upright
    others = [_turned_search(view, detector, degrees) for degrees in (90, 180, 270)]
    return max([upright, *others], key=lambda search: search.confidence)


def _turned_search(view: View, detector: Detector, degrees: int) -> _Search:
    side = turned(view, degrees)
    return _Search(side, detector.detect(side.pixels, COUNTS_FROM), degrees)


def _face(find: Finds, view: View) -> Face:
    x, y, width, height = find[:4].astype(np.float64)
    corners = view.points_back(np.array([[x, y], [x + width, y + height]]))
    low, high = corners.min(axis=0), corners.max(axis=0)
    points = view.points_back(find[4:14].astype(np.float64).reshape(5, 2))
    box = (float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))
    return Face(box, tuple((float(px), float(py)) for px, py in points), min(1.0, float(find[14])))


def refined(picture: Pixels, face: Face, detector: Detector) -> Face:
    """The same face with better points: found again, close up and level, at two sizes; the points are averaged."""
    side = max(face.box[2:])
    view = View(picture, np.eye(2, 3))
    points, confidence, found = np.array(face.points), face.confidence, []
    for size in REFINED_AT:
        eye_line = points[1] - points[0]
        angle = float(np.arctan2(eye_line[1], eye_line[0]))
        close = window(view, points.mean(axis=0), WINDOW * side, angle, size)
        find = _middle(detector.detect(close.pixels, REFINED_FROM), size)
        if find is not None:
            points = close.points_back(find[4:14].reshape(5, 2))
            confidence = max(confidence, float(find[14]))
            found.append(points)
    if not found:
        return face
    mean = np.mean(found, axis=0)
    return replace(face, points=tuple((float(x), float(y)) for x, y in mean), confidence=min(1.0, confidence))


def followed(picture: Pixels, face: Face, detector: Detector) -> Face | None:
    """The face that was at *face* on an earlier frame, looked for around that place only; None when it is not there."""
    points, side = np.array(face.points), max(face.box[2:])
    eye_line = points[1] - points[0]
    angle, size = float(np.arctan2(eye_line[1], eye_line[0])), REFINED_AT[0]
    close = window(View(picture, np.eye(2, 3)), points.mean(axis=0), WINDOW * side, angle, size)
    find = _middle(detector.detect(close.pixels, REFINED_FROM), size)
    if find is None:
        return None
    middle = close.points_back(find[:2] + find[2:4] / 2)
    extent = find[2:4] * (WINDOW * side / size)
    if abs(eye_line[1]) > abs(eye_line[0]):  # the head lies on its side
        extent = extent[::-1]
    corner = middle - extent / 2
    box = (float(corner[0]), float(corner[1]), float(extent[0]), float(extent[1]))
    exact = close.points_back(find[4:14].reshape(5, 2))
    return Face(box, tuple((float(x), float(y)) for x, y in exact), min(1.0, float(find[14])))


def sweep(picture: Pixels, detector: Detector, turned_by: int, *, small: bool) -> tuple[Face, ...]:
    """Every face of a whole frame, at one size and one way up: a twentieth of what `locate` may cost.

    Args:
        picture: The frame.
        detector: Finds them.
        turned_by: Degrees clockwise that set the video upright.
        small: Whether the faces of this video are too small for the coarse look.
    """
    search = _turned_search(shrunk(picture, FINE if small else COARSE), detector, turned_by)
    return tuple(_face(find, search.view) for find in search.finds)


def _middle(finds: Finds, size: int) -> Floats | None:
    """The find nearest to the middle, shape (15,); a large one is preferred to a speck near the middle."""
    if not len(finds):
        return None
    off = np.hypot(*(finds[:, :2] + finds[:, 2:4] / 2 - size / 2).T)
    return np.asarray(finds[int(np.argmin(off - 0.3 * finds[:, 2]))], np.float64)
