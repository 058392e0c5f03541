"""A look at one picture: which face is meant, is it good enough, and its embedding."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from facematch.engine.align import aligned, png
from facematch.engine.api import Look, Picture, Pixels
from facematch.engine.choose import COUNTS_FROM, Choice, choose
from facematch.engine.detect import Detector
from facematch.engine.locate import Located, locate, refined
from facematch.engine.networks import Networks
from facematch.engine.quality import Subject, judge, refusal
from facematch.limits import Limits
from facematch.seen import Check, Refused, Seen

NO_FACE = 2010


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


def look_at(picture: Picture, networks: Networks, limits: Limits) -> Look:
    """Find the face, judge it, and compute its embedding unless it is refused."""
    clock = _Clock(picture.decode_ms)
    with clock.timing("detect"):
        located, choice = _find(picture, networks.detector, limits)
    with clock.timing("quality"):
        judged = _judge(picture, located, choice, limits)
    embedding = None
    if judged.crop is not None and judged.refused is None:
        with clock.timing("embed"):
            embedding = networks.embedder.embed(judged.crop)
    return Look(_seen(picture, located, choice, judged, clock), embedding)


def _find(picture: Picture, detector: Detector, limits: Limits) -> tuple[Located, Choice]:
    """All faces, which one is meant, and that one's points made exact."""
    height, width = picture.pixels.shape[:2]
    located = locate(picture.pixels, detector)
    choice = choose(located.faces, width, height, limits.faces)
    if choice.index is None:
        return located, choice
    faces = list(located.faces)
    faces[choice.index] = refined(picture.pixels, faces[choice.index], detector)
    return replace(located, faces=tuple(faces)), choice


def _judge(picture: Picture, located: Located, choice: Choice, limits: Limits) -> _Judged:
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
        turned=located.turned,
    )
    checks = judge(subject, limits)
    return _Judged(subject.crop, checks, refusal(checks))


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
