"""What a server can do to one request: the acts that scenarios are made of."""

import functools
import json
import socket
import struct
import time
import zlib
from collections.abc import Callable, Mapping
from email.utils import formatdate
from typing import Any, cast

from .server import HOLD_S, Act, FaultyServer, missing, path

TRACE_NO = "45646513218465123"
HANDLED = {
    "errcode": 0,
    "errmsg": "SUCCESS",
    "data": {"status": "SUCCESS", "traceNo": TRACE_NO, "result": {"isSccess": "true", "score": "99"}},
}
JSON = {"Content-Type": "application/json"}
DRIP_S = 0.05
BLOCK = 65536


def message(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """An HTTP/1.1 answer; *headers* may contradict the body."""
    lines = {"Content-Length": str(len(body)), "Connection": "close", **(headers or {})}
    return _head(status, lines) + body


def chunked(status: int = 200) -> bytes:
    """The head of an answer whose length is not told."""
    return _head(status, {"Transfer-Encoding": "chunked", "Connection": "close"})


def _head(status: int, lines: Mapping[str, str]) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode("latin-1")


def sends(content: bytes) -> Act:
    """These bytes, be they HTTP or not."""

    def act(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
        connection.sendall(content)

    return act


def says(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Act:
    return sends(message(status, body, headers))


def says_json(status: int, wire: object, headers: Mapping[str, str] | None = None) -> Act:
    return says(status, json.dumps(wire).encode(), {**JSON, **(headers or {})})


def good_answer(request: bytes) -> bytes:
    """The contract's answer, whole: a verdict, or a live code to those who ask for one."""
    result = {"code": "2312"} if path(request).endswith("/validateData") else {"isSccess": "true", "score": "99"}
    wire = HANDLED | {"data": {"status": "SUCCESS", "traceNo": TRACE_NO, "result": result}}
    return message(200, json.dumps(wire).encode(), JSON)


def good(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
    """Nothing wrong at all."""
    connection.sendall(good_answer(request))


def refuses(status: int, errcode: int, errmsg: str = "no", headers: Mapping[str, str] | None = None) -> Act:
    data = {"status": "FAIL", "traceNo": "00000000000000000001", "result": {"isSccess": "false"}}
    return says_json(status, {"errcode": errcode, "errmsg": errmsg, "data": data}, headers)


def tells(result: object, *, status: str = "SUCCESS", http_status: int = 200) -> Act:
    """An answer of the envelope around *result*."""
    data = {"status": status, "traceNo": "12345678901234567890", **({} if result is None else {"result": result})}
    return says_json(http_status, {"errcode": 0, "errmsg": None, "data": data})


def closes(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
    """Close without a word."""


def resets_after(content: bytes) -> Act:
    def act(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
        connection.sendall(content)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # close sends RST

    return act


def hangs(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
    """Hold the connection and say nothing, until the server is stopped."""
    server.stopping.wait(HOLD_S)


def sips(pause_s: float) -> Act:
    """Take the request in gulps of 64 KiB with a pause after each, then answer."""

    def act(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
        left = missing(request)
        while left > 0 and not server.stopping.wait(pause_s):
            gulp = connection.recv(BLOCK)
            left -= len(gulp)
            if not gulp:
                return
        good(server, connection, request)

    return act


def drips_after(start: bytes, drop: bytes = b" ") -> Act:
    """*start*, then a *drop* every 50 ms, which no timeout between two bytes ever notices."""

    def act(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
        connection.sendall(start)
        while not server.stopping.wait(DRIP_S):
            connection.sendall(drop)

    return act


drips = drips_after(message(200, headers={"Content-Length": "1000"}))


def floods_after(start: bytes, block: bytes) -> Act:
    """*start*, then *block* after *block* as fast as they go."""

    def act(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
        connection.sendall(start)
        while not server.stopping.is_set():
            connection.sendall(block)

    return act


floods = floods_after(message(200, headers={"Content-Length": str(2**40)}), bytes(BLOCK))  # an answer of a terabyte


def echoes(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
    """Put all that came, token and photos too, into the errmsg."""
    refuses(200, 2, request.decode("latin-1"))(server, connection, request)


def gzip_bomb(size: int) -> Act:
    """*size* bytes of zeros, a thousandth of that on the line."""

    def act(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
        connection.sendall(message(200, _zeros(size), {**JSON, "Content-Encoding": "gzip"}))

    return act


@functools.cache
def _zeros(size: int) -> bytes:
    """A gzip stream made of one packed MiB again and again: packing them all takes a second, and a call has less."""
    packer, block = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS), bytes(2**20)
    packed, count = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH), size // len(block)
    checksum = functools.reduce(lambda sum_, _: zlib.crc32(block, sum_), range(count), 0)
    header = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
    return header + packed * count + packer.flush() + struct.pack("<II", checksum, size % 2**32)


def redirects(status: int, location: Callable[[FaultyServer, str], str]) -> Act:
    """Send the caller to where *location* tells, given the server and the path that was asked for."""

    def act(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
        connection.sendall(message(status, b"moved", {"Location": location(server, path(request))}))

    return act


def to_elsewhere(server: FaultyServer, asked: str) -> str:
    """The same path on the other host."""
    return (server.elsewhere.url if server.elsewhere else "http://127.0.0.1:9") + asked


def to_itself(server: FaultyServer, asked: str) -> str:
    """Where the caller has just been."""
    return server.url + asked


def at_http_date(status: int, wait_s: int, ahead_s: int = 0) -> Act:
    """Retry-After as a date *wait_s* from now, by a clock that is *ahead_s* ahead and tells so."""

    def act(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
        now = int(time.time()) + ahead_s
        dates = {"Date": formatdate(now, usegmt=True), "Retry-After": formatdate(now + wait_s, usegmt=True)}
        connection.sendall(message(status, headers=dates))

    return act


def then_good(times: int, act: Act) -> Act:
    """*act* on the first *times* attempts of a call, and nothing wrong after them."""

    def first(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
        (act if server.attempt(request) <= times else good)(server, connection, request)

    return first


def routes(acts: Mapping[str, Act], otherwise: Act | None = None) -> Act:
    """One act for each ``"GET /path"``; *otherwise* for the rest: a bare 404."""

    def act(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
        asked = b" ".join(request.split(b" ", 2)[:2]).decode("latin-1")
        acts.get(asked, otherwise or says(404))(server, connection, request)

    return act


def sent_body(request: bytes) -> dict[str, Any]:
    """The JSON body of a request that was received."""
    return cast("dict[str, Any]", json.loads(request.partition(b"\r\n\r\n")[2]))
