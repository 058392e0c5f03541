"""urllib3's connections, made to tell the attempt that uses them what they do, and to stand in time or not at all."""

import contextlib
import socket
import time
from collections.abc import Iterator
from typing import Any

import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from facematch.client.attempt import Attempt, current
from facematch.client.body import BASE64_BYTES
from facematch.client.framing import FinalAnswer
from facematch.errors import ConnectFailed, RequestInvalid

POOL_CONNECTIONS = 32  # kept open to one server; more callers at once open more, and close them
LATE = "not in time"


class NoAttempt(RuntimeError):
    """A connection was used outside an attempt; a mistake of ours."""


class WatchedConnection(HTTPConnection):
    """Reaches the server within the attempt's time, however many addresses its name has."""

    _answer: FinalAnswer | None = None

    @property
    def is_spotless(self) -> bool:
        """Whether exactly one whole answer came since the last request, so that another may follow."""
        pending = getattr(self.sock, "pending", int)  # TLS has a buffer of its own
        return self._answer is not None and self._answer.leaves_nothing and not pending()

    def response_class(  # type: ignore[override] # a method in place of the class that is called there
        self, sock: socket.socket, *_: object, method: str | None = None
    ) -> FinalAnswer:
        """Called by http.client for every answer."""
        self._answer = FinalAnswer(sock, method)
        return self._answer

    def connect(self) -> None:
        """Connect, and shake hands where that is due.

        Raises:
            ConnectFailed: For whatever reason; nothing was sent.
            RequestInvalid: The name is none.
        """
        attempt, started = _attempt(), time.perf_counter()
        try:
            super().connect()
        except UnicodeError as error:
            raise RequestInvalid("the address cannot be used") from error
        except (OSError, ValueError, urllib3.exceptions.HTTPError) as error:  # ValueError: another host's certificate
            raise ConnectFailed(f"no connection: {reason(error)}", sent=False) from error
        if self.sock is not None:
            self.sock.settimeout(self.timeout)
        attempt.connect_ms = (time.perf_counter() - started) * 1000

    def send(self, data: Any) -> None:
        """Send *data*, a block of the request, unless the attempt was ended."""
        if self.sock is None:
            self.connect()
        _attempt().sends(self.sock)
        super().send(data)

    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override] # as urllib3 has it
        """The answer as far as its headers."""
        attempt, sock = _attempt(), self.sock
        attempt.missing = "no answer came"
        try:
            response = super().getresponse()
        except BaseException:
            if sock.fileno() != -1:
                socket.close(sock.detach())  # urllib3 forgets it when the headers contradict each other
            raise
        attempt.missing = "the answer was not complete"
        return response

    def _new_conn(self) -> socket.socket:
        """As urllib3's own, except that each further address has its share of the time that is left."""
        attempt, problem = _attempt(), OSError(None, "the name has no address")
        found = socket.getaddrinfo(self._dns_host.strip("[]"), self.port, type=socket.SOCK_STREAM)
        for place, (family, kind, protocol, _, address) in enumerate(found):
            try:
                return self._reach(attempt, len(found) - place, (family, kind, protocol), address)
            except OSError as error:
                problem = error
        raise problem

    def _reach(self, attempt: Attempt, shares: int, kind: tuple[int, int, int], address: Any) -> socket.socket:
        left = attempt.connect_by - time.monotonic()
        if left <= 0:
            raise TimeoutError
        sock = socket.socket(*kind)
        with contextlib.ExitStack() as unless_it_stands:
            unless_it_stands.callback(sock.close)
            attempt.holds(sock)
            for option in self.socket_options or ():
                sock.setsockopt(*option)
            sock.settimeout(left / shares)
            sock.connect(address)
            sock.settimeout(max(attempt.connect_by - time.monotonic(), 0.001))  # for the handshake
            unless_it_stands.pop_all()
        return sock


class WatchedTlsConnection(WatchedConnection, HTTPSConnection):
    """The same through TLS."""


class WatchedPool(HTTPConnectionPool):
    """Gives a connection to the next attempt only when the last one has let go of it, and has left it spotless."""

    ConnectionCls = WatchedConnection

    def _put_conn(self, conn: Any) -> None:
        if (attempt := current()) is not None:
            attempt.lets_go()
        if conn is not None and not conn.is_spotless:
            conn.close()
        super()._put_conn(conn)


class WatchedTlsPool(WatchedPool, HTTPSConnectionPool):
    """The same through TLS."""

    ConnectionCls = WatchedTlsConnection


class WatchedAdapter(HTTPAdapter):
    """Mounted into a session of requests."""

    def __init__(self) -> None:
        super().__init__(pool_maxsize=POOL_CONNECTIONS, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        """Called by requests."""
        super().init_poolmanager(connections, maxsize, block, blocksize=BASE64_BYTES, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": WatchedPool, "https": WatchedTlsPool}


def reason(error: BaseException) -> str:
    """The system's own words for it, without addresses."""
    for cause in causes(error):
        if isinstance(cause, TimeoutError):
            return LATE
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
    return type(error).__name__


def causes(error: BaseException) -> Iterator[BaseException]:
    """*error* and what it came from, the latest first."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _attempt() -> Attempt:
    attempt = current()
    if attempt is None:
        raise NoAttempt
    return attempt
