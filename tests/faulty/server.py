"""A server on loopback that misbehaves on demand: a thread for each connection, all ended when the block is left."""

import contextlib
import socket
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

HOLD_S = 60.0  # no scenario holds a connection longer; leaving the block ends it at once
JOIN_S = 5.0

Act = Callable[["FaultyServer", socket.socket, bytes], None]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way of misbehaving; a request is taken whole before the act, unless it does not ``reads``."""

    description: str  # one line, for people who choose among them
    act: Act
    reads: bool = True
    local: Act | None = None  # for paths below /local; None: a bare 404


class FaultyServer:
    """Answers as told; `received` has the requests, whole where they were read.

    Args:
        act: What to do with every request; or scenarios by name, of which the first part of a request's path takes one.
        reads: Whether *act* is to find the body taken.
        port: Of 127.0.0.1; 0 picks a free one.
        elsewhere: Where redirects point to.
        keeps: Whether `received` is filled; what runs for long would fill the memory.
    """

    def __init__(
        self,
        act: Act | Mapping[str, Scenario],
        *,
        reads: bool = True,
        port: int = 0,
        elsewhere: "FaultyServer | None" = None,
        keeps: bool = True,
    ) -> None:
        self.received: list[bytes] = []
        self.connections = 0
        self.stopping = threading.Event()
        self.elsewhere = elsewhere
        self._scenarios = act if isinstance(act, Mapping) else Scenario("", act, reads)
        self._keeps = keeps
        self._seen: Counter[bytes] = Counter()
        self._open: dict[socket.socket, threading.Thread] = {}
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", port), backlog=128)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, name="faulty-server", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        _end(self._listener)  # wakes accept
        self._thread.join(JOIN_S)
        self._listener.close()
        with self._lock:
            talks = dict(self._open)
        for connection in talks:
            _end(connection)  # wakes recv and sendall
        for thread in talks.values():
            thread.join(JOIN_S)

    def attempt(self, request: bytes) -> int:
        """Which request of its call this is, from 1: a call has one id for all of its attempts."""
        return self._seen[header(request, "X-Request-Id")]

    def requests_of(self, request_id: str) -> list[bytes]:
        """Those that were received of one call."""
        return [request for request in self.received if header(request, "X-Request-Id") == request_id.encode()]

    def _serve(self) -> None:
        while not self.stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._talk, args=(connection,), name="faulty-connection", daemon=True)
            with self._lock:
                self._open[connection] = thread
            thread.start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(HOLD_S)
            self.answer(connection)
        with self._lock:
            self._open.pop(connection, None)

    def answer(self, connection: socket.socket) -> None:
        """Take the next request of *connection* and act on it.

        Raises:
            OSError: The connection ended.
        """
        request = read_until(connection, b"", lambda got: b"\r\n\r\n" in got)
        scenario = self._chosen(request)
        if scenario.reads:
            request = read_until(connection, request, lambda got: missing(got) <= 0)
        with self._lock:
            self._seen[header(request, "X-Request-Id")] += 1
            if self._keeps:
                self.received.append(request)
        scenario.act(self, connection, request)

    def _chosen(self, request: bytes) -> Scenario:
        if isinstance(self._scenarios, Scenario):
            return self._scenarios
        _, name, *rest = [*path(request).split("/"), "", ""]
        scenario = self._scenarios.get(name, _NO_SUCH)
        if rest[0] != "local":
            return scenario
        return Scenario("", scenario.local or _not_found)


def read_until(connection: socket.socket, got: bytes, is_enough: Callable[[bytes], bool]) -> bytes:
    """*got* and what comes after it, until that *is_enough*.

    Raises:
        OSError: The connection ended before.
    """
    parts = bytearray(got)
    while not is_enough(parts):
        part = connection.recv(65536)
        if not part:
            raise ConnectionResetError("the request was not whole")
        parts += part
    return bytes(parts)


def missing(request: bytes) -> int:
    """How many bytes of the body are yet to come."""
    head = request.find(b"\r\n\r\n")
    return int(header(request, "Content-Length") or 0) - (len(request) - head - 4)


def header(request: bytes, name: str) -> bytes:
    """A header's value; empty when there is none."""
    start = name.lower().encode() + b":"
    lines = request[: request.find(b"\r\n\r\n")].split(b"\r\n")
    return bytes(next((line[len(start) :].strip() for line in lines if line.lower().startswith(start)), b""))


def path(request: bytes) -> str:
    """The path that was asked for, without its query; empty in what is no HTTP."""
    return [*request.split(b" ", 2), b""][1].partition(b"?")[0].decode("latin-1")


def _end(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _not_found(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


_NO_SUCH = Scenario("no scenario of this name", _not_found)
