"""Clips for the passive check, made of a portrait that ships: attacks, and a synthetic head that seems to live."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from facematch.engine.pipeline import FaceEngine
from tests.benchmarks.made_attacks import KINDS, Scene

from .clips import RATE, Frames
from .photos import OBAMA, stored

SECONDS = 2.6
SIZE = 480, 600  # width, height


@cache
def scene(engine: FaceEngine) -> Scene:
    """A still of a portrait, and where its face is."""
    look = engine.look(engine.decode(stored(OBAMA[0])))
    picture = engine.decode(stored(OBAMA[0])).pixels
    points = np.array(look.seen.faces[look.seen.chosen].points)
    centre, eyes = points.mean(axis=0), float(np.linalg.norm(points[1] - points[0]))
    scale = 90 / eyes
    shift = np.array([SIZE[0] / 2, SIZE[1] * 0.45]) - centre * scale
    affine = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    still = cv2.warpAffine(picture, affine, SIZE, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT)
    frames = [np.asarray(still, np.uint8)] * round(SECONDS * RATE)
    return Scene(frames, points * scale + shift, np.random.default_rng(3))


@cache
def living(engine: FaceEngine) -> tuple[NDArray[np.uint8], ...]:
    """A warped portrait: the head sways before its surroundings, the nose furthest; it speaks and blinks."""
    still = scene(engine)
    height, width = still.frames[0].shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    frames = []
    for nth in range(len(still.frames)):
        second = nth / RATE
        sway, nod = np.sin(2.4 * second + 0.4), np.sin(1.7 * second)
        from_x, from_y = x.copy(), y.copy()
        for place, reach, far in ((still.points[2], 1.3, 0.2), (still.points[2], 0.35, 0.12)):
            near = _near(x, y, place, reach * still.eyes_px)
            from_x -= far * still.eyes_px * sway * near
            from_y -= 0.2 * far * still.eyes_px * nod * near
        lips = still.points[3:].mean(axis=0) + np.array([0, 0.25 * still.eyes_px])
        from_y -= 0.16 * still.eyes_px * abs(np.sin(5 * second)) * _near(x, y, lips, 0.35 * still.eyes_px)
        for eye in still.points[:2]:
            shut = max(0.0, np.cos(2.6 * second)) ** 8
            from_y -= 0.14 * still.eyes_px * shut * _near(x, y, eye, 0.16 * still.eyes_px)
        warped = cv2.remap(still.frames[0], from_x, from_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        noise = still.rng.normal(0, 1.5, warped.shape)
        frames.append(np.asarray(np.clip(warped + noise, 0, 255), np.uint8))
    return tuple(frames)


def attack(kind: str, engine: FaceEngine) -> Frames:
    """One of `made_attacks.KINDS`, of the still or, where it needs movement, of the synthetic head."""
    still = scene(engine)
    moving = kind in ("loop", "boomerang") or kind.startswith("screen")
    frames = living(engine) if moving else still.frames
    return KINDS[kind](Scene(frames, still.points, np.random.default_rng(5)))


def _near(
    x: NDArray[np.float32], y: NDArray[np.float32], place: NDArray[np.float64], reach: float
) -> NDArray[np.float32]:
    """1 at *place*, 0 far from it."""
    return np.exp(-((x - place[0]) ** 2 + (y - place[1]) ** 2) / reach**2).astype(np.float32)
