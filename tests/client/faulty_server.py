"""A server that misbehaves on demand: one thread, one connection at a time, loopback only."""

import contextlib
import json
import socket
import struct
import threading
import zlib
from collections.abc import Callable, Mapping
from typing import Any, Self, cast

Act = Callable[["FaultyServer", socket.socket, bytes], None]
HANDLED = {
    "errcode": 0,
    "errmsg": "SUCCESS",
    "data": {"status": "SUCCESS", "traceNo": "45646513218465123", "result": {"isSccess": "true", "score": "99"}},
}
REPLY_LIMIT_S = 5.0  # no scenario holds a connection longer


class FaultyServer:
    """Answers every request as *act* does; `received` has the requests whole, headers and body."""

    def __init__(self, act: Act, *, reads: bool = True) -> None:
        self.received: list[bytes] = []
        self.stopping = threading.Event()
        self._act = act
        self._reads = reads
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, name="faulty-server", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept
        self._thread.join(REPLY_LIMIT_S)
        self._listener.close()

    def _serve(self) -> None:
        while not self.stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(REPLY_LIMIT_S)
                request = _read_request(connection) if self._reads else b""
                self.received.append(request)
                self._act(self, connection, request)


def _read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def message(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """An HTTP/1.1 answer; *headers* may contradict the body."""
    lines = {"Content-Length": str(len(body)), "Connection": "close", **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode("latin-1") + body


def says(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Act:
    def act(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
        connection.sendall(message(status, body, headers))

    return act


def says_json(status: int, wire: object, headers: Mapping[str, str] | None = None) -> Act:
    return says(status, json.dumps(wire).encode(), {"Content-Type": "application/json", **(headers or {})})


def refuses(status: int, errcode: int, errmsg: str = "no") -> Act:
    data = {"status": "FAIL", "traceNo": "00000000000000000001", "result": {"isSccess": "false"}}
    return says_json(status, {"errcode": errcode, "errmsg": errmsg, "data": data})


def closes(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
    """Close without a word."""


def resets_after(content: bytes) -> Act:
    def act(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
        connection.sendall(content)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close sends RST

    return act


def hangs(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
    server.stopping.wait(REPLY_LIMIT_S)


def sips(pause_s: float) -> Act:
    """Take the request in gulps of 64 KiB with a pause after each, then answer."""

    def act(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
        last = b""
        while not last.endswith(b"}}") and not server.stopping.wait(pause_s):
            last = last[-1:] + connection.recv(65536)
        says_json(200, HANDLED)(server, connection, request)

    return act


def drips(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
    """A byte every 50 ms, which no timeout between two bytes ever notices."""
    connection.sendall(message(200, headers={"Content-Length": "1000"}))
    while not server.stopping.wait(0.05):
        connection.sendall(b" ")


def echoes(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
    """Put all that came, token and photos too, into the errmsg."""
    refuses(200, 2, request.decode("latin-1"))(server, connection, request)


def gzip_bomb(size: int) -> Act:
    """*size* bytes of zeros, a thousandth of that on the line."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(2**20)
    body = b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()
    return says(200, body, {"Content-Encoding": "gzip"})


def floods(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
    """An answer of a terabyte."""
    connection.sendall(message(200, headers={"Content-Length": str(2**40)}))
    while not server.stopping.is_set():
        connection.sendall(bytes(65536))


def routes(acts: Mapping[str, Act], otherwise: Act | None = None) -> Act:
    """One act for each ``"GET /path"``; *otherwise* for the rest: a bare 404."""

    def act(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
        asked = b" ".join(request.split(b" ", 2)[:2]).decode("latin-1")
        acts.get(asked, otherwise or says(404))(server, connection, request)

    return act


def tells(result: object, *, status: str = "SUCCESS", http_status: int = 200) -> Act:
    """An answer of the envelope around *result*."""
    data = {"status": status, "traceNo": "12345678901234567890", **({} if result is None else {"result": result})}
    return says_json(http_status, {"errcode": 0, "errmsg": None, "data": data})


def sent_body(request: bytes) -> dict[str, Any]:
    """The JSON body of a request that was received."""
    return cast("dict[str, Any]", json.loads(request.partition(b"\r\n\r\n")[2]))
