"""One exchange with a server, under way in a thread of its own, that another thread may end at any point."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from facematch.client.route import TlsSeen
from facematch.errors import ConnectFailed, DeadlineExceeded, ProxyFailed


class Attempt:
    """What the exchange's thread tells, and how to end it.

    The socket is held by a handle of its own: it reaches the connection beneath TLS too, and can neither be closed
    by the other thread in the wrong moment nor meanwhile have become somebody else's.

    Args:
        connect_by: Until when the connection must stand, in ``time.monotonic()`` seconds.
    """

    def __init__(self, connect_by: float) -> None:
        self.connect_by = connect_by
        self.connect_ms: float | None = None  # None as long as no new connection stands
        self.connected = threading.Event()  # or it never will be
        self.is_at_proxy = False  # whether a proxy is what is being reached
        self.tls: TlsSeen | None = None  # of a new connection
        self.missing = "the request was not taken"  # how far it did not come; an English clause
        self._lock = threading.Lock()
        self._handle: socket.socket | None = None
        self._sent = self._over = False

    @property
    def sent(self) -> bool:
        """Whether a byte of the request may have left."""
        return self._sent

    def no_connection(self, why: str) -> ConnectFailed:
        """The error that there is no connection, because of *why*: an English clause without addresses."""
        if self.is_at_proxy:
            return ProxyFailed(f"no connection to the proxy: {why}")
        return ConnectFailed(f"no connection: {why}", sent=False)

    def holds(self, sock: socket.socket) -> None:
        """From now on the exchange goes through *sock*.

        Raises:
            DeadlineExceeded: It has been ended.
        """
        with self._lock:
            self._hold(sock)

    def sends(self, sock: socket.socket) -> None:
        """The next byte of the request is about to leave through *sock*.

        Raises:
            DeadlineExceeded: It has been ended; nothing may be sent any more.
        """
        with self._lock:
            if self._handle is None or self._over:
                self._hold(sock)
            self._sent = True
        self.connected.set()

    def lets_go(self) -> None:
        """The connection is whole and somebody else's from now on, or closed."""
        with self._lock:
            self._release()

    def end(self) -> bool:
        """Break the connection, wherever the exchange is; True when a byte of the request may have left."""
        with self._lock:
            self._over = True
            if self._handle is not None:
                with contextlib.suppress(OSError):  # not connected yet, or not any more
                    self._handle.shutdown(socket.SHUT_RDWR)
            return self._sent

    def _hold(self, sock: socket.socket) -> None:
        self._release()
        if self._over:
            raise DeadlineExceeded("given up", sent=self._sent)
        self._handle = socket.socket(sock.family, sock.type, sock.proto, fileno=socket.dup(sock.fileno()))

    def _release(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None


class _Current(threading.local):
    attempt: Attempt | None = None


_CURRENT = _Current()


@contextmanager
def under_way(attempt: Attempt) -> Iterator[None]:
    """Whatever connections do in the block, in this thread, belongs to *attempt*."""
    _CURRENT.attempt = attempt
    try:
        yield
    finally:
        _CURRENT.attempt = None
        attempt.lets_go()
        attempt.connected.set()


def current() -> Attempt | None:
    """This thread's attempt."""
    return _CURRENT.attempt
