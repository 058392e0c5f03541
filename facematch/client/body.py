"""Request bodies that are made while they are sent: a file is never in memory whole, nor is its base64."""

import io
import re
import secrets
from collections.abc import Generator, Mapping
from typing import Any, Protocol, Self

import orjson
import pybase64

from facematch.client.media import Medium
from facematch.contract import Media
from facematch.errors import RequestInvalid

BLOCK_BYTES = 192 * 1024  # of a file; a multiple of 3, so that the blocks' base64 can be joined
BASE64_BYTES = BLOCK_BYTES // 3 * 4


class Source(Protocol):
    """What can be sent, any number of times."""

    def __len__(self) -> int:
        """Bytes in all."""

    def blocks(self) -> Generator[bytes, None, None]:
        """The bytes from the beginning, in order.

        Raises:
            RequestInvalid: A file cannot be read any more, or changed; its end is not sent.
        """


class Body:
    """A JSON document whose media are encoded while it is sent.

    Args:
        wire: The document, with marks in place of media; see ``marked``.
        media: What the marks stand for.

    Raises:
        RequestInvalid: A text is not valid Unicode.
    """

    def __init__(self, wire: Mapping[str, Any], media: Mapping[str, Medium] | None = None) -> None:
        self.wire = wire
        self.media = dict(media or {})
        self._parts = _parts(wire, self.media)
        self._length = sum(base64_length(part) if isinstance(part, Medium) else len(part) for part in self._parts)

    def __repr__(self) -> str:
        """The size, nothing of what is in it."""
        return f"Body({self._length:,} bytes)"

    def __len__(self) -> int:
        """Bytes in all."""
        return self._length

    def blocks(self) -> Generator[bytes, None, None]:
        """See ``Source``."""
        for part in self._parts:
            if isinstance(part, Medium):
                yield from map(pybase64.b64encode, part.blocks(BLOCK_BYTES))
            else:
                yield part

    def opened(self) -> "Opened":
        """It as a file, from the beginning."""
        return Opened(self)


class Raw:
    """The bytes of a photo or a video and nothing else.

    Raises:
        RequestInvalid: They are not on this machine.
    """

    def __init__(self, medium: Medium) -> None:
        if medium.size is None:
            raise RequestInvalid(f"the {medium.word} is not on this machine")
        self._medium, self._length = medium, medium.size

    def __len__(self) -> int:
        """Bytes in all."""
        return self._length

    def blocks(self) -> Generator[bytes, None, None]:
        """See ``Source``."""
        return self._medium.blocks(BLOCK_BYTES)

    def opened(self) -> "Opened":
        """It as a file, from the beginning."""
        return Opened(self)


class Opened:
    """As much of a file as requests and urllib3 want of one. ``read`` may return less than was asked for."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._blocks, self._rest, self._at = source.blocks(), b"", 0

    def __len__(self) -> int:
        """Bytes in all, not what is left."""
        return len(self._source)

    def read(self, size: int = -1) -> bytes:
        """Up to *size* bytes, all that are left below 0; none at the end."""
        block = self._rest or next(self._blocks, b"")
        if size < 0:
            block, size = block + b"".join(self._blocks), len(self)
        part, self._rest = block[:size], block[size:]
        self._at += len(part)
        return part

    def tell(self) -> int:
        """How many bytes were read."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Back to the beginning; to nowhere else."""
        if (offset, whence) != (0, io.SEEK_SET):
            raise io.UnsupportedOperation("only back to the beginning")
        self.close()
        self._blocks, self._rest, self._at = self._source.blocks(), b"", 0
        return 0

    def close(self) -> None:
        """Close what is open beneath."""
        self._blocks.close()

    def __enter__(self) -> Self:
        """Use as a context manager."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close what is open beneath."""
        self.close()


def marked(medium: Medium, marks: dict[str, Medium]) -> Media:
    """*medium* as the wire carries it, except that a random mark, put into *marks*, stands for its base64."""
    if isinstance(medium.data, str):
        return Media(medium.data, medium.origin)
    mark = secrets.token_hex(16)  # nobody's text has it
    marks[mark] = medium
    return Media(mark, medium.origin)


def base64_length(medium: Medium) -> int:
    """Characters of its base64; 0 when the server is to get it itself."""
    return -(-(medium.size or 0) // 3) * 4


def _parts(wire: Mapping[str, Any], media: Mapping[str, Medium]) -> tuple[bytes | Medium, ...]:
    try:
        document = orjson.dumps(wire)
    except TypeError as error:
        raise RequestInvalid("what is to be sent is not valid Unicode") from error
    if not media:
        return (document,)
    pieces = re.split(f"({'|'.join(map(re.escape, media))})".encode(), document)
    marks = {mark.encode(): medium for mark, medium in media.items()}
    return tuple(marks.get(piece, piece) for piece in pieces)
