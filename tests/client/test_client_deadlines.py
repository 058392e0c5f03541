"""One deadline for a whole call: its attempts, the waits between them, and what a server asks for."""

import threading
import time
from email.utils import formatdate

import pytest
from faulty_server import FaultyServer, hangs, routes, says
from repeated import ANY, BUSY, CALLS, CODE, extras, in_turn

from facematch.client import retry as rules
from facematch.errors import DeadlineExceeded, HttpStatusError, RateLimited


def test_a_code_that_hangs_is_asked_for_again_in_half_of_the_time(client_of, rows):
    with FaultyServer(in_turn(hangs, CODE)) as server:
        issued = client_of(server.url, timeout_s=4.0).live_code()

    assert issued.attempts == 2
    assert [row["outcome"] for row in rows()] == ["timeout", "ok"]
    assert extras(rows)[0] == {"retried": "timeout", "wait_ms": 0}


@pytest.mark.parametrize("call", [name for name in CALLS if name != "live code"])
def test_a_call_that_hangs_is_not_made_again(call, client_of, rows):
    with FaultyServer(hangs) as server, pytest.raises(DeadlineExceeded):
        CALLS[call](client_of(server.url, timeout_s=0.8))

    assert len(server.received) == len(rows()) == 1


def test_a_wait_that_does_not_fit_is_not_begun(client_of, rows):
    start = time.monotonic()
    with FaultyServer(says(429, b"", {"Retry-After": "20"})) as server, pytest.raises(RateLimited) as caught:
        client_of(server.url, timeout_s=15.0).match(ANY, ANY)

    assert time.monotonic() - start < 10
    assert caught.value.retry_after_s == 20
    assert extras(rows) == [{"not_retried": "deadline"}]


def test_a_wait_of_a_day_is_not_begun_however_much_time_there_is(client_of, rows):
    with FaultyServer(says(429, b"", {"Retry-After": "86400"})) as server, pytest.raises(RateLimited):
        client_of(server.url, timeout_s=604_800).match(ANY, ANY)

    assert extras(rows) == [{"not_retried": "retry_after"}]


@pytest.mark.parametrize("skew_s", [-86400, 0, 86400])
def test_a_date_is_measured_by_the_clock_of_who_wrote_it(skew_s, client_of, rows):
    now = time.time() + skew_s
    headers = {"Date": formatdate(now, usegmt=True), "Retry-After": formatdate(now + 20, usegmt=True)}
    with FaultyServer(says(429, b"", headers)) as server, pytest.raises(RateLimited) as caught:
        client_of(server.url).match(ANY, ANY)

    assert caught.value.retry_after_s == 20


def test_all_attempts_and_waits_have_one_deadline(client_of, rows, monkeypatch):
    monkeypatch.setattr(rules, "FIRST_WAIT_S", 0.05)
    start = time.monotonic()
    with FaultyServer(in_turn(BUSY, BUSY, BUSY, hangs)) as server, pytest.raises(DeadlineExceeded):
        client_of(server.url, timeout_s=2.5, attempts=9).match(ANY, ANY)

    assert 2.0 < time.monotonic() - start < 12
    assert len(rows()) == 4


def test_closing_the_client_ends_a_wait(client_of, rows):
    with FaultyServer(says(429, b"", {"Retry-After": "25"})) as server:
        client = client_of(server.url, timeout_s=60)
        threading.Timer(0.3, client.close).start()
        start = time.monotonic()
        with pytest.raises(RateLimited):
            client.match(ANY, ANY)

    assert time.monotonic() - start < 15
    assert len(rows()) == 1


def test_a_question_for_a_result_has_one_deadline_with_all_that_it_asks(client_of):
    acts = {"GET /local/results/1": says(404), "GET /local/health": hangs}
    start = time.monotonic()
    with FaultyServer(routes(acts)) as server, pytest.raises(HttpStatusError) as caught:
        client_of(server.url, timeout_s=2.0).result("1")

    assert caught.value.http_status == 404
    assert 1.9 < time.monotonic() - start < 12
