"""The networks that find and tell faces, loaded together."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from onnxruntime import InferenceSession

from facematch.engine.align import SIDE
from facematch.engine.cache import folded
from facematch.engine.detect import Detector
from facematch.engine.embed import Embedder
from facematch.engine.locate import COARSE
from facematch.engine.runtime import open_session
from facematch.engine.weights import SFACE, YUNET, Weights, read_weights


class Networks(NamedTuple):
    detector: Detector
    embedder: Embedder


def load(model_dir: Path | None, cache_dir: Path | None) -> Networks:
    """Load both and run each once.

    Raises:
        WeightsMissing: A file is not where it should be.
        WeightsWrong: A file's SHA-256 is not the pinned one.
    """
    detector = Detector(_session(YUNET, model_dir, cache_dir, any_size=True))
    embedder = Embedder(_session(SFACE, model_dir, cache_dir, any_size=False))
    detector.detect(np.zeros((COARSE, COARSE, 3), np.uint8), least=1.0)
    embedder.embed(np.zeros((SIDE, SIDE, 3), np.uint8))
    return Networks(detector, embedder)


def _session(weights: Weights, model_dir: Path | None, cache_dir: Path | None, *, any_size: bool) -> InferenceSession:
    source = read_weights(weights, model_dir)
    return open_session(folded(weights, source, cache_dir, any_size=any_size))
