"""What callers may do to a connection: dawdle with a head, go on sending after the answer, speak no HTTP."""

import json
import logging
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from facematch.contract import MATCH
from facematch.service import Server, protocol

HALF_A_HEAD = b"POST /tech/ai/face/match HTTP/1.1\r\nHost: a\r\n"
HEALTH = b"GET /local/health HTTP/1.1\r\nHost: a\r\n\r\n"
LINES = "facematch.service.traffic"
CHUNK = bytes(65536)
ENDLESS = 64 * 2**20  # more than a service reads after its answer


def connect(server: Server) -> socket.socket:
    address = urlsplit(server.url)
    return socket.create_connection((address.hostname, address.port), timeout=10)


def read_answer(connection: socket.socket) -> bytes:
    answer = connection.recv(65536)
    while b"}}" not in answer:
        got = connection.recv(65536)
        assert got, answer
        answer += got
    return answer


def rest_of(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.fixture
def hurried(monkeypatch) -> None:
    monkeypatch.setattr(protocol, "HEAD_S", 0.3)


@pytest.mark.parametrize("sent", [b"", b"G", HALF_A_HEAD])
def test_a_head_that_does_not_come_whole_in_time_ends_the_connection(sent, hurried, small_service):
    with connect(small_service) as connection:
        connection.sendall(sent)

        assert rest_of(connection) == b""


def test_a_head_that_drips_gets_no_more_time(hurried, small_service):
    with connect(small_service) as connection:
        connection.sendall(HALF_A_HEAD)

        with pytest.raises(ConnectionError):
            drip(connection, b"X: y\r\n")


def drip(connection: socket.socket, part: bytes) -> None:
    for _ in range(200):
        connection.sendall(part)
        threading.Event().wait(0.05)


def flood(connection: socket.socket) -> None:
    for _ in range(ENDLESS // len(CHUNK)):
        connection.sendall(CHUNK)


def test_the_second_head_of_a_connection_has_its_time_too(hurried, small_service):
    with connect(small_service) as connection:
        connection.sendall(HEALTH)
        assert read_answer(connection).startswith(b"HTTP/1.1 200 ")
        connection.sendall(HALF_A_HEAD)

        assert rest_of(connection) == b""


def test_a_body_has_more_time_than_a_head(hurried, small_service, token):
    head = f"POST {MATCH} HTTP/1.1\r\nHost: a\r\nAuthorization: {token}\r\nContent-Length: 2\r\n\r\n"
    with connect(small_service) as connection:
        connection.sendall(head.encode())
        threading.Event().wait(0.6)
        connection.sendall(b"{}")

        assert b'"errcode":1,' in read_answer(connection)


def test_sockets_that_hold_every_place_give_it_back(monkeypatch, hurried, small_service):
    monkeypatch.setattr(protocol, "CONNECTIONS_AT_MOST", 2)
    with ExitStack() as held:
        for _ in range(4):
            held.enter_context(connect(small_service)).sendall(HALF_A_HEAD)
        with connect(small_service) as connection:
            connection.sendall(HEALTH)
            assert read_answer(connection).startswith(b"HTTP/1.1 503 ")
        threading.Event().wait(0.6)

        with connect(small_service) as connection:
            connection.sendall(HEALTH)
            assert read_answer(connection).startswith(b"HTTP/1.1 200 ")


def request(path: str, token: str, declared: int) -> bytes:
    lines = (f"POST {path} HTTP/1.1", "Host: a", f"Authorization: {token}", f"Content-Length: {declared}", "", "")
    return "\r\n".join(lines).encode()


def early_answers(token: str) -> Iterator[tuple[int, bytes]]:
    """Status, and a request that gets it before its body is read."""
    yield 401, request(MATCH, "wrong", 2**40)
    yield 413, request(MATCH, token, 2**40)
    yield 404, request("/nothing", "wrong", 2**40)


@pytest.mark.parametrize("number", range(3))
def test_what_comes_after_an_early_answer_is_read_within_bounds(number, small_service, token):
    status, head = list(early_answers(token))[number]
    with connect(small_service) as connection:
        connection.sendall(head)
        answer = read_answer(connection)
        with pytest.raises(ConnectionError):
            flood(connection)

    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert len(re.findall(rb"\r\nconnection: close\r\n", answer, re.IGNORECASE)) == 1


def test_who_sends_first_and_reads_then_still_gets_the_answer(small_service, token):
    size = 8 * 2**20  # more than the sockets' buffers, less than is read after the answer
    with connect(small_service) as connection:
        connection.sendall(request(MATCH, token, size))
        for _ in range(size // len(CHUNK)):
            connection.sendall(CHUNK)

        answer = read_answer(connection)
        assert rest_of(connection) == b""
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_who_drips_after_an_early_answer_is_left_in_time(monkeypatch, small_service, token):
    monkeypatch.setattr(protocol, "DRAIN_S", 0.3)
    with connect(small_service) as connection:
        connection.sendall(request(MATCH, "wrong", 1000))
        read_answer(connection)

        with pytest.raises(ConnectionError):
            drip(connection, b"x")


def test_a_request_that_came_whole_keeps_its_connection(small_service, token):
    with connect(small_service) as connection:
        for _ in range(2):
            connection.sendall(request(MATCH, token, 2) + b"{}")
            answer = read_answer(connection)

            assert b'"errcode":1,' in answer
            assert b"connection: close" not in answer.lower()


def test_what_is_no_http_has_a_name_and_a_line_in_the_log(small_service, caplog):
    caplog.set_level(logging.INFO, LINES)
    with connect(small_service) as connection:
        connection.sendall(b"nonsense\r\n\r\n")
        head, _, wire = rest_of(connection).partition(b"\r\n\r\n")

    (line,) = [json.loads(record.getMessage()) for record in caplog.records if record.name == LINES]
    assert f"x-request-id: {line['request_id']}".encode() in head.lower().splitlines()
    assert line["trace_no"] == json.loads(wire)["data"]["traceNo"]
    assert (line["status"], line["errcode"], line["method"], line["route"]) == (400, 2, "other", None)


def test_a_body_that_turns_into_nonsense_is_told_so_once(small_service, token, caplog):
    lines = (f"POST {MATCH} HTTP/1.1", "Host: a", f"Authorization: {token}", "Transfer-Encoding: chunked", "", "")
    with connect(small_service) as connection:
        connection.sendall("\r\n".join(lines).encode())
        threading.Event().wait(0.2)
        connection.sendall(b"no chunk\r\n")
        answer = rest_of(connection)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1") == 1
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        "Invalid HTTP request received."
    ]
