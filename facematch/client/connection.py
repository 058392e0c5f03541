"""urllib3's connections, made to tell the attempt that uses them what they do, and to stand in time or not at all."""

import contextlib
import re
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from facematch.client.attempt import Attempt, current
from facematch.client.body import BASE64_BYTES
from facematch.client.framing import FinalAnswer
from facematch.client.route import Route, certificate_problem, seen
from facematch.errors import CallError, CertificateRefused, ProxyFailed, RequestInvalid

POOL_CONNECTIONS = 32  # kept open to one server; more callers at once open more, and close them
LATE = "not in time"
_TUNNEL_REFUSED = re.compile(r"Tunnel connection failed: (\d{3})")
_PROXY_LOGIN = "407"


class NoAttempt(RuntimeError):
    """A connection was used outside an attempt; a mistake of ours."""


class WatchedConnection(HTTPConnection):
    """Reaches the server within the attempt's time, however many addresses its name has."""

    _answer: FinalAnswer | None = None
    _is_connecting = False

    @property
    def is_spotless(self) -> bool:
        """Whether exactly one whole answer came since the last request, so that another may follow."""
        pending = getattr(self.sock, "pending", int)  # TLS has a buffer of its own
        is_plain = not hasattr(self.sock, "sslobj")  # TLS within a proxy's TLS does not tell what it holds
        return is_plain and self._answer is not None and self._answer.leaves_nothing and not pending()

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
        self._is_connecting, attempt.is_at_proxy = True, self.proxy is not None
        try:
            super().connect()
        except UnicodeError as error:
            raise RequestInvalid("the address cannot be used") from error
        except (OSError, ValueError, urllib3.exceptions.HTTPError) as error:  # ValueError: another host's certificate
            raise _unconnected(error, attempt) from error
        finally:
            self._is_connecting = False
        attempt.is_at_proxy = False
        if self.sock is not None:
            self.sock.settimeout(self.timeout)
        attempt.connect_ms = (time.perf_counter() - started) * 1000
        is_proxys = self.proxy is not None and not self._tunnel_host  # of plain http, whose
        attempt.tls = None if is_proxys else seen(self.sock)  # TLS to an https proxy says nothing of the server

    def send(self, data: Any) -> None:
        """Send *data*, a block of the request, unless the attempt was ended; or what a proxy is asked for first."""
        if self.sock is None:
            self.connect()
        if not self._is_connecting:
            _attempt().sends(getattr(self.sock, "socket", self.sock))  # TLS within a proxy's TLS is no socket
        super().send(data)

    def _tunnel(self) -> None:
        """As urllib3's own; from then on the server is what answers."""
        super()._tunnel()
        _attempt().is_at_proxy = False

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

    def _validate_conn(self, conn: Any) -> None:
        """As urllib3's own, without its warning: who switches the check off is told on every page."""
        if conn.is_closed:
            conn.connect()


class WatchedAdapter(HTTPAdapter):
    """Mounted into a session of requests."""

    def __init__(self, route: Route) -> None:
        self._route = route
        context = route.context()
        self._options: dict[str, Any] = {"blocksize": BASE64_BYTES}
        if context is not None:
            self._options["ssl_context"] = context
        super().__init__(pool_maxsize=POOL_CONNECTIONS, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        """Called by requests."""
        super().init_poolmanager(connections, maxsize, block, **self._options, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Called by requests for every request that goes through a proxy."""
        is_new = proxy not in self.proxy_manager
        ours = {**self._options, "proxy_ssl_context": self._route.proxy_context()} if is_new else {}
        manager = super().proxy_manager_for(proxy, **ours, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def proxy_headers(self, proxy: str) -> dict[str, str]:
        """Called by requests; the login goes to the proxy alone."""
        login = self._route.proxy_login
        if login is None:
            return {}
        try:
            text = login()
        except Exception as error:
            raise RequestInvalid("the proxy's user name and password cannot be had") from error
        return {"Proxy-Authorization": f"Basic {b64encode(text.encode()).decode()}"}

    def build_connection_pool_key_attributes(  # type: ignore[override] # its own types are private
        self, request: Any, verify: Any, cert: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Called by requests; a context of our own says all about certificates, so that no other authority is added."""
        host, options = super().build_connection_pool_key_attributes(request, verify, cert)
        return dict(host), {} if "ssl_context" in self._options else dict(options)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Called by requests; likewise."""
        if "ssl_context" not in self._options:
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]


_POOLS = {"http": WatchedPool, "https": WatchedTlsPool}


def _unconnected(error: BaseException, attempt: Attempt) -> CallError:
    """Who is to blame that no connection stands: the proxy, the server's certificate, or the way."""
    refused = _TUNNEL_REFUSED.search(str(error))
    if attempt.is_at_proxy and refused:
        if refused[1] == _PROXY_LOGIN:
            return ProxyFailed("the proxy does not accept the user name and password", problem="login")
        return ProxyFailed(f"the proxy does not let us through: HTTP {refused[1]}", problem="refused")
    cause = next((each for each in causes(error) if isinstance(each, ssl.SSLCertVerificationError)), None)
    if cause is None or attempt.is_at_proxy:
        return attempt.no_connection(reason(error))
    problem = certificate_problem(cause)
    return CertificateRefused(f"no connection: the server's certificate is refused ({problem})", problem=problem)


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
