"""What is told of a whole call, however many attempts it took: its time, its digests, whether it may be handled."""

import socket
import time
from typing import ClassVar

import pytest
from faulty_server import FaultyServer, closes, says, tells
from repeated import ANY, BUSY, CALLS, CODE, GOOD, SOON, extras, in_turn

from facematch.client import Budget, FaceMatchClient, Photo, RunItem
from facematch.client import retry as rules
from facematch.errors import ConnectFailed, RateLimited, ServerError
from facematch.log import CallLog, Key

SLOW_S = 0.3


@pytest.fixture(autouse=True)
def short_waits(monkeypatch):
    monkeypatch.setattr(rules, "FIRST_WAIT_S", 0.01)


def slowly(act):
    """The same, after a while."""

    def later(server, connection, request):
        time.sleep(SLOW_S)
        act(server, connection, request)

    return later


def and_is_gone(act):
    """The same, and the server listens no more."""

    def last(server, connection, request):
        server._listener.shutdown(socket.SHUT_RDWR)
        act(server, connection, request)

    return last


@pytest.mark.parametrize(("act", "sent"), [(closes, True), (BUSY, True), (says(429, b"", SOON), None)])
def test_no_connection_after_an_attempt_that_may_have_been_handled_is_told_as_such(act, sent, client_of, rows):
    with FaultyServer(and_is_gone(act)) as server, pytest.raises(ConnectFailed) as caught:
        client_of(server.url, timeout_s=20.0).match(ANY, ANY)

    assert caught.value.sent is bool(sent)
    assert (caught.value.attempt, len(server.received)) == (3, 1)
    assert [row["outcome"] for row in rows()][1:] == ["connect_error"] * 2  # each row keeps its own
    assert [extra.get("retried") for extra in extras(rows)][1:] == ["connect", None]


def test_a_refusal_after_an_attempt_that_may_have_been_handled_is_told_as_such(client_of):
    with FaultyServer(in_turn(closes, says(429, b"", SOON))) as server, pytest.raises(RateLimited) as caught:
        client_of(server.url).match(ANY, ANY)
    with FaultyServer(says(429, b"", SOON)) as server, pytest.raises(RateLimited) as other:
        client_of(server.url).match(ANY, ANY)

    assert (caught.value.sent, other.value.sent) == (True, None)


@pytest.mark.parametrize("call", ["photo", "live code"])
def test_the_time_of_an_answer_is_that_of_all_attempts_and_waits(call, client_of):
    good = CODE if call == "live code" else GOOD
    throttled = says(429, b"", {"Retry-After": "1"})
    with FaultyServer(in_turn(slowly(throttled), good)) as server:
        start = time.monotonic()
        answer = CALLS[call](client_of(server.url, timeout_s=30.0))
        took_ms = 1000 * (time.monotonic() - start)

    assert 1000 * (1 + SLOW_S) <= answer.elapsed_ms <= took_ms
    assert answer.exchange.elapsed_ms <= answer.elapsed_ms - 1000 * (1 + SLOW_S)


def test_the_time_of_an_error_is_that_of_all_attempts_and_waits(client_of):
    with FaultyServer(in_turn(slowly(BUSY), BUSY)) as server, pytest.raises(ServerError) as caught:
        client_of(server.url, timeout_s=30.0).match(ANY, ANY)

    assert caught.value.elapsed_ms >= caught.value.exchange.elapsed_ms + 1000 * SLOW_S


def test_the_time_of_an_accepted_call_is_that_of_all_attempts(client_of):
    with FaultyServer(in_turn(slowly(BUSY), tells(None, status="PROCESSING"))) as server:
        accepted = client_of(server.url, timeout_s=30.0).start_match(ANY, ANY)

    assert accepted.elapsed_ms >= accepted.exchange.elapsed_ms + 1000 * SLOW_S


class Counted(Key):
    """Knows how many digests it made of whole media or bodies."""

    made: ClassVar[list[bytes]] = []

    def digest_of(self, blocks):
        self.made.append(super().digest_of(blocks))
        return self.made[-1]


def test_a_file_is_read_for_its_digest_once_in_a_call(tmp_path, token):
    log = CallLog(tmp_path / "calls.db", key=Counted("k1", b"s" * 32))
    Counted.made.clear()
    with (
        FaultyServer(in_turn(BUSY, BUSY, GOOD)) as server,
        FaceMatchClient(server.url, token, log=log, budget=Budget()) as client,
    ):
        client.match(ANY, Photo(b"probe"), run=RunItem("run", "item", mated=False))
    with log.reading() as db:
        rows = db.exec_driver_sql("SELECT req_digest, ref_digest, probe_digest, run_id, label FROM calls").all()
    log.close()

    assert len(Counted.made) == 3
    assert rows == [(*Counted.made, "run", 0)] * 3
