"""A deadline holds at whatever point the server stops, and what was given up leaves neither thread nor socket."""

import gc
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from faulty_server import FaultyServer, drips, floods, hangs, message, says

from facematch.client import Photo
from facematch.client.body import Body, Raw
from facematch.client.transport import THREAD, Transport
from facematch.errors import ConnectFailed, DeadlineExceeded, ResponseTooLarge

HUNG_S = 10.0  # a call that takes so long did not hold its deadline of half a second; a loaded machine may take some
BIG = Raw(Photo(bytes(12 * 2**20)))  # more than the sockets' buffers hold


def drips_its_headers(server, connection, request):
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
    while not server.stopping.wait(0.05):
        connection.sendall(b"x")


def drips_its_chunks(server, connection, request):
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not server.stopping.wait(0.05):
        connection.sendall(b"1\r\n \r\n")


def continues_and_hangs(server, connection, request):
    connection.sendall(b"HTTP/1.1 100 Continue\r\nX-More: yes\r\n\r\n")
    hangs(server, connection, request)


STALLS = {
    "hangs before the answer": (hangs, "no answer came"),
    "drips the headers": (drips_its_headers, "no answer came"),
    "drips the body": (drips, "answer was not complete"),
    "drips the chunks": (drips_its_chunks, "answer was not complete"),
    "hangs after 100 Continue": (continues_and_hangs, "no answer came"),
}


@pytest.fixture
def transport() -> Iterator[Transport]:
    transport = Transport(connect_timeout_s=5.0)
    yield transport
    transport.close()


def send(transport, url, body=None, *, within=0.5):
    method = "GET" if body is None else "POST"
    return transport.send(method, url, body, request_id="r", token=None, deadline=time.monotonic() + within)


@contextmanager
def soon(seconds: float = HUNG_S) -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds


def assert_no_exchange_is_left() -> None:
    give_up = time.monotonic() + HUNG_S
    while left := [thread for thread in threading.enumerate() if thread.name == THREAD]:
        assert time.monotonic() < give_up, left
        time.sleep(0.02)


def open_sockets() -> int:
    links = Path("/proc/self/fd")
    return sum(str(link.readlink()).startswith("socket:") for link in links.iterdir() if link.is_symlink())


@pytest.mark.parametrize("stall", STALLS)
def test_a_stalling_server_runs_into_the_deadline(stall, transport):
    act, missing = STALLS[stall]
    with FaultyServer(act) as server, soon(), pytest.raises(DeadlineExceeded, match=f"{missing} in time") as caught:
        send(transport, server.url, Body({"a": 1}))

    assert caught.value.sent is True
    assert_no_exchange_is_left()


def test_a_server_that_stops_taking_the_body_runs_into_the_deadline(transport):
    with FaultyServer(hangs, reads=False) as server, soon(), pytest.raises(DeadlineExceeded, match="taken") as caught:
        send(transport, server.url, BIG)

    assert caught.value.sent is True
    assert_no_exchange_is_left()


def test_an_endless_answer_is_refused_long_before_its_deadline(transport):
    with FaultyServer(floods) as server, soon(), pytest.raises(ResponseTooLarge):
        send(transport, server.url, within=60.0)


def test_a_deadline_that_is_over_sends_nothing(transport):
    with FaultyServer(says(200)) as server, pytest.raises(DeadlineExceeded) as caught:
        send(transport, server.url, within=0.0)

    assert caught.value.sent is False
    assert server.connections == 0


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts the process's sockets by Linux' own list")
def test_what_was_given_up_leaves_neither_thread_nor_socket():
    gc.collect()  # what earlier tests left behind
    before = open_sockets()
    for act, _ in STALLS.values():
        transport = Transport(connect_timeout_s=5.0)
        with FaultyServer(act) as server:
            for _ in range(4):
                with pytest.raises(DeadlineExceeded):
                    send(transport, server.url, within=0.2)
            transport.close()

    assert_no_exchange_is_left()
    assert open_sockets() <= before


@pytest.fixture
def deaf() -> Iterator[tuple[str, int]]:
    """An address that never answers: its queue of connections is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(listener.getsockname())
        yield listener.getsockname()
        for each in waiting:
            each.close()


def resolves_to(monkeypatch, *addresses) -> None:
    """Every name has these addresses, in this order."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", address) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_address_that_does_not_answer_costs_the_time_to_connect_and_no_more(scheme, deaf):
    with soon(), pytest.raises(ConnectFailed, match="not in time") as caught:
        send(Transport(connect_timeout_s=0.3), f"{scheme}://127.0.0.1:{deaf[1]}", within=60.0)

    assert caught.value.sent is False
    assert_no_exchange_is_left()


def test_connecting_takes_no_longer_than_the_call_may(deaf):
    with soon(), pytest.raises(ConnectFailed) as caught:
        send(Transport(connect_timeout_s=60.0), f"http://127.0.0.1:{deaf[1]}", within=0.3)

    assert caught.value.sent is False


def test_many_addresses_that_do_not_answer_share_the_time(deaf, monkeypatch):
    resolves_to(monkeypatch, *[deaf] * 60)
    with soon(), pytest.raises(ConnectFailed) as caught:
        send(Transport(connect_timeout_s=0.5), "http://many.invalid:1", within=60.0)

    assert caught.value.sent is False
    assert_no_exchange_is_left()


def test_the_next_address_of_a_name_has_its_turn(deaf, monkeypatch):
    with FaultyServer(says(200, b"{}")) as server:
        resolves_to(monkeypatch, deaf, ("127.0.0.1", int(server.url.rpartition(":")[2])))
        transport = Transport(connect_timeout_s=2.0)
        reply = send(transport, "http://two.invalid:1", within=60.0)
        transport.close()

    assert reply.status == 200
    assert reply.connect_ms > 500  # half of the time went to the first


def test_a_name_server_that_does_not_answer_holds_the_thread_and_not_the_call(monkeypatch):
    answers, found = threading.Event(), socket.getaddrinfo

    def in_a_while(*arguments, **options):
        answers.wait(HUNG_S)
        return found(*arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", in_a_while)
    with FaultyServer(says(200)) as server:
        with soon(HUNG_S / 2), pytest.raises(ConnectFailed, match="not in time") as caught:
            send(Transport(connect_timeout_s=0.3), server.url, within=60.0)
        answers.set()
        assert_no_exchange_is_left()

    assert caught.value.sent is False
    assert server.received == []  # what was given up is not sent late


def test_a_server_that_never_shakes_hands_was_surely_not_asked():
    with FaultyServer(hangs) as server, soon(), pytest.raises(ConnectFailed, match="not in time") as caught:
        send(Transport(connect_timeout_s=0.3), server.url.replace("http:", "https:"), within=60.0)

    assert caught.value.sent is False
    assert_no_exchange_is_left()


def test_an_answer_in_time_is_taken_however_slowly_it_comes(transport):
    def in_pieces(server, connection, request):
        for byte in message(200, b"{}"):
            connection.sendall(bytes([byte]))

    with FaultyServer(in_pieces) as server:
        assert send(transport, server.url, within=60.0).content == b"{}"
