"""What stands around an answer: interim ones before it, its length, its compression, and what comes behind it."""

import contextlib
import gzip
import json
import time
import zlib
from collections.abc import Iterator

import pytest
from faulty_server import FaultyServer, message
from tls_server import tls_server, written_certificate

from facematch.client import Budget, FaceMatchClient, Photo
from facematch.client.transport import Transport
from facematch.client.unpacking import ANSWER_MAX_BYTES
from facematch.errors import ConnectionLost, HttpStatusError, InvalidResponse, ResponseTooLarge

ALIVE = {"Connection": "keep-alive"}
BODY = b'{"a": 1}'
GOOD = message(200, BODY, ALIVE)
IN_CHUNKS = b"Transfer-Encoding: chunked\r\n\r\n8\r\n" + BODY + b"\r\n0\r\nX-Sum: 1\r\n\r\n"
PROBE = Photo(b"any")


def interim(status: int, headers: bytes = b"") -> bytes:
    return b"HTTP/1.1 %d Whatever\r\n%s\r\n" % (status, headers)


def verdict(trace_no: str, passed: bool) -> bytes:
    result = {"isSccess": str(passed).lower(), "score": "99" if passed else "3"}
    data = {"status": "SUCCESS", "traceNo": trace_no, "result": result}
    return message(200, json.dumps({"errcode": 0, "data": data}).encode(), ALIVE)


def says_and_stays(*answers: bytes):
    """The *answers* to the first requests, in order, the last one to all others; each connection is kept open."""
    left = list(answers)

    def act(server, connection, request):
        connection.sendall(left.pop(0) if len(left) > 1 else left[0])
        server.answer(connection)

    return act


@pytest.fixture
def transport() -> Iterator[Transport]:
    transport = Transport(connect_timeout_s=5.0)
    yield transport
    transport.close()


def get(transport, url, *, within=30.0):
    return transport.send("GET", url, request_id="r", token=None, deadline=time.monotonic() + within)


@pytest.mark.parametrize("status", [100, 102, 103, 110, 199])
def test_an_interim_answer_is_skipped_and_the_connection_kept(status, transport):
    with FaultyServer(says_and_stays(interim(status, b"Link: </x>\r\n") * 2 + GOOD)) as server:
        replies = [get(transport, server.url) for _ in range(3)]

    assert [(reply.status, reply.content) for reply in replies] == [(200, BODY)] * 3
    assert "Link" not in replies[0].headers
    assert server.connections == 1


def test_an_answer_that_comes_long_after_an_interim_one_is_that_of_the_call_that_waits_for_it():
    """Whoever takes 102 for an answer gives A's verdict to the next caller, who asks about B."""
    asked = iter("AB")

    def act(server, connection, request):
        who = next(asked)
        connection.sendall(interim(102))
        server.stopping.wait(0.3)
        connection.sendall(verdict(f"of-{who}", passed=who == "A"))
        server.answer(connection)

    with FaultyServer(act) as server, FaceMatchClient(server.url, "a-token", budget=Budget()) as client:
        matches = [client.verify_identity(number, "演示", PROBE) for number in ("1", "2")]

    assert [(match.trace_no, match.passed) for match in matches] == [("of-A", True), ("of-B", False)]


@pytest.mark.parametrize("status", [100, 103])
def test_interim_answers_without_end_are_not_read_without_end(status, transport):
    with (
        FaultyServer(says_and_stays(interim(status) * 500 + GOOD)) as server,
        pytest.raises(InvalidResponse, match="interim"),
    ):
        get(transport, server.url)


def test_101_is_an_answer_and_the_last_of_its_connection():
    changed = message(101, headers={**ALIVE, "Upgrade": "other"})
    with FaultyServer(says_and_stays(changed, verdict("1", passed=True))) as server:
        with FaceMatchClient(server.url, "a-token", budget=Budget()) as client:
            with pytest.raises(HttpStatusError, match="101"):
                client.match(PROBE, PROBE)
            assert client.match(PROBE, PROBE).passed

        assert server.connections == 2


FILLED = message(200, b"x" * 8100, ALIVE)  # not quite the 8 KiB that http.client fetches at once
LONG = message(200, b"x" * 9000, ALIVE)
BEHIND = {
    "a second answer in the packet": GOOD + message(200, b'{"a": 2}', ALIVE),
    "one that is longer than a buffer": GOOD + message(200, b'{"a": "' + b"x" * 20_000 + b'"}', ALIVE),
    "one that the buffer's end cuts": FILLED + GOOD,
    "one behind the buffer's end": LONG + GOOD,
    "the beginning of one": GOOD + b"HTTP/1.1 200 OK\r\nContent-Le",
    "a byte": GOOD + b"\n",
    "a body where there is none": b"HTTP/1.1 204 No Content\r\n\r\n" + BODY,
    "a length that is too short": message(200, BODY + b" ", {**ALIVE, "Content-Length": str(len(BODY))}),
    "an answer behind chunks": b"HTTP/1.1 200 OK\r\n" + IN_CHUNKS + GOOD,
    "a length beside chunks": b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n" + IN_CHUNKS,
}


@pytest.mark.parametrize("answer", BEHIND)
def test_a_connection_with_more_than_one_whole_answer_on_it_is_not_used_again(answer, transport):
    with FaultyServer(says_and_stays(BEHIND[answer])) as server:
        contents = [get(transport, server.url).content for _ in range(3)]

    assert server.connections == 3
    assert len(set(contents)) == 1
    assert b'{"a": 2}' not in contents


@pytest.mark.parametrize(("answer", "connections"), [(GOOD, 1), (GOOD * 2, 2), (LONG, 1), (LONG + GOOD, 2)])
def test_nor_is_one_through_tls_whose_buffer_has_more(answer, connections, transport, tmp_path):
    certificate = written_certificate(tmp_path)
    transport._http.verify = str(certificate)
    with tls_server(certificate, answer) as server:
        contents = {get(transport, server.url.replace("http:", "https:")).content for _ in range(2)}

    assert len(contents) == 1
    assert server.connections == connections


def test_one_whole_answer_in_chunks_keeps_its_connection(transport):
    with FaultyServer(says_and_stays(b"HTTP/1.1 200 OK\r\n" + IN_CHUNKS)) as server:
        assert [get(transport, server.url).content for _ in range(3)] == [BODY] * 3

    assert server.connections == 1


@pytest.mark.parametrize("length", ["-1", "abc", "", " ", "1e3", "+8", "8_0", "0x8", "8, 9", "8,", "8.0", "²"])
@pytest.mark.parametrize("connection", ["keep-alive", "close"])
def test_a_length_that_is_no_length_is_no_answer(length, connection, transport):
    lines = f"HTTP/1.1 200 OK\r\nConnection: {connection}\r\nContent-Length: {length}\r\n\r\n".encode("latin-1")
    with FaultyServer(lambda _, line, __: line.sendall(lines + BODY)) as server, pytest.raises(InvalidResponse):
        get(transport, server.url)


@pytest.mark.parametrize("lines", [b"Content-Length: 8, 8\r\n", b"Content-Length: 8\r\nContent-Length: 8\r\n"])
def test_a_length_that_is_told_twice_alike_is_one(lines, transport):
    with FaultyServer(says_and_stays(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n" + BODY)) as server:
        assert get(transport, server.url, within=5.0).content == BODY

    with FaultyServer(
        lambda _, line, __: line.sendall(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n" + BODY + BODY)
    ) as server:
        assert get(transport, server.url).content == BODY

    with (
        FaultyServer(lambda _, line, __: line.sendall(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n{}")) as server,
        pytest.raises(ConnectionLost),
    ):
        get(transport, server.url)


PACKED = gzip.compress(BODY)


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", PACKED),
        ("X-GZip", PACKED),
        ("gzip", PACKED + gzip.compress(b" ")),
        ("deflate", zlib.compress(BODY)),
        ("identity", BODY),
        ("br", BODY),  # whatever it calls what it does not do
    ],
)
def test_what_is_packed_is_unpacked(coding, packed, transport):
    with FaultyServer(says_and_stays(message(200, packed, {**ALIVE, "Content-Encoding": coding}))) as server:
        assert get(transport, server.url).content.strip() == BODY

    assert b"Accept-Encoding: gzip\r\n" in server.received[0]


@pytest.mark.parametrize("cut", [1, 4, 8, 10, len(PACKED) - 1])
def test_a_packed_answer_without_its_end_is_none(cut, transport):
    answer = message(200, PACKED[:-cut], {"Content-Encoding": "gzip"})
    with FaultyServer(says_and_stays(answer)) as server, pytest.raises(InvalidResponse, match="compression"):
        get(transport, server.url)


@pytest.mark.parametrize(
    "packed",
    [b"no gzip", PACKED[:-8] + bytes(8), PACKED + b"garbage", PACKED * 100],
    ids=["no gzip", "another checksum", "garbage behind it", "a hundred of them"],
)
def test_a_packed_answer_that_is_not_one_is_none(packed, transport):
    answer = message(200, packed, {"Content-Encoding": "gzip"})
    with FaultyServer(says_and_stays(answer)) as server, pytest.raises(InvalidResponse, match="compression"):
        get(transport, server.url)


@pytest.mark.parametrize("over", [0, 1])
def test_the_largest_answer_is_as_large_packed_as_unpacked(over, transport):
    content = bytes(ANSWER_MAX_BYTES + over)
    answers = [message(200, content), message(200, gzip.compress(content), {"Content-Encoding": "gzip"})]
    with FaultyServer(says_and_stays(*answers)) as server:
        for _ in answers:
            with pytest.raises(ResponseTooLarge) if over else contextlib.nullcontext():
                assert get(transport, server.url).content == content
