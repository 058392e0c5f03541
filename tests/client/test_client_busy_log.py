"""A call's one deadline holds over the log, too, and its rows tell what happened."""

import sqlite3
import time
from contextlib import closing, contextmanager

import pytest
from faulty_server import FaultyServer, says
from log_places import until
from repeated import ANY, BUSY, CALLS, CODE, GOOD, extras

from facematch.client import retry as rules
from facematch.errors import AuthError, RateLimited, ServerError

PATIENCE_S = 8.0  # a file that is held is waited for 10 s, unless the call has less


@contextmanager
def busy(log):
    """Another program holds the log's file until the block ends."""
    with closing(sqlite3.connect(log.place, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@pytest.fixture(autouse=True)
def short_waits(monkeypatch):
    monkeypatch.setattr(rules, "FIRST_WAIT_S", 0.01)


@pytest.mark.parametrize("call", CALLS)
def test_a_busy_log_holds_a_call_no_longer_than_its_deadline(call, client_of, log, rows):
    with FaultyServer(CODE if call == "live code" else GOOD) as server, busy(log):
        start = time.monotonic()
        answer = CALLS[call](client_of(server.url, timeout_s=1.0))
        took_s, trouble = time.monotonic() - start, log.trouble
    until(lambda: log.trouble is None)

    assert took_s < PATIENCE_S
    assert "busy" in str(trouble)
    assert answer.elapsed_ms == pytest.approx(1000 * took_s, abs=500)
    assert [(row["request_id"], row["outcome"]) for row in rows()] == [(answer.request_id, "ok")]


def test_a_busy_log_costs_a_call_none_of_its_attempts_and_the_rows_say_what_was_done(client_of, log, rows):
    with FaultyServer(BUSY) as server, busy(log):
        start = time.monotonic()
        with pytest.raises(ServerError) as caught:
            client_of(server.url, timeout_s=3.0).match(ANY, ANY)
        took_s = time.monotonic() - start
    until(lambda: log.trouble is None)

    assert took_s < PATIENCE_S
    assert len(server.received) == caught.value.attempt == 3
    assert [row["attempt"] for row in rows()] == [1, 2, 3]
    assert [extra.get("retried") for extra in extras(rows)] == ["server", "server", None]


def test_a_wait_that_would_leave_the_log_no_moment_is_not_begun(client_of, log, rows):
    throttled = says(429, b"", {"Retry-After": "1"})
    with FaultyServer(throttled) as server, busy(log), pytest.raises(RateLimited) as caught:
        client_of(server.url, timeout_s=1.2).match(ANY, ANY)
    until(lambda: log.trouble is None)

    assert len(server.received) == len(rows()) == caught.value.attempt == 1
    assert extras(rows) == [{"not_retried": "deadline"}]


def test_no_attempt_is_made_when_a_new_token_comes_too_late(client_of, rows):
    def slow_source():
        time.sleep(1.8)
        return "another-token-987654321"

    with FaultyServer(says(401)) as server, pytest.raises(AuthError) as caught:
        client_of(server.url, timeout_s=2.0, token_source=slow_source).match(ANY, ANY)

    assert len(server.received) == len(rows()) == caught.value.attempt == 1
    assert extras(rows)[0]["not_retried"] in ("deadline", "token")  # a loaded machine may not even get the token
