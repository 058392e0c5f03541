"""The aligned face: 112 x 112, five points on the standard template."""

from collections.abc import Sequence

import cv2
import numpy as np

from facematch.engine.api import Pixels
from facematch.engine.view import Floats

SIDE = 112
# What SFace was trained on (ArcFace's template): right eye, left eye, nose, right and left mouth corner.
TEMPLATE = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]]
)


def aligned(picture: Pixels, points: Sequence[Sequence[float]]) -> Pixels:
    """The face with the five *points*, shape (112, 112, 3); beyond the picture's edges it is black."""
    affine = similarity(np.asarray(points, np.float64), TEMPLATE)
    return np.asarray(cv2.warpAffine(picture, affine, (SIDE, SIDE), flags=cv2.INTER_LINEAR), np.uint8)


def similarity(source: Floats, target: Floats) -> Floats:
    """The least-squares map of *source* onto *target*, both (n, 2), by rotation, scale and shift; shape (2, 3).

    A similarity is a complex multiplication: with both sets centred, the factor is <source, target> / <source, source>.
    """
    from_mean, to_mean = source.mean(axis=0), target.mean(axis=0)
    z, w = (np.ascontiguousarray(each).view(np.complex128)[:, 0] for each in (source - from_mean, target - to_mean))
    factor = np.vdot(z, w) / max(np.vdot(z, z).real, np.finfo(np.float64).tiny)
    turn = np.array([[factor.real, -factor.imag], [factor.imag, factor.real]])
    return np.column_stack([turn, to_mean - turn @ from_mean])


def png(crop: Pixels) -> bytes:
    """The RGB crop as a PNG file."""
    return bytes(cv2.imencode(".png", crop[:, :, ::-1])[1])
