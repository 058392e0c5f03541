"""An answer's compression undone, up to what an answer may have."""

import zlib

from facematch.errors import InvalidResponse, ResponseTooLarge

ANSWER_MAX_BYTES = 4 * 1024 * 1024  # the contract's answers have about 150; evidence has two small crops
PARTS_MAX = 16  # of a gzip stream; one of as many parts as its bytes allow would take minutes
_CODINGS = ("gzip", "x-gzip", "deflate")
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_BROKEN = "the answer's compression is broken"


def unpacked(content: bytes, coding: str) -> bytes:
    """What *content* was before it was packed; itself when *coding* names nothing that we asked for.

    urllib3 would not miss the end of a stream, and so neither its checksum.

    Args:
        content: Whole.
        coding: ``Content-Encoding``.

    Raises:
        InvalidResponse: It is not packed so, or not to its end.
        ResponseTooLarge: It was more than ``ANSWER_MAX_BYTES``.
    """
    if not content or coding.strip().lower() not in _CODINGS:
        return content
    told = bytearray()
    for _ in range(PARTS_MAX):
        content = _part(content, told)
        if not content:
            return bytes(told)
    raise InvalidResponse(_BROKEN)


def refuse_beyond(size: int) -> None:
    """Refuse *size* bytes when that is more than an answer may have.

    Raises:
        ResponseTooLarge: It is.
    """
    if size > ANSWER_MAX_BYTES:
        raise ResponseTooLarge(f"the answer has more than {ANSWER_MAX_BYTES:,} bytes")


def _part(packed: bytes, told: bytearray) -> bytes:
    """Add the first part of *packed* to *told*; returns the parts behind it."""
    stream = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        told += stream.decompress(packed, ANSWER_MAX_BYTES + 1 - len(told))
    except zlib.error as error:
        raise InvalidResponse(_BROKEN) from error
    refuse_beyond(len(told))
    if not stream.eof:
        raise InvalidResponse(_BROKEN)
    return stream.unused_data
