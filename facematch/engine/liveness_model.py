"""A trained network against presentation attacks, supplied by the operator as an ONNX file of the MiniFASNet family.

Input: float32 (1, 3, 80, 80), BGR, 0 to 255, not normalised: the face's box made 2.7 times as large, shifted into the
picture where it would leave it. Output: three values; softmax of the second says how sure the network is of a person.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

from facematch.engine.api import Pixels
from facematch.engine.found_faces import FoundFace, evenly
from facematch.engine.runtime import open_session
from facematch.errors import WeightsMissing, WeightsWrong

SIDE = 80  # px
SCALE = 2.7  # of the window, in sides of the face's box
LIVE_FROM = 0.5
_CLASSES, _LIVE = 3, 1
_LOOKS = 5  # frames
_BROKEN = (
    ort_errors.InvalidProtobuf,
    ort_errors.InvalidGraph,
    ort_errors.InvalidArgument,
    ort_errors.NotImplemented,
    ort_errors.NoSuchFile,
    ort_errors.RuntimeException,
    ort_errors.Fail,
)


@dataclass(frozen=True, slots=True, eq=False)
class LivenessModel:
    """One network, ready; it may be used from several threads at once."""

    name: str  # the file's
    sha256: str
    _session: ort.InferenceSession
    _input: str

    @classmethod
    def load(cls, path: Path) -> "LivenessModel":
        """Read the file and try the network once.

        Raises:
            WeightsMissing: The file cannot be read.
            WeightsWrong: It is no ONNX network, or not of this family.
        """
        try:
            data = path.read_bytes()
        except OSError as error:
            reason = type(error).__name__
            raise WeightsMissing(f"the liveness model {path.name} cannot be read ({reason})") from error
        try:
            session = open_session(data)
            model = cls(path.name, hashlib.sha256(data).hexdigest(), session, session.get_inputs()[0].name)
            answer = model._answer(np.zeros((SIDE, SIDE, 3), np.uint8))
        except (*_BROKEN, IndexError, ValueError) as error:  # the last: no input, or more than one
            raise WeightsWrong(
                f"{path.name} is not an ONNX network that takes float32 (1, 3, {SIDE}, {SIDE})"
            ) from error
        if answer.shape != (1, _CLASSES) or not np.isfinite(answer).all():
            raise WeightsWrong(f"{path.name} does not answer with {_CLASSES} numbers for a face")
        return model

    def live(self, seen: Sequence[FoundFace]) -> float:
        """How sure the network is of a living person, 0 to 1: the mean of a few evenly spaced frames.

        Raises:
            ValueError: There is none.
        """
        if not seen:
            raise ValueError("no face to look at")
        return float(np.mean([self._sure(_window(each)) for each in evenly(seen, _LOOKS)]))

    def _sure(self, pixels: Pixels) -> float:
        answer = self._answer(pixels)[0].astype(np.float64)
        powers = np.exp(answer - answer.max())
        return float(powers[_LIVE] / powers.sum())

    def _answer(self, pixels: Pixels) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        blob = np.ascontiguousarray(pixels[:, :, ::-1].transpose(2, 0, 1)[None], np.float32)
        return np.asarray(self._session.run(None, {self._input: blob})[0])


def _window(found: FoundFace) -> Pixels:
    """What the network looks at: (80, 80, 3), RGB."""
    picture = found.frame.rgb()
    height, width = picture.shape[:2]
    x, y, box_width, box_height = found.face.box
    scale = min(SCALE, width / box_width, height / box_height)
    across, down = box_width * scale, box_height * scale
    left = min(max(0.0, x + (box_width - across) / 2), width - across)
    top = min(max(0.0, y + (box_height - down) / 2), height - down)
    cut = picture[int(top) : max(int(top) + 1, int(top + down)), int(left) : max(int(left) + 1, int(left + across))]
    return np.asarray(cv2.resize(cut, (SIDE, SIDE)), np.uint8)
