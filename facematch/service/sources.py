"""From the contract's media to bytes: base64, a link, or a path of the file server."""

import re
from contextlib import suppress
from dataclasses import dataclass, field

import pybase64

from facematch import codes
from facematch.contract import Media
from facematch.errors import RequestRefused
from facematch.limits import Limits
from facematch.local import Side
from facematch.service.files import FileRefused, Files
from facematch.service.links import LinkRefused, Links

_DATA_URL = re.compile(r"data:[^,]{0,255};base64,", re.IGNORECASE)
_HEAD_MAX = 1000  # characters of a text among which a data URL's comma is, white space counted
_SPACES = {number: None for number in range(128) if chr(number).isspace()}


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes of a photo or a video, and what was taken off the text that they came in."""

    data: bytes = field(repr=False)
    notes: tuple[str, ...] = ()  # whitespace, data_url


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a photo and a video differ in."""

    side: Side
    max_base64: int  # characters; three quarters of them are the bytes
    seconds: float
    not_fetched: int  # errcodes, these three
    not_decodable: int
    bad_size: int
    empty: int


class Sources:
    """Reads media of every origin; safe to use from several threads at once."""

    def __init__(self, limits: Limits, files: Files) -> None:
        self._limits = limits
        self._files = files
        self._links = Links(limits)

    def photo(self, media: Media, side: Side) -> Fetched:
        """The bytes of a photo, at least one.

        Raises:
            RequestRefused: 202 not fetched, 2101 not base64 or empty, 2102 too large.
        """
        seconds, max_base64 = self._limits.uri_photo_s, self._limits.image_max_base64_bytes
        wrong = (codes.PHOTO_NOT_FETCHED, codes.NOT_DECODABLE, codes.BAD_SIZE, codes.NOT_DECODABLE)
        return self._read(media, _Kind(side, max_base64, seconds, *wrong))

    def video(self, media: Media) -> Fetched:
        """The bytes of the probe's video, at least one.

        Raises:
            RequestRefused: 1104 not base64, 1105 not fetched, 1107 empty or too large.
        """
        seconds, max_base64 = self._limits.uri_video_s, self._limits.video_max_base64_bytes
        wrong = (codes.VIDEO_NOT_FETCHED, codes.VIDEO_NOT_DECODABLE, codes.BAD_VIDEO_SIZE, codes.BAD_VIDEO_SIZE)
        return self._read(media, _Kind("faceData", max_base64, seconds, *wrong))

    def _read(self, media: Media, kind: _Kind) -> Fetched:
        if media.origin == "self":
            fetched = _from_base64(media.data, kind)
        elif media.origin == "uri":
            fetched = self._from_link(media.data, kind)
        else:
            fetched = self._from_files(media.data, kind)
        if not fetched.data:
            raise RequestRefused(kind.empty, "no bytes", side=kind.side)
        return fetched

    def _from_link(self, url: str, kind: _Kind) -> Fetched:
        try:
            return Fetched(self._links.fetch(url, kind.seconds, kind.max_base64 * 3 // 4))
        except LinkRefused as refused:
            errcode = kind.bad_size if refused.too_large else kind.not_fetched
            raise RequestRefused(errcode, f"uri: {refused.reason}", side=kind.side) from refused

    def _from_files(self, path: str, kind: _Kind) -> Fetched:
        try:
            return Fetched(self._files.read(path, kind.max_base64 * 3 // 4))
        except FileRefused as refused:
            errcode = kind.bad_size if refused.kind == "size" else kind.not_fetched
            raise RequestRefused(errcode, f"fds: {refused.reason}", side=kind.side) from refused


def _from_base64(text: str, kind: _Kind) -> Fetched:
    """Standard base64 with padding; white space and a data URL's head are taken off, and noted."""
    head = _head_of(text)
    bare, notes = text[len(head) :], ("data_url",) * bool(head)
    if len(bare) <= kind.max_base64 and _unspaced(head) == head:
        with suppress(ValueError):  # as nearly all of it comes: taking white space off is a copy of megabytes
            return Fetched(pybase64.b64decode(bare, validate=True), notes)
    bare = _unspaced(bare)
    if len(_unspaced(head)) + len(bare) < len(text):
        notes = ("whitespace", *notes)
    if len(bare) > kind.max_base64:
        detail = f"{len(bare):,} characters of base64, at most {kind.max_base64:,}"
        raise RequestRefused(kind.bad_size, detail, side=kind.side)
    try:
        return Fetched(pybase64.b64decode(bare, validate=True), notes)
    except ValueError:  # of text that is not ASCII too; the library's own words may quote it
        raise RequestRefused(kind.not_decodable, "not base64", side=kind.side) from None


def _head_of(text: str) -> str:
    """``data:…;base64,`` as it stands there, white space within it included; empty when there is none."""
    head = text[: text.find(",", 0, _HEAD_MAX) + 1]
    return head if _DATA_URL.fullmatch(_unspaced(head)) else ""


def _unspaced(text: str) -> str:
    """*text* without white space; of one that is not ASCII nothing is taken off, as it is no base64 anyway."""
    return text.translate(_SPACES) if text.isascii() else text
