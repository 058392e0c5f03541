"""Views of a picture: shrunk, turned or cut out, each with the affine map that leads back.

A point is (x, y) with pixel centres at whole numbers; an affine map is a (2, 3) array for column vectors.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from facematch.engine.api import Pixels

Floats = NDArray[np.float64]

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """Pixels taken from a picture."""

    pixels: Pixels  # (height, width, 3)
    to_picture: Floats  # (2, 3)

    def points_back(self, points: Floats) -> Floats:
        """Points of the view, shape (..., 2), in the picture's pixels."""
        return points @ self.to_picture[:, :2].T + self.to_picture[:, 2]


def shrunk(picture: Pixels, long_side: int) -> View:
    """The whole picture with its long side at *long_side* pixels; a smaller picture is enlarged."""
    height, width = picture.shape[:2]
    scale = long_side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    pixels = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    x, y = width / size[0], height / size[1]
    return View(np.asarray(pixels, np.uint8), np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2]]))


def turned(view: View, degrees: int) -> View:
    """The view turned clockwise by 0, 90, 180 or 270 degrees."""
    if degrees == 0:
        return view
    height, width = view.pixels.shape[:2]
    back = {
        90: [[0, 1, 0], [-1, 0, height - 1]],
        180: [[-1, 0, width - 1], [0, -1, height - 1]],
        270: [[0, -1, width - 1], [1, 0, 0]],
    }[degrees]
    pixels = cv2.rotate(view.pixels, _TURNS[degrees])
    return View(np.asarray(pixels, np.uint8), view.to_picture @ np.vstack([np.array(back, float), [0, 0, 1]]))


def window(view: View, centre: Floats, side: float, angle: float, size: int) -> View:
    """A square of *side* pixels around *centre*, turned so that *angle* (radians) becomes level.

    Args:
        view: Where to cut from.
        centre: (x, y) in the view's pixels.
        side: In the view's pixels.
        angle: Of the line that shall be level, clockwise as y points down.
        size: Of the result, which is size x size x 3; beyond the edges the edge's pixels go on.
    """
    scale = side / size
    cos, sin = np.cos(angle) * scale, np.sin(angle) * scale
    middle = (size - 1) / 2
    back = np.array(
        [
            [cos, -sin, centre[0] - (cos - sin) * middle],
            [sin, cos, centre[1] - (sin + cos) * middle],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    pixels = cv2.warpAffine(view.pixels, back, (size, size), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return View(np.asarray(pixels, np.uint8), view.to_picture @ np.vstack([back, [0, 0, 1]]))
