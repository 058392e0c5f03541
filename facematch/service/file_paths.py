"""What a path of the file server may be."""

import unicodedata
from typing import Literal

from facematch.errors import FaceMatchError

PATH_MAX_CHARACTERS = 1024
NAME_MAX_BYTES = 255  # of one part, in UTF-8: what file systems take
DEPTH_MAX = 16
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")  # Unicode's control, format, surrogate and line-breaking characters


class FileRefused(FaceMatchError):
    """A file was not taken, or not given.

    Args:
        reason: One English clause, without the path.
        kind: The same as a word.
    """

    def __init__(self, reason: str, kind: Literal["path", "missing", "size", "count", "disk"]) -> None:
        super().__init__(reason)
        self.reason = reason
        self.kind = kind


def parts_of(path: str) -> tuple[str, ...]:
    """The path's parts, at least one, each a plain name in NFC; one "/" in front does not count.

    Raises:
        FileRefused: path.
    """
    if len(path) > PATH_MAX_CHARACTERS:
        raise FileRefused(f"the path has more than {PATH_MAX_CHARACTERS:,} characters", "path")
    parts = tuple(unicodedata.normalize("NFC", path).removeprefix("/").split("/"))
    if len(parts) > DEPTH_MAX:
        raise FileRefused(f"the path has more than {DEPTH_MAX} parts", "path")
    for part in parts:
        if problem := _problem(part):
            raise FileRefused(f"the path has {problem}", "path")
    return parts


def _problem(part: str) -> str | None:
    """What keeps a part of a path from being a plain name on every system; None: nothing."""
    if not part:
        return "an empty part"
    if part.startswith("."):
        return "a part that begins with a dot"
    if "\\" in part or ":" in part:  # Windows' separator, drives, streams; and every scheme
        return "a backslash or a colon"
    if any(unicodedata.category(character) in _INVISIBLE for character in part):
        return "control or invisible characters"
    return f"a part of more than {NAME_MAX_BYTES} bytes" if len(part.encode()) > NAME_MAX_BYTES else None


def is_nameable(name: str, path: str, depth: int) -> bool:
    """Whether a path can name what is called *name* on the disk, *depth* parts deep."""
    normal = unicodedata.is_normalized("NFC", name)
    return normal and _problem(name) is None and depth <= DEPTH_MAX and len(path) <= PATH_MAX_CHARACTERS
