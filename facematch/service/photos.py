"""From the photos of a request to pictures: what this version does not take, base64, decoding."""

from collections.abc import Mapping
from dataclasses import replace

import pybase64

from facematch import codes
from facematch.contract import IdentityRequest, MatchRequest, Media
from facematch.engine.api import Engine, Picture
from facematch.errors import PictureRefused, RequestRefused
from facematch.local import Side
from facematch.settings import Limits


def read_photos(engine: Engine, limits: Limits, request: MatchRequest | IdentityRequest) -> dict[Side, Picture]:
    """The request's photos, the reference first where there is one.

    Raises:
        RequestRefused: This version does not do what is asked, or a photo cannot be used.
    """
    reference: dict[Side, Media] = {"image": request.reference} if isinstance(request, MatchRequest) else {}
    photos: dict[Side, Media] = {**reference, "faceData": request.probe.media}
    _refuse_unbuilt(request, photos)
    return {side: _picture(engine, limits, media, side) for side, media in photos.items()}


def _refuse_unbuilt(request: MatchRequest | IdentityRequest, photos: Mapping[Side, Media]) -> None:
    """What this version cannot do is refused; it is never answered as if it had been done."""
    if request.is_async:
        raise RequestRefused(codes.BAD_VALUE, "async true is not available in this version")
    if request.probe.type == "video":
        raise RequestRefused(codes.LIVENESS_NOT_RUN, "video is not available in this version", side="faceData")
    for side, media in photos.items():
        if media.origin != "self":
            detail = f"origin {media.origin} is not available in this version"
            raise RequestRefused(codes.PHOTO_NOT_FETCHED, detail, side=side)


def _picture(engine: Engine, limits: Limits, media: Media, side: Side) -> Picture:
    try:
        text, notes = _bare(media.data)
        picture = engine.decode(_decode_base64(text, limits))
    except PictureRefused as error:
        raise RequestRefused(error.errcode, error.detail, side=side) from error
    return replace(picture, notes=(*notes, *picture.notes))


def _bare(text: str) -> tuple[str, list[str]]:
    """The base64 alone, and a note of what was taken off: white space, a ``data:`` prefix."""
    if not text.isascii():
        raise PictureRefused(codes.NOT_DECODABLE, "not base64")
    bare = "".join(text.split())
    notes = ["whitespace"] * (bare != text)
    if bare.startswith("data:"):
        bare = bare.partition(";base64,")[2]
        notes.append("data_url")
    return bare, notes


def _decode_base64(text: str, limits: Limits) -> bytes:
    """Standard base64 with padding."""
    if len(text) > limits.image_max_base64_bytes:
        detail = f"{len(text):,} characters of base64, at most {limits.image_max_base64_bytes:,}"
        raise PictureRefused(codes.BAD_SIZE, detail)
    try:
        return pybase64.b64decode(text, validate=True)
    except ValueError as error:
        raise PictureRefused(codes.NOT_DECODABLE, "not base64") from error
