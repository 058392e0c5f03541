"""Ending an attempt ends that attempt: before, during and after its exchange, and nobody else's."""

import signal
import socket
import threading
import time

import pytest
from faulty_server import FaultyServer, hangs, message

from facematch.client.attempt import Attempt, under_way
from facematch.client.connection import NoAttempt, WatchedPool
from facematch.client.transport import THREAD, Transport
from facematch.errors import DeadlineExceeded


def stays(server, connection, request):
    connection.sendall(message(200, b"{}", {"Connection": "keep-alive"}))
    server.answer(connection)


def attempt() -> Attempt:
    return Attempt(time.monotonic() + 30)


@pytest.fixture
def pair():
    ends = socket.socketpair()
    for end in ends:
        end.settimeout(10)
    yield ends
    for end in ends:
        end.close()


def test_nothing_is_sent_after_the_end(pair):
    ended = attempt()

    assert ended.end() is False
    for use in (ended.holds, ended.sends):
        with pytest.raises(DeadlineExceeded) as caught:
            use(pair[0])
        assert caught.value.sent is False
    assert ended.end() is False


def test_the_end_breaks_the_connection_for_both_sides(pair):
    sending = attempt()
    sending.sends(pair[0])

    assert sending.connected.is_set()
    assert sending.end() is True
    assert pair[1].recv(1) == pair[0].recv(1) == b""
    with pytest.raises(DeadlineExceeded) as caught:
        sending.sends(pair[0])
    assert caught.value.sent is True
    sending.lets_go()


def test_what_it_has_let_go_of_stays_whole(pair):
    done = attempt()
    done.sends(pair[0])
    done.lets_go()

    assert done.end() is True
    pair[1].sendall(b"x")
    assert pair[0].recv(1) == b"x"


def test_a_connection_that_is_in_the_pool_again_is_not_its_own_any_more():
    with FaultyServer(stays) as server:
        pool = WatchedPool("127.0.0.1", int(server.url.rpartition(":")[2]))
        first = attempt()
        with under_way(first):
            pool.urlopen("GET", "/")
            first.end()  # as a caller may whose time is up between the answer and the thread's last step
        with under_way(attempt()):
            pool.urlopen("GET", "/")
        pool.close()

    assert server.connections == 1


def test_a_connection_whose_answer_was_not_read_is_not_used_again():
    with FaultyServer(stays) as server:
        pool = WatchedPool("127.0.0.1", int(server.url.rpartition(":")[2]))
        for _ in range(2):
            with under_way(attempt()):
                pool.urlopen("GET", "/", preload_content=False).release_conn()
        pool.close()

    assert server.connections == 2


def test_a_connection_outside_an_attempt_is_a_mistake():
    pool = WatchedPool("127.0.0.1", 9)
    with pytest.raises(NoAttempt):
        pool.urlopen("GET", "/", retries=False)
    pool.close()


class Interrupted(Exception):
    """As Ctrl-C, or a page that is run anew."""


@pytest.fixture
def interrupts():
    def interrupt(*_):
        raise Interrupted

    before = signal.signal(signal.SIGALRM, interrupt)
    yield lambda seconds: signal.setitimer(signal.ITIMER_REAL, seconds)
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_a_caller_who_is_interrupted_leaves_no_exchange_behind(interrupts):
    transport = Transport(connect_timeout_s=5)
    with FaultyServer(hangs) as server:
        interrupts(0.3)
        with pytest.raises(Interrupted):
            transport.send("GET", server.url, request_id="r", token=None, deadline=time.monotonic() + 30)

        give_up = time.monotonic() + 10
        while THREAD in [thread.name for thread in threading.enumerate()]:
            assert time.monotonic() < give_up
            time.sleep(0.02)
    transport.close()
