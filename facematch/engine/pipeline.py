"""The face engine: a photo's bytes to a picture, a picture to a look, two looks to a score."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np
from onnxruntime import InferenceSession

from facematch.engine.align import SIDE, aligned, png
from facematch.engine.api import Comparison, Look, Picture, Pixels
from facematch.engine.cache import folded
from facematch.engine.choose import COUNTS_FROM, Choice, choose
from facematch.engine.decode import decode
from facematch.engine.detect import Detector
from facematch.engine.embed import Embedder, cosine_of
from facematch.engine.locate import COARSE, Located, locate, refined
from facematch.engine.quality import Subject, judge, refusal
from facematch.engine.runtime import open_session
from facematch.engine.score import MAPPING, score_of
from facematch.engine.weights import SFACE, YUNET, Weights, read_weights
from facematch.local import Check, Model, Refused, Seen
from facematch.settings import Limits

NO_FACE = 2010


class _Networks(NamedTuple):
    detector: Detector
    embedder: Embedder


class _Clock:
    """Milliseconds each stage took; 0 for a stage that was not reached."""

    def __init__(self, decode_ms: float) -> None:
        self.times_ms = {"decode": decode_ms, "detect": 0.0, "quality": 0.0, "embed": 0.0}

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.times_ms[stage] = (time.perf_counter() - started) * 1000


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    """The chosen face, aligned, and what quality says of it; empty when none was chosen."""

    crop: Pixels | None
    checks: tuple[Check, ...]
    refused: Refused | None


class FaceEngine:
    """YuNet and SFace on ONNX Runtime; implements `facematch.engine.api.Engine`.

    Nothing is loaded until `warm_up` or the first `look`; `decode` needs no network.

    Args:
        limits: What pictures and faces are accepted.
        model_dir: Folder with the two files; None: the installed package that ships them.
        cache_dir: Where networks made ready are kept; None: made anew at each start.
    """

    def __init__(self, limits: Limits, *, model_dir: Path | None = None, cache_dir: Path | None = None) -> None:
        self._limits = limits
        self._model_dir = model_dir
        self._cache_dir = cache_dir
        self._loading = threading.Lock()
        self._networks: _Networks | None = None

    @property
    def name(self) -> str:
        """Networks, digests and runtime in one short text."""
        networks = " + ".join(f"{each.name} {each.sha256[:8]}" for each in (YUNET, SFACE))
        return f"{networks}, ONNX Runtime {version('onnxruntime')}"

    @property
    def mapping(self) -> str:
        """The version of the function from cosine to score."""
        return MAPPING

    @property
    def models(self) -> tuple[Model, ...]:
        """The files that are used, once `warm_up` has checked them."""
        return YUNET.model, SFACE.model

    def warm_up(self) -> None:
        """Load the networks and run each once; later calls, and calls by other threads, find them there.

        Raises:
            WeightsMissing: A file is not where it should be.
            WeightsWrong: A file's SHA-256 is not the pinned one.
        """
        self._ready()

    def decode(self, data: bytes) -> Picture:
        """Decode the bytes of a photo under guards; see `facematch.engine.decode.decode`."""
        return decode(data, self._limits)

    def look(self, picture: Picture) -> Look:
        """Find the face, judge it, and compute its embedding unless it is refused."""
        networks = self._ready()
        clock = _Clock(picture.decode_ms)
        with clock.timing("detect"):
            located, choice = self._find(picture, networks.detector)
        with clock.timing("quality"):
            judged = self._judge(picture, located, choice)
        embedding = None
        if judged.crop is not None and judged.refused is None:
            with clock.timing("embed"):
                embedding = networks.embedder.embed(judged.crop)
        return Look(_seen(picture, located, choice, judged, clock), embedding)

    def compare(self, reference: Look, probe: Look) -> Comparison:
        """Compare two looks that were not refused.

        Raises:
            ValueError: One of them was.
        """
        if reference.embedding is None or probe.embedding is None:
            raise ValueError("a refused look has nothing to compare")
        cosine = cosine_of(reference.embedding, probe.embedding)
        return Comparison(cosine, score_of(cosine))

    def _find(self, picture: Picture, detector: Detector) -> tuple[Located, Choice]:
        """All faces, which one is meant, and that one's points made exact."""
        height, width = picture.pixels.shape[:2]
        located = locate(picture.pixels, detector)
        choice = choose(located.faces, width, height, self._limits.faces)
        if choice.index is None:
            return located, choice
        faces = list(located.faces)
        faces[choice.index] = refined(picture.pixels, faces[choice.index], detector)
        return replace(located, faces=tuple(faces)), choice

    def _judge(self, picture: Picture, located: Located, choice: Choice) -> _Judged:
        if choice.index is None:
            return _Judged(None, (), Refused(NO_FACE, None, f"no face with a confidence of at least {COUNTS_FROM}"))
        height, width = picture.pixels.shape[:2]
        subject = Subject(
            face=located.faces[choice.index],
            others=len(located.faces) - 1,
            crowded=choice.crowded,
            width=width,
            height=height,
            source_scale=max(picture.source_width, picture.source_height) / max(width, height),
            crop=aligned(picture.pixels, located.faces[choice.index].points),
        )
        checks = judge(subject, self._limits)
        return _Judged(subject.crop, checks, refusal(checks))

    def _ready(self) -> _Networks:
        if self._networks is None:
            with self._loading:
                self._networks = self._networks or self._load()
        return self._networks

    def _load(self) -> _Networks:
        detector = Detector(self._session(YUNET, any_size=True))
        embedder = Embedder(self._session(SFACE, any_size=False))
        detector.detect(np.zeros((COARSE, COARSE, 3), np.uint8), least=1.0)
        embedder.embed(np.zeros((SIDE, SIDE, 3), np.uint8))
        return _Networks(detector, embedder)

    def _session(self, weights: Weights, *, any_size: bool) -> InferenceSession:
        source = read_weights(weights, self._model_dir)
        return open_session(folded(weights, source, self._cache_dir, any_size=any_size))


def _seen(picture: Picture, located: Located, choice: Choice, judged: _Judged, clock: _Clock) -> Seen:
    height, width = picture.pixels.shape[:2]
    return Seen(
        width=width,
        height=height,
        source_width=picture.source_width,
        source_height=picture.source_height,
        format=picture.format,
        notes=picture.notes,
        turned=located.turned,
        faces=located.faces,
        chosen=choice.index,
        rule=choice.rule,
        checks=judged.checks,
        crop=None if judged.crop is None else png(judged.crop),
        refused=judged.refused,
        times_ms=clock.times_ms,
    )
