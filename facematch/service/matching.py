"""A photo against a photo: the order of checks, the first failure wins, and the evidence of all of it."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from facematch import codes
from facematch.contract import MatchRequest
from facematch.engine.api import Comparison, Engine, Look, Picture
from facematch.errors import RequestRefused, WeightsMissing, WeightsWrong
from facematch.local import Evidence, Seen, Side
from facematch.service.photos import read_photos
from facematch.settings import Limits


@dataclass(slots=True)
class _Progress:
    """What is known so far; also what is left when a check fails."""

    seen: dict[Side, Seen] = field(default_factory=dict)
    comparison: Comparison | None = None
    times_ms: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.times_ms[stage] = (time.perf_counter() - started) * 1000


def match_photos(
    engine: Engine, limits: Limits, request: MatchRequest, trace_no: str
) -> tuple[Evidence, RequestRefused | None]:
    """Compare, and say what the answer is based on; the second item is why no comparison was reached."""
    progress, refusal = _Progress(), None
    with progress.timed("total"):
        try:
            _compare(engine, limits, request, progress)
        except RequestRefused as error:
            refusal = error
        except (WeightsMissing, WeightsWrong) as error:
            refusal = RequestRefused(codes.COMPARISON_FAILED, str(error))
    return _evidence(engine, limits, trace_no, progress, refusal), refusal


def _compare(engine: Engine, limits: Limits, request: MatchRequest, progress: _Progress) -> None:
    with progress.timed("read"):
        pictures = read_photos(engine, limits, request)
    with progress.timed("reference"):
        reference = _look(engine, pictures, "image", progress)
    with progress.timed("probe"):
        probe = _look(engine, pictures, "faceData", progress)
    with progress.timed("compare"):
        progress.comparison = engine.compare(reference, probe)


def _look(engine: Engine, pictures: Mapping[Side, Picture], side: Side, progress: _Progress) -> Look:
    look = engine.look(pictures[side])
    progress.seen[side] = look.seen
    if (refused := look.seen.refused) is not None:
        raise RequestRefused(refused.errcode, refused.detail, side=side)
    return look


def _evidence(
    engine: Engine, limits: Limits, trace_no: str, progress: _Progress, refusal: RequestRefused | None
) -> Evidence:
    comparison = progress.comparison
    return Evidence(
        trace_no=trace_no,
        errcode=codes.HANDLED if refusal is None else refusal.errcode,
        side=None if refusal is None else refusal.side,
        reference=progress.seen.get("image"),
        probe=progress.seen.get("faceData"),
        cosine=None if comparison is None else comparison.cosine,
        score=None if comparison is None else comparison.score,
        threshold=limits.pass_score,
        mapping=engine.mapping,
        engine=engine.name,
        times_ms=progress.times_ms,
    )
