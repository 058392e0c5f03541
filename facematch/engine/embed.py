"""128 numbers that tell one face from another, by SFace."""

import cv2
import numpy as np
import onnxruntime as ort

from facematch.engine.api import Embedding, Pixels


class Embedder:
    """SFace on one shared session."""

    def __init__(self, session: ort.InferenceSession) -> None:
        self._session = session

    def embed(self, crop: Pixels) -> Embedding:
        """The unit vector, shape (128,), of an aligned face (112, 112, 3), RGB."""
        blob = cv2.dnn.blobFromImage(crop)  # (1, 3, 112, 112), RGB, 0..255: the network normalises
        vector = np.asarray(self._session.run(["fc1"], {"data": blob})[0][0], np.float32)
        return vector / max(np.linalg.norm(vector), np.finfo(np.float32).tiny)


def cosine_of(one: Embedding, other: Embedding) -> float:
    """The cosine of two unit vectors, in [-1, 1] also after rounding."""
    return float(np.clip(np.dot(one, other), -1, 1))
