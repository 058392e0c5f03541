"""A photo or a video, as a command names it: a file here, a link, or a path on the service's file server."""

import mimetypes
from typing import TypeVar
from urllib.parse import urlsplit

from facematch.client import Photo, Video
from facematch.engine.formats import UNKNOWN, format_of
from facematch.errors import RequestInvalid

FILE_SERVER = "fds:"
_LINKS = ("http://", "https://")
_HEAD_BYTES = 64
Kind = TypeVar("Kind", Photo, Video)


def photo(name: str, side: str) -> Photo:
    """The photo that *name* means.

    Raises:
        RequestInvalid: It cannot be read, or is no link; *side* stands before what is wrong.
    """
    return _medium(Photo, name, side)


def photo_or_video(name: str, side: str, *, video: bool) -> Photo | Video:
    """The probe that *name* means: by its first bytes, else its ending, unless it is said to be a video.

    Raises:
        RequestInvalid: As ``photo``.
    """
    if video:
        return _medium(Video, name, side)
    found = _medium(Photo, name, side)
    return Video(found.data, found.origin) if _is_video(found, name) else found


def _medium(kind: type[Kind], name: str, side: str) -> Kind:
    try:
        if name.lower().startswith(_LINKS):
            return kind.from_link(name)
        if name.startswith(FILE_SERVER):
            return kind.from_file_server(name.removeprefix(FILE_SERVER))
        return kind.from_path(name)
    except RequestInvalid as error:
        raise RequestInvalid(f"{side}: {error}") from error


def _is_video(found: Photo, name: str) -> bool:
    head = next(found.blocks(_HEAD_BYTES), b"")
    if format_of(head) != UNKNOWN:
        return format_of(head).endswith("video")
    if head[:3] == b"FLV" or (head[:4] == b"RIFF" and head[8:12] == b"AVI "):
        return True
    path = urlsplit(name).path if found.link else name
    return (mimetypes.guess_type(path)[0] or "").startswith("video/")
