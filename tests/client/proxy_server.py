"""A real HTTP proxy on loopback: CONNECT and plain http, with or without a login."""

import contextlib
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from faulty_server import FaultyServer

CHUNK = 65536


class Proxy(FaultyServer):
    """`asked` has the first line of each request that came, `logins` what each brought in Proxy-Authorization."""

    def __init__(self, login: str | None = None, *, refuses: int | None = None) -> None:
        self.asked: list[str] = []
        self.logins: list[str | None] = []
        self._login = None if login is None else f"Basic {b64encode(login.encode()).decode()}"
        self._refuses = refuses
        super().__init__(lambda *_: None)

    def answer(self, connection: socket.socket) -> None:
        """Take the head, then pass everything on both ways."""
        head = b""
        while b"\r\n\r\n" not in head:
            if not (more := connection.recv(CHUNK)):
                return
            head += more
        first, *headers = head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        told = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in headers)}
        self.asked.append(first)
        self.logins.append(told.get("proxy-authorization"))
        if (status := self._status()) is not None:
            connection.sendall(f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            return
        method, target, _ = first.split(" ")
        self._pass_on(connection, method, target, head)

    def _status(self) -> int | None:
        if self._refuses is not None:
            return self._refuses
        return 407 if self._login is not None and self.logins[-1] != self._login else None

    def _pass_on(self, connection: socket.socket, method: str, target: str, head: bytes) -> None:
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        with socket.create_connection((parts.hostname, parts.port or 80)) as server:
            if method == "CONNECT":
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                path = target.partition(parts.netloc)[2] or "/"
                server.sendall(head.replace(target.encode(), path.encode(), 1))
            back = threading.Thread(target=_pump, args=(server, connection), daemon=True)
            back.start()
            _pump(connection, server)
            back.join(5)


class TlsProxy(Proxy):
    """The same behind TLS of its own; *certificate* is a file with its key."""

    def __init__(self, certificate: Path) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        super().__init__()
        self.url = self.url.replace("http:", "https:")

    def answer(self, connection: socket.socket) -> None:
        """Shake hands first; a client that does not trust us leaves."""
        with contextlib.suppress(ssl.SSLError), self._context.wrap_socket(connection, server_side=True) as inside:
            super().answer(inside)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(CHUNK):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def proxy_server(login: str | None = None, *, refuses: int | None = None) -> Iterator[Proxy]:
    """A proxy until the block ends."""
    with Proxy(login, refuses=refuses) as server:
        yield server
