"""Connections are used again, told apart when they break, and never somebody else's."""

import contextlib
import gc
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from faulty_server import FaultyServer, closes, hangs, message, resets_after, says
from tls_server import TlsServer, tls_server, written_certificate

from facematch.client.body import Body
from facematch.client.transport import Transport
from facematch.errors import ConnectFailed, ConnectionLost, DeadlineExceeded, InvalidResponse, RequestInvalid

ALIVE = {"Connection": "keep-alive"}
GOOD = message(200, b"{}", ALIVE)


def stays(server, connection, request):
    """Answer, and take the connection's next request."""
    connection.sendall(message(200, b'{"a": 1}', ALIVE))
    server.answer(connection)


def leaves_quietly(server, connection, request):
    """Promise to stay, and close."""
    connection.sendall(message(200, b"{}", ALIVE))


def leaves_at_the_second(server, connection, request):
    """Stay until another request was sent."""
    connection.sendall(message(200, b"{}", ALIVE))
    connection.recv(1)


@pytest.fixture
def transport() -> Iterator[Transport]:
    transport = Transport(connect_timeout_s=5.0)
    yield transport
    transport.close()


def send(transport, url, body=None, *, within=30.0):
    return transport.send(
        "GET" if body is None else "POST", url, body, request_id="r", token=None, deadline=time.monotonic() + within
    )


def test_a_connection_is_used_again_and_its_making_is_told_once(transport):
    with FaultyServer(stays) as server:
        replies = [send(transport, server.url, Body({"n": n})) for n in range(3)]

    assert server.connections == 1
    assert len(server.received) == 3
    assert replies[0].connect_ms > 0
    assert [reply.connect_ms for reply in replies[1:]] == [None, None]


def test_one_that_the_server_has_left_is_replaced_before_anything_is_sent(transport):
    with FaultyServer(leaves_quietly) as server:
        for n in range(3):
            assert send(transport, server.url).status == 200
            while len(server.received) <= n or threading_names().count("faulty-connection"):
                time.sleep(0.01)  # until the server has closed it

    assert server.connections == 3


def test_one_that_is_left_in_the_moment_of_sending_may_have_been_handled(transport):
    with FaultyServer(leaves_at_the_second) as server:
        send(transport, server.url)
        with pytest.raises(ConnectionLost) as caught:
            send(transport, server.url)

    assert caught.value.sent is True


def test_one_that_was_given_up_is_not_used_again(transport):
    acts = iter([stays, hangs, stays])

    def one_after_another(server, connection, request):
        next(acts)(server, connection, request)

    with FaultyServer(one_after_another) as server:
        send(transport, server.url)
        with pytest.raises(DeadlineExceeded):
            send(transport, server.url, within=0.2)
        send(transport, server.url)

    assert server.connections == 2


@pytest.mark.parametrize("act", [closes, resets_after(b"")], ids=["closes", "resets"])
def test_a_connection_that_breaks_after_sending_may_have_been_handled(act, transport):
    with FaultyServer(act) as server, pytest.raises(ConnectionLost) as caught:
        send(transport, server.url, Body({}))

    assert caught.value.sent is True


NO_HTTP = {
    "another protocol": b"SSH-2.0-OpenSSH_9.6\r\n",
    "another version": b"HTTP/7 200 OK\r\n\r\n",
    "no status": b"HTTP/1.1 fine\r\n\r\n",
    "zeros": bytes(70_000),
    "a header of 100 kB": b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n{}",
    "a thousand headers": b"HTTP/1.1 200 OK\r\n" + b"X-Many: x\r\n" * 1000 + b"\r\n{}",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "two lengths, and an end": b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2, 3\r\n\r\n{}",
}


@pytest.mark.parametrize("answer", NO_HTTP)
def test_what_is_no_http_is_an_invalid_answer_and_not_a_broken_connection(answer, transport):
    def act(server, connection, request):
        connection.sendall(NO_HTTP[answer])
        server.stopping.wait(5.0)

    with FaultyServer(act) as server, pytest.raises(InvalidResponse, match="no HTTP") as caught:
        send(transport, server.url)
    caught.value.itself = caught.value
    del caught
    gc.collect()  # a socket that nobody closed, and that only the collector finds, would be an error now


def test_threads_that_give_up_do_not_break_the_calls_of_others(transport):
    """Some calls end about when the answer comes: their connections then go to calls that have all the time."""

    def short(n):
        with contextlib.suppress(DeadlineExceeded, ConnectFailed):
            send(transport, server.url, within=0.001 * (n % 8 + 1))

    def ask(n):
        return short(n) if n % 2 else send(transport, server.url).content

    with FaultyServer(stays) as server, ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, range(400)))

    assert answers[::2] == [b'{"a": 1}'] * 200


@pytest.mark.parametrize(("method", "body"), list(product(("POST", "PUT"), (b"", b"any", Body({})))), ids=str)
def test_every_body_has_its_length(method, body, transport):
    with FaultyServer(says(200)) as server:
        transport.send(method, server.url, body, request_id="r", token=None, deadline=time.monotonic() + 30)

    head, _, received = server.received[0].partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert b"chunked" not in head
    assert received == (body if isinstance(body, bytes) else b"{}")


def test_a_server_that_does_not_speak_tls_was_surely_not_asked(transport):
    with TlsServer(says(200)) as server, pytest.raises(ConnectFailed, match="SSL") as caught:
        send(transport, server.url.replace("http:", "https:"))

    assert caught.value.sent is False


def test_a_server_that_nobody_vouches_for_was_surely_not_asked(transport, certificate):
    with tls_server(certificate, GOOD) as server, pytest.raises(ConnectFailed, match="certificate") as caught:
        send(transport, server.url.replace("http:", "https:"))

    assert caught.value.sent is False
    assert server.received == []


def test_an_exchange_through_tls_is_given_up_as_any_other(transport, certificate):
    transport._http.verify = str(certificate)
    with tls_server(certificate, GOOD) as server:
        url = server.url.replace("http:", "https:")
        assert send(transport, url).connect_ms > 0
        assert send(transport, url).connect_ms is None
        with pytest.raises(DeadlineExceeded) as caught:
            send(transport, url, within=0.3)

    assert caught.value.sent is True


def test_a_name_that_is_none_is_refused_here(transport):
    with pytest.raises(RequestInvalid, match="address"):
        send(transport, f"http://{'a' * 64}.invalid")


def threading_names() -> list[str]:
    return [thread.name for thread in threading.enumerate()]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return written_certificate(tmp_path_factory.mktemp("tls"))
