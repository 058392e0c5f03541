"""Where an answer begins and ends on its connection; http.client alone is content with less."""

import http.client
import io
import re
import socket
from typing import Any

from facematch.errors import InvalidResponse

INTERIM_MAX = 8  # that may come before an answer
SWITCHING, OK = 101, 200
_LENGTH = re.compile("[0-9]{1,19}")


class _Line(io.RawIOBase):
    """What comes from the server; once it ``is_over`` nothing more is fetched."""

    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw = raw
        self.is_over = False

    def readable(self) -> bool:
        """As a buffer asks."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """As a socket's file does it."""
        return 0 if self.is_over else self._raw.readinto(buffer)

    def close(self) -> None:
        """Close the socket's file."""
        self._raw.close()
        super().close()


class _Buffer(io.BufferedReader):
    """Tells when it is closed whether more was fetched than was read."""

    has_more = False

    def __init__(self, line: _Line) -> None:
        super().__init__(line)
        self._line = line

    def close(self) -> None:
        """Close the socket's file."""
        if not self.closed:
            self._line.is_over = True
            self.has_more = bool(self.peek())
        super().close()


class FinalAnswer(http.client.HTTPResponse):
    """The answer to a request. The interim ones before it are skipped: every 1xx but 101, after which no HTTP comes."""

    def __init__(self, sock: socket.socket, method: str | None = None) -> None:
        super().__init__(sock, method=method)
        self._buffer = self.fp = _Buffer(_Line(self.fp.detach()))

    @property
    def leaves_nothing(self) -> bool:
        """Whether the connection can have no byte that belongs to it, or that came behind it; asked when it is over."""
        is_told_twice = self.chunked and "Content-Length" in self.headers
        return self.isclosed() and self.status >= OK and not is_told_twice and not self._buffer.has_more

    def begin(self) -> None:
        """Read as far as the headers.

        Raises:
            http.client.HTTPException: It is no HTTP, or has a length that is none.
            InvalidResponse: Too many interim answers.
        """
        super().begin()
        told = ",".join(self.headers.get_all("Content-Length", [])) if "Content-Length" in self.headers else None
        lengths = set() if told is None else {text.strip() for text in told.split(",")}
        if len(lengths) > 1 or not all(map(_LENGTH.fullmatch, lengths)):
            raise http.client.HTTPException("no length")
        if lengths and self.length is None and not self.chunked:
            self.length = int(lengths.pop())  # told twice alike

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(INTERIM_MAX + 1):
            version, status, phrase = super()._read_status()  # type: ignore[misc] # not in its stub
            if status >= OK or status == SWITCHING:
                return version, status, phrase
            http.client.parse_headers(self.fp)
        raise InvalidResponse(f"more than {INTERIM_MAX} interim answers came, and none after them")
