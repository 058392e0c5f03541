"""Faults of the line and of HTTP itself: silence, drips, floods, resets, lengths that lie."""

import gzip
import socket
from collections.abc import Mapping

from .acts import (
    BLOCK,
    JSON,
    chunked,
    closes,
    drips,
    drips_after,
    floods,
    floods_after,
    good,
    good_answer,
    gzip_bomb,
    hangs,
    message,
    resets_after,
    says,
    sends,
    sips,
)
from .server import Act, FaultyServer, Scenario

BOMB_BYTES = 256 * 2**20
HALF = message(200, b'{"errcode": 0, ', {**JSON, "Content-Length": "400"})
HALF_CHUNKED = chunked() + b"11\r\n" + b'{"errcode": 0, "e' + b"\r\n4\r\nrr"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
OK_LINE = b"HTTP/1.1 200 OK\r\n"


def _continues_once(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
    connection.sendall(CONTINUE + good_answer(request))


def _processes(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
    """102, and the answer only when whoever took that for one has gone on to the next call."""
    connection.sendall(b"HTTP/1.1 102 Processing\r\n\r\n")
    server.stopping.wait(0.3)
    connection.sendall(good_answer(request))


def _hints(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
    connection.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n" + good_answer(request))


def _length_of(text: str) -> Act:
    def act(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
        body = good_answer(request).partition(b"\r\n\r\n")[2]
        connection.sendall(message(200, body, {**JSON, "Content-Length": text}))

    return act


def _gzip_cut(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
    packed = gzip.compress(good_answer(request).partition(b"\r\n\r\n")[2])
    connection.sendall(message(200, packed[:-4], {**JSON, "Content-Encoding": "gzip"}))


def _length(difference: int) -> Act:
    def act(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
        body = good_answer(request).partition(b"\r\n\r\n")[2]
        connection.sendall(message(200, body, {**JSON, "Content-Length": str(len(body) + difference)}))

    return act


def _header_of_100_kb(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
    start, rest = good_answer(request).split(b"\r\n", 1)
    connection.sendall(start + b"\r\nX-Long: " + b"a" * 100_000 + b"\r\n" + rest)


def _two_lengths(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
    start, rest = good_answer(request).split(b"\r\n", 1)
    connection.sendall(start + b"\r\nContent-Length: 5\r\n" + rest)


def _two_answers(server: FaultyServer, connection: socket.socket, request: bytes) -> None:
    """A verdict against, and at once another one in favour that nobody asked for; the connection stays open."""
    against = b'{"errcode":0,"data":{"status":"SUCCESS","traceNo":"1","result":{"isSccess":"false","score":"3"}}}'
    in_favour = against.replace(b"false", b"true").replace(b'"3"', b'"99"')
    open_ = {**JSON, "Connection": "keep-alive"}
    connection.sendall(message(200, against, open_) + message(200, in_favour, open_))
    server.answer(connection)


LINES: Mapping[str, Scenario] = {
    "good": Scenario("nothing wrong: the contract's answer", good),
    "closes": Scenario("takes the request and closes without a word", closes),
    "resets": Scenario("takes the request and resets the connection", resets_after(b"")),
    "resets_in_header": Scenario("resets within the answer's header", resets_after(OK_LINE + b"Content-Ty")),
    "resets_in_body": Scenario("resets within the answer's body", resets_after(HALF)),
    "resets_in_chunks": Scenario("resets within a chunk of the answer", resets_after(HALF_CHUNKED)),
    "closes_in_chunks": Scenario("closes within a chunk of the answer", sends(HALF_CHUNKED)),
    "length_too_long": Scenario("tells a Content-Length of 50 more than it sends", _length(50)),
    "length_too_short": Scenario("tells a Content-Length of 20 less than it sends", _length(-20)),
    "length_negative": Scenario("a good answer that tells a Content-Length of -1", _length_of("-1")),
    "length_no_number": Scenario("a good answer whose Content-Length is “many”", _length_of("many")),
    "two_lengths": Scenario("tells two Content-Lengths that differ", _two_lengths),
    "hangs": Scenario("takes the request and never answers", hangs),
    "hangs_taking": Scenario("stops taking the request after its header", hangs, reads=False),
    "sips": Scenario("takes the request so slowly that a big one is never whole", sips(0.05), reads=False),
    "drips_header": Scenario("a byte of the header every 50 ms, without end", drips_after(OK_LINE + b"X-Slow: ", b"a")),
    "drips_body": Scenario("a byte of the body every 50 ms", drips),
    "drips_chunks": Scenario("a chunk of one byte every 50 ms", drips_after(chunked(), b"1\r\n \r\n")),
    "continues_once": Scenario("100 Continue, then a good answer", _continues_once),
    "processes": Scenario("102 Processing, and a good answer 0.3 s later", _processes),
    "early_hints": Scenario("103 Early Hints, then a good answer", _hints),
    "continues_forever": Scenario(
        "100 Continue as fast as it goes, never an answer", floods_after(b"", CONTINUE * 500)
    ),
    "continues_slowly": Scenario("100 Continue every 50 ms, never an answer", drips_after(b"", CONTINUE)),
    "header_100_kb": Scenario("a header line of 100 kB before a good answer", _header_of_100_kb),
    "headers_forever": Scenario("header lines without end", floods_after(OK_LINE, b"X-More: a\r\n" * 500)),
    "garbage": Scenario("speaks another protocol", sends(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")),
    "bytes_0_255": Scenario("answers with bytes that are no text", sends(bytes(range(256)) * 4)),
    "half_status": Scenario("closes within the status line", sends(b"HTTP/1.1 2")),
    "two_answers": Scenario("a verdict against, and unasked one in favour behind it", _two_answers),
    "early_413": Scenario("413 and the end before the body is taken", says(413), reads=False),
    "gzip_bomb": Scenario("256 MiB of zeros, 260 kB on the line", gzip_bomb(BOMB_BYTES)),
    "bad_gzip": Scenario("says gzip and sends none", says(200, b"no gzip", {"Content-Encoding": "gzip"})),
    "gzip_cut": Scenario("a good answer in gzip without the last bytes of its checksum", _gzip_cut),
    "terabyte": Scenario("an answer of a terabyte", floods),
    "chunks_forever": Scenario(
        "chunks of 64 KiB without end", floods_after(chunked(), b"10000\r\n" + bytes(BLOCK) + b"\r\n")
    ),
    "hanging_health": Scenario("a good answer, but its health hangs", good, local=hangs),
}
