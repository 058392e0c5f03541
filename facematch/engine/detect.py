"""Faces on an array of pixels, by YuNet; the network's answer is decoded here."""

from collections.abc import Sequence

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from facematch.engine.api import Pixels

Finds = NDArray[np.float32]  # (n, 15): x, y, w, h, five points (x, y), confidence; the most confident first

COLUMNS = 15
NO_FINDS: Finds = np.zeros((0, COLUMNS), np.float32)
_STRIDES = (8, 16, 32)
_MULTIPLE = 32  # both sides of the input must be multiples of the coarsest stride
_OVERLAP = 0.3  # intersection over union above which two finds are one face: OpenCV's default


class Detector:
    """YuNet on one shared session."""

    def __init__(self, session: ort.InferenceSession) -> None:
        self._session = session
        self._outputs = [f"{kind}_{stride}" for stride in _STRIDES for kind in ("cls", "obj", "bbox", "kps")]

    def detect(self, pixels: Pixels, least: float) -> Finds:
        """Every face of *pixels* (height, width, 3), RGB, with a confidence of *least* or more."""
        height, width = pixels.shape[:2]
        padding = -height % _MULTIPLE, -width % _MULTIPLE
        canvas = cv2.copyMakeBorder(pixels, 0, padding[0], 0, padding[1], cv2.BORDER_CONSTANT, value=(0, 0, 0))
        blob = cv2.dnn.blobFromImage(canvas, swapRB=True)  # (1, 3, height, width), BGR, 0..255
        answer = self._session.run(self._outputs, {"input": blob})
        columns = canvas.shape[1]
        finds = [
            _decoded(answer[4 * level : 4 * level + 4], stride, columns // stride, least)
            for level, stride in enumerate(_STRIDES)
        ]
        return _distinct(np.concatenate(finds))


def _decoded(level: Sequence[NDArray[np.float32]], stride: int, columns: int, least: float) -> Finds:
    """One stride's finds: offsets are in cells of *stride* pixels, sizes are logarithms."""
    classes, objectness, boxes, points = (part[0] for part in level)
    confidence = np.sqrt(np.clip(classes[:, 0], 0, 1) * np.clip(objectness[:, 0], 0, 1))
    chosen = np.flatnonzero(confidence >= least)
    cells = np.stack([chosen % columns, chosen // columns], axis=1).astype(np.float32)
    centres = (cells + boxes[chosen, :2]) * stride
    sizes = np.exp(boxes[chosen, 2:]) * stride
    marks = (points[chosen].reshape(-1, 5, 2) + cells[:, None]) * stride
    parts = [centres - sizes / 2, sizes, marks.reshape(-1, 10), confidence[chosen, None]]
    return np.concatenate(parts, axis=1).astype(np.float32)


def _distinct(finds: Finds) -> Finds:
    """Drop every find that overlaps a more confident one."""
    left = finds[np.argsort(-finds[:, 14], kind="stable")]
    kept = []
    while len(left):
        kept.append(left[0])
        left = left[1:][_overlap(left[0], left[1:]) <= _OVERLAP]
    return np.stack(kept) if kept else NO_FINDS


def _overlap(one: NDArray[np.float32], others: Finds) -> NDArray[np.float32]:
    low = np.maximum(one[:2], others[:, :2])
    high = np.minimum(one[:2] + one[2:4], others[:, :2] + others[:, 2:4])
    shared = np.prod(np.maximum(high - low, 0), axis=1)
    union = one[2] * one[3] + others[:, 2] * others[:, 3] - shared
    return np.asarray(shared / np.maximum(union, np.finfo(np.float32).tiny))
