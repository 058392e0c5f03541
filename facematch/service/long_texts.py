"""JSON with texts of megabytes in it, read without copying them twice."""

import secrets
from collections.abc import Iterator

import numpy as np
import orjson

LONG = 2**20  # bytes of a text from which it is cut out
QUOTES_AT_MOST = 256  # looked at; a request has some 40, and what has more is read whole
_RUN = 64  # backslashes before a quote, from which it is not worth knowing whether it is escaped
_ESCAPES = ((b"\\/", b"/"), (b"\\r", b"\r"), (b"\\n", b"\n"))  # that base64 may have
_CONTROL, _ASCII = 0x20, 0x7F


def loads(body: bytearray) -> object:
    """As ``orjson.loads``, but *body* is used up, and a third of the memory is saved: orjson copies all of it first.

    A long text that lies deeper than in an object of the object, or in a list, is lost: nothing is read there.

    Raises:
        orjson.JSONDecodeError: It is not JSON.
    """
    texts = dict(_cut_out(body))
    wire = orjson.loads(body)
    if texts and isinstance(wire, dict):
        for holder in (wire, *(value for value in wire.values() if isinstance(value, dict))):
            _put_back(holder, texts)
    return wire


def _cut_out(body: bytearray) -> Iterator[tuple[str, str]]:
    """Leave a short name nobody can guess in place of each long text."""
    for place in reversed([each for each in _texts(body) if each.stop - each.start >= LONG]):
        part, name = body[place], secrets.token_hex(16)
        body[place] = name.encode()
        if not _is_plain(part):
            body[place.start : place.start + len(name)] = part
            continue
        for escaped, meant in _ESCAPES:
            part = part.replace(escaped, meant) if escaped in part else part
        yield name, str(part, "ascii")


def _texts(body: bytearray) -> Iterator[slice]:
    """What stands between quotes, from the first on, as far as that is easily told."""
    start, at = None, -1
    for _ in range(QUOTES_AT_MOST):
        at = body.find(b'"', at + 1)
        if at < 0:
            return
        if start is None:
            start = at + 1
            continue
        before = body[max(start, at - _RUN) : at]
        backslashes = len(before) - len(before.rstrip(b"\\"))
        if backslashes == _RUN:
            return
        if backslashes % 2 == 0:
            yield slice(start, at)
            start = None


def _is_plain(part: bytearray) -> bool:
    """Whether it is ASCII, nothing in it is forbidden by JSON, and every backslash begins one of `_ESCAPES`."""
    values = np.frombuffer(part, np.uint8)
    if values.min() < _CONTROL or values.max() > _ASCII:
        return False
    return part.count(b"\\") == sum(part.count(escaped) for escaped, _ in _ESCAPES)


def _put_back(holder: dict[str, object], texts: dict[str, str]) -> None:
    for key, value in holder.items():
        if isinstance(value, str) and value in texts:
            holder[key] = texts[value]
