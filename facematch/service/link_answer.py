"""One request and its answer on an open connection, within a time and a size."""

import http.client
import io
import socket
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn, Self, cast
from urllib.parse import quote

from facematch import __version__
from facematch.service.link_target import KEPT, LinkRefused, Target

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK_BYTES = 65_536
_MOVED = (301, 302, 303, 307, 308)
_HEADERS = {
    "User-Agent": f"facematch/{__version__}",
    "Accept": "*/*",
    "Accept-Encoding": "identity",  # a compressed answer could be a thousand times its size
    "Connection": "close",
}


class Deadline:
    """When a fetch must be over."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left, more than 0."""
        left = self._ends - time.monotonic()
        if left <= 0:
            self.refuse()
        return left

    def refuse(self) -> NoReturn:
        """Say that the time is over."""
        raise LinkRefused(f"not complete within {self._seconds:g} s") from None


@dataclass(frozen=True, slots=True)
class Moved:
    """An answer that leads elsewhere."""

    location: str = field(repr=False)


class Line:
    """A connection on which every wait is for what is left of the fetch's time: a slow drip does not outlast it."""

    def __init__(self, raw: socket.socket, ends: Deadline) -> None:
        self._raw = raw
        self._ends = ends

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.close()

    def send(self, data: bytes) -> None:
        """All of *data*."""
        self._raw.settimeout(self._ends.left())
        self._raw.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """What http.client reads its answer from."""
        return io.BufferedReader(_Reader(self._raw, self._ends))


class _Reader(io.RawIOBase):
    def __init__(self, raw: socket.socket, ends: Deadline) -> None:
        self._raw = raw
        self._ends = ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        self._raw.settimeout(self._ends.left())
        return self._raw.recv_into(buffer)


def ask(line: Line, target: Target, max_bytes: int) -> bytes | Moved:
    """The bytes at *target*, which *line* leads to, or where they have moved.

    Raises:
        LinkRefused: Too large, too late, compressed, cut short, or another HTTP status than 200.
        OSError, http.client.HTTPException, ValueError: The connection broke, or its other end does not speak HTTP.
    """
    headers = "".join(f"{name}: {value}\r\n" for name, value in _HEADERS.items())
    line.send(f"GET {target.path} HTTP/1.1\r\nHost: {target.authority}\r\n{headers}\r\n".encode("ascii"))
    with http.client.HTTPResponse(cast("socket.socket", line), method="GET") as answer:
        answer.begin()
        if answer.status in _MOVED:
            return Moved(_location(answer))
        if answer.status != http.client.OK:
            raise LinkRefused(f"HTTP status {answer.status}")
        if answer.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
            raise LinkRefused("the answer is compressed")
        return _body(answer, max_bytes)


def _location(answer: http.client.HTTPResponse) -> str:
    location = answer.headers.get("Location", "").strip()
    if not location:
        raise LinkRefused("a redirect without a Location")
    return quote(location.encode("latin-1"), safe=KEPT + "#")  # http.client reads the bytes as Latin-1


def _body(answer: http.client.HTTPResponse, max_bytes: int) -> bytes:
    declared = answer.length  # None: chunked, or until the connection ends
    too_large = LinkRefused(f"more than {max_bytes:,} bytes", too_large=True)
    if (declared or 0) > max_bytes:
        raise too_large
    body = bytearray()
    while part := answer.read(CHUNK_BYTES):
        body += part
        if len(body) > max_bytes:
            raise too_large
    if declared is not None and len(body) < declared:
        raise LinkRefused("the answer ended before it was whole")
    return bytes(body)
