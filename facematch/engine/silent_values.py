"""Everything the passive check measures on a clip, each measure timed."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from facematch.engine.api import Watch
from facematch.engine.bands import row_bands
from facematch.engine.edges import framed
from facematch.engine.found_faces import FoundFace, found_faces
from facematch.engine.liveness_model import LivenessModel
from facematch.engine.plane import Plane, aligned_faces, plane, within_picture
from facematch.engine.repeats import Repeats, repeats

Value = TypeVar("Value")
_SMOOTHED = 3  # places of the face that are averaged: the detector trembles


@dataclass(frozen=True, slots=True)
class Values:
    """What was measured; None where the clip did not allow it."""

    faces: int  # frames with the face
    rate: float  # of them in a second
    eyes_px: float  # distance of the eyes, the median
    gone: float  # how far the face went in the picture, in eye distances
    repeats: Repeats
    plane: Plane | None
    framed: float | None
    bands: float | None
    model: float | None
    times_ms: Mapping[str, float]


class _Clock:
    def __init__(self) -> None:
        self.times_ms: dict[str, float] = {}

    def timed(self, stage: str, work: Callable[[], Value]) -> Value:
        started = time.perf_counter()
        value = work()
        self.times_ms[stage] = (time.perf_counter() - started) * 1000
        return value


def measure(watch: Watch, model: LivenessModel | None) -> Values:
    """Look at the whole clip."""
    seen, clock = found_faces(watch), _Clock()
    timed = clock.timed
    seconds = seen[-1].frame.time_s - seen[0].frame.time_s if seen else 0.0
    rate = (len(seen) - 1) / seconds if seconds > 0 else 0.0
    faces = timed("align", lambda: aligned_faces(seen))
    eyes_px, gone = _size_and_way(seen)
    return Values(
        faces=len(seen),
        rate=rate,
        eyes_px=eyes_px,
        gone=gone,
        repeats=timed("repeats", lambda: repeats(watch.video.frames)),
        plane=timed("plane", lambda: plane(faces, rate, within_picture(seen))),
        framed=timed("edges", lambda: framed(seen)),
        bands=timed("bands", lambda: row_bands(faces)),
        model=timed("model", lambda: model.live(seen)) if model is not None and seen else None,
        times_ms=clock.times_ms,
    )


def _size_and_way(seen: Sequence[FoundFace]) -> tuple[float, float]:
    """The median distance of the eyes in px, and the longer side of the box the face's middle went through."""
    if len(seen) < _SMOOTHED:
        return 0.0, 0.0
    eyes = float(np.median([each.eyes_px for each in seen]))
    middle = np.array([each.points.mean(axis=0) for each in seen])
    kernel = np.ones(_SMOOTHED) / _SMOOTHED
    ways = [np.ptp(np.convolve(middle[:, axis], kernel, "valid")) for axis in (0, 1)]
    return eyes, float(max(ways)) / eyes
