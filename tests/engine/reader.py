"""A synthetic head that reads aloud: it lives as `living` does, and its mouth opens as a voice says."""

import cv2
import numpy as np

from facematch.engine.pipeline import FaceEngine
from facematch.seen import Face

from .clips import RATE, Frames
from .living import scene
from .talking import Openings, opened

CYCLE_S = 2.6  # of the head: slower than digits are said
FAR = 0.12  # the way of the nose, in eye distances


def reading(engine: FaceEngine, mouth: Openings) -> Frames:
    """A portrait warped frame by frame: the nose sways further than the cheeks, the mouth is open as *mouth* says."""
    still = scene(engine)
    height, width = still.frames[0].shape[:2]
    face = Face((0.0, 0.0, 1.0, 1.0), tuple((float(x), float(y)) for x, y in still.points), 1.0)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    nose, unit = still.points[2], still.eyes_px
    away = (x - nose[0]) ** 2 + (y - nose[1]) ** 2
    weight = (np.exp(-away / (1.3 * unit) ** 2) + 0.8 * np.exp(-away / (0.35 * unit) ** 2)).astype(np.float32)
    noise = np.random.default_rng(3)
    frames = []
    for nth, opening in enumerate(mouth):
        way = weight * np.float32(FAR * unit * np.sin(2 * np.pi * nth / RATE / CYCLE_S))
        picture = opened(still.frames[0], face, float(opening))
        turned = cv2.remap(picture, x - way, y - way / 4, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        frames.append(np.clip(turned + noise.normal(0, 1.5, turned.shape), 0, 255).astype(np.uint8))
    return frames
