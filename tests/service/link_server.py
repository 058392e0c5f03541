"""An HTTP server on loopback that answers links as badly as it is told to, over TLS if a certificate is given."""

import contextlib
import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

LIMIT_S = 10.0  # no connection is held longer
DRIP_S = 0.02
Act = Callable[["LinkServer", socket.socket, str], None]


class LinkServer:
    """Answers every GET as *act* does; ``received`` has the requests' heads, ``names`` what TLS asked for."""

    def __init__(self, act: Act, *, address: str = "127.0.0.1", port: int = 0, pem: Path | None = None) -> None:
        self.received: list[str] = []
        self.names: list[str | None] = []
        self.stopping = threading.Event()
        self._act = act
        self._tls = self._context(pem) if pem else None
        self._listener = socket.create_server((address, port))
        self.address, self.port = self._listener.getsockname()[:2]
        self.url = f"http://{address}:{self.port}"
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept
        for thread in self._threads:
            thread.join(LIMIT_S)
        self._listener.close()

    def _context(self, pem: Path) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        context.sni_callback = lambda _, name, __: self.names.append(name)
        return context

    def _serve(self) -> None:
        while not self.stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._talk, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(LIMIT_S)
            if self._tls:
                with self._tls.wrap_socket(connection, server_side=True) as secured:
                    self._answer(secured)
            else:
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            part = connection.recv(65536)
            if not part:
                return
            head += part
        self.received.append(head.decode("latin-1"))
        self._act(self, connection, self.received[-1].split(" ")[1])


def reply(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """An HTTP/1.1 answer; *headers* may contradict the body, and an empty one is left out."""
    lines = {"Content-Length": str(len(body)), "Connection": "close", **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode("latin-1") + body


def says(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Act:
    """One answer to everything."""
    return writes(reply(status, body, headers))


def writes(answer: bytes) -> Act:
    """These very bytes, and the end."""
    return lambda _server, connection, _path: connection.sendall(answer)


def moves(to: str, status: int = 302, headers: Mapping[str, str] | None = None) -> Act:
    """Everything is elsewhere."""
    return says(status, headers={"Location": to, **(headers or {})})


def serves(pages: Mapping[str, bytes]) -> Act:
    """Whole answers by path."""
    return lambda _server, connection, path: connection.sendall(pages[path])


def says_no_more(start: bytes = b"") -> Act:
    """*start*, then silence on an open connection."""
    return goes_on(start, b"", pause_s=DRIP_S)


def goes_on(start: bytes, part: bytes, *, pause_s: float = 0.0) -> Act:
    """*start*, then *part* again and again until the other side has enough."""

    def act(server: LinkServer, connection: socket.socket, path: str) -> None:
        connection.sendall(start)
        while not server.stopping.wait(pause_s):
            connection.sendall(part)

    return act


def certificate(folder: Path, *names: str) -> Path:
    """A file with a new key and its self-signed certificate for *names*."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "made for a test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file
