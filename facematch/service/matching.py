"""A photo against a photo: the order of checks, the first failure wins, and the evidence of all of it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pybase64

from facematch import codes
from facematch.contract import MatchRequest, Media
from facematch.engine.api import Comparison, Engine, Look, Picture
from facematch.errors import PictureRefused, RequestRefused, WeightsMissing, WeightsWrong
from facematch.local import Evidence, Seen, Side
from facematch.settings import Limits


@dataclass(slots=True)
class _Progress:
    """What is known so far; also what is left when a check fails."""

    seen: dict[Side, Seen] = field(default_factory=dict)
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
    progress, comparison, refusal = _Progress(), None, None
    with progress.timed("total"):
        try:
            _refuse_unbuilt(request)
            comparison = _compare(engine, limits, request, progress)
        except RequestRefused as error:
            refusal = error
        except (WeightsMissing, WeightsWrong) as error:
            refusal = RequestRefused(codes.COMPARISON_FAILED, str(error))
    return _evidence(engine, limits, trace_no, progress, comparison, refusal), refusal


def _refuse_unbuilt(request: MatchRequest) -> None:
    """What this version cannot do is refused; it is never answered as if it had been done."""
    if request.is_async:
        raise RequestRefused(codes.BAD_VALUE, "async true is not available in this version")
    if request.probe.type == "video":
        raise RequestRefused(codes.LIVENESS_NOT_RUN, "video is not available in this version", side="faceData")
    sides: tuple[tuple[Side, Media], ...] = (("image", request.reference), ("faceData", request.probe.media))
    for side, media in sides:
        if media.origin != "self":
            detail = f"origin {media.origin} is not available in this version"
            raise RequestRefused(codes.PHOTO_NOT_FETCHED, detail, side=side)


def _compare(engine: Engine, limits: Limits, request: MatchRequest, progress: _Progress) -> Comparison:
    with progress.timed("read"):
        reference_picture = _picture(engine, limits, request.reference, "image")
        probe_picture = _picture(engine, limits, request.probe.media, "faceData")
    with progress.timed("reference"):
        reference = _look(engine, reference_picture, "image", progress)
    with progress.timed("probe"):
        probe = _look(engine, probe_picture, "faceData", progress)
    with progress.timed("compare"):
        return engine.compare(reference, probe)


def _picture(engine: Engine, limits: Limits, media: Media, side: Side) -> Picture:
    try:
        return engine.decode(_decode_base64(media.data, limits))
    except PictureRefused as error:
        raise RequestRefused(error.errcode, error.detail, side=side) from error


def _decode_base64(text: str, limits: Limits) -> bytes:
    """Standard base64 with padding; a ``data:`` prefix and white space are taken off first."""
    if not text.isascii():
        raise PictureRefused(codes.NOT_DECODABLE, "not base64")
    text = "".join(text.split())
    if text.startswith("data:"):
        text = text.partition(";base64,")[2]
    if len(text) > limits.image_max_base64_bytes:
        detail = f"{len(text):,} characters of base64, at most {limits.image_max_base64_bytes:,}"
        raise PictureRefused(codes.BAD_SIZE, detail)
    try:
        return pybase64.b64decode(text, validate=True)
    except ValueError as error:
        raise PictureRefused(codes.NOT_DECODABLE, "not base64") from error


def _look(engine: Engine, picture: Picture, side: Side, progress: _Progress) -> Look:
    look = engine.look(picture)
    progress.seen[side] = look.seen
    if (refused := look.seen.refused) is not None:
        raise RequestRefused(refused.errcode, refused.detail, side=side)
    return look


def _evidence(
    engine: Engine,
    limits: Limits,
    trace_no: str,
    progress: _Progress,
    comparison: Comparison | None,
    refusal: RequestRefused | None,
) -> Evidence:
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
