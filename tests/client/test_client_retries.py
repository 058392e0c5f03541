"""A call that is made again: how often the server is asked, and what each row says."""

import socket

import pytest
from faulty_server import FaultyServer, closes, message, refuses, resets_after, says, sent_body, tells
from repeated import ANY, BUSY, CALLS, CODE, GOOD, SOON, extras, in_turn

from facematch.client import Accepted, Budget, Photo, RunItem, Video
from facematch.client import retry as rules
from facematch.errors import (
    BusinessError,
    ConnectFailed,
    ConnectionLost,
    InvalidResponse,
    ServerError,
    StillProcessing,
)

ALL, TWICE, ONCE = dict.fromkeys(CALLS, 3), {"photo": 3, "SILENT": 3, "async": 3, "live code": 3}, {}

# name: (what the server does for ever, attempts where more than one, reason)
FAILURES = {
    "429": (says(429), ALL, "rate"),
    "429 at once": (says(429, b"", SOON), ALL, "rate"),
    "429 in words": (says(429, b"", {"Retry-After": "soon"}), ALL, "rate"),
    "429 in the past": (says(429, b"", {"Retry-After": "-5"}), ALL, "rate"),
    "429 with an envelope": (refuses(429, 16), ALL, "rate"),
    "503 that says when": (says(503, b"", SOON), ALL, "unavailable"),
    "502": (says(502), TWICE, "server"),
    "503": (BUSY, TWICE, "server"),
    "504": (says(504), TWICE, "server"),
    "lost": (closes, {"photo": 2, "SILENT": 2, "async": 2, "live code": 3}, "lost"),
    "500": (says(500), ONCE, None),
    "404": (says(404), ONCE, None),
    "401": (says(401), ONCE, None),
    "errcode 16": (refuses(200, 16), ONCE, None),
    "errcode 2010": (refuses(200, 2010), ONCE, None),
    "no JSON": (says(200, b"<html>"), ONCE, None),
    "a redirect": (says(302, b"", {"Location": "http://127.0.0.1:9/"}), ONCE, None),
}


@pytest.fixture(autouse=True)
def short_waits(monkeypatch):
    monkeypatch.setattr(rules, "FIRST_WAIT_S", 0.01)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("failure", FAILURES)
def test_a_failure_is_met_with_as_many_attempts_as_do_no_harm(failure, call, client_of, rows):
    act, attempts, reason = FAILURES[failure]
    with FaultyServer(act) as server, pytest.raises(Exception) as caught:  # noqa: PT011 - which one is told elsewhere
        CALLS[call](client_of(server.url))

    made = attempts.get(call, 1)
    assert len(server.received) == made
    assert [row["attempt"] for row in rows()] == list(range(1, made + 1))
    assert {row["request_id"] for row in rows()} == {caught.value.request_id}
    assert caught.value.attempt == made
    assert [extra.get("retried") for extra in extras(rows)] == [*[reason] * (made - 1), None]
    assert all("wait_ms" in extra for extra in extras(rows)[:-1])


@pytest.mark.parametrize("call", CALLS)
def test_no_connection_is_made_good_for_every_call(call, client_of, rows):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: nobody else gets the port meanwhile
        with pytest.raises(ConnectFailed):
            CALLS[call](client_of(f"http://127.0.0.1:{taken.getsockname()[1]}"))

    assert [extra.get("retried") for extra in extras(rows)] == ["connect", "connect", None]


@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_works_in_the_end_says_how_many_attempts_it_took(call, client_of, rows):
    with FaultyServer(
        in_turn(says(429, b"", SOON), says(503, b"", SOON), CODE if call == "live code" else GOOD)
    ) as server:
        answer = CALLS[call](client_of(server.url))

    assert answer.attempts == 3
    assert [(row["attempt"], row["outcome"], row["http_status"]) for row in rows()] == [
        (1, "http_error", 429),
        (2, "http_error", 503),
        (3, "ok", 200),
    ]
    assert "retried" not in extras(rows)[-1]
    sent = [f"X-Request-Id: {answer.request_id}".encode() in request for request in server.received]
    assert sent == [True] * 3
    assert len({request.partition(b"\r\n\r\n")[2] for request in server.received}) == 1  # the same body, whole


def test_every_attempt_of_an_item_has_its_row_and_its_digests(client_of, rows):
    with FaultyServer(in_turn(BUSY, GOOD)) as server:
        client_of(server.url).match(ANY, Photo(b"probe"), run=RunItem("run", "item", mated=True))

    assert [(row["run_id"], row["item_id"], row["attempt"], row["label"]) for row in rows()] == [
        ("run", "item", 1, 1),
        ("run", "item", 2, 1),
    ]
    assert rows()[0]["req_digest"] == rows()[1]["req_digest"] != rows()[0]["probe_digest"] is not None


def test_a_file_is_sent_whole_again(client_of, tmp_path):
    path = tmp_path / "clip.mp4"
    path.write_bytes(bytes(range(256)) * 4096)
    with FaultyServer(in_turn(BUSY, GOOD)) as server:
        match = client_of(server.url).match(ANY, Video.from_path(path))

    first, second = (sent_body(request)["faceData"]["data"] for request in server.received)
    assert match.attempts == 2
    assert first == second
    assert len(second) == -(-path.stat().st_size // 3) * 4


@pytest.mark.parametrize("act", [closes, resets_after(b""), resets_after(message(200, b"{", {"Content-Length": "9"}))])
def test_a_connection_that_broke_once_is_no_failure_for_a_comparison(act, client_of):
    with FaultyServer(in_turn(act, GOOD)) as server:
        assert client_of(server.url).match(ANY, ANY).attempts == 2


def test_one_attempt_means_one(client_of, rows):
    with FaultyServer(in_turn(BUSY, GOOD)) as server, pytest.raises(ServerError):
        client_of(server.url, attempts=1).match(ANY, ANY)

    assert extras(rows) == [{}]


def test_without_a_budget_nothing_is_sent_again_and_the_row_says_so(client_of, rows):
    budget = Budget(14)
    with FaultyServer(closes) as server:
        client = client_of(server.url, budget=budget)
        for _ in range(2):
            with pytest.raises(ConnectionLost):
                client.match(ANY, ANY)

    assert len(server.received) == 3
    assert [extra.get("not_retried") for extra in extras(rows)] == [None, None, "budget"]


def test_a_result_is_asked_for_once(client_of, rows):
    with FaultyServer(says(503, b"", SOON)) as server, pytest.raises(ServerError) as caught:
        client_of(server.url).result("1")

    assert [request.split(b" ")[1] for request in server.received] == [b"/local/results/1"]
    assert caught.value.attempt == 1
    assert rows() == []


def test_a_verdict_that_cannot_be_read_or_comes_later_is_not_asked_for_again(client_of, rows):
    with FaultyServer(in_turn(tells({"isSccess": "maybe"}), BUSY, tells(None, status="PROCESSING"))) as server:
        client = client_of(server.url)
        with pytest.raises(InvalidResponse):
            client.match(ANY, ANY)
        with pytest.raises(StillProcessing) as caught:
            client.match(ANY, ANY)

    assert caught.value.attempt == 2
    assert len(rows()) == 3


def test_an_accepted_call_says_its_attempts(client_of):
    with FaultyServer(in_turn(BUSY, tells(None, status="PROCESSING"))) as server:
        accepted = client_of(server.url).start_match(ANY, ANY)

    assert isinstance(accepted, Accepted)
    assert accepted.attempts == 2


def test_a_refusal_gives_its_retrys_budget_back(client_of):
    budget = Budget(500)
    with FaultyServer(in_turn(BUSY, refuses(200, 2010))) as server, pytest.raises(BusinessError):
        client_of(server.url, budget=budget).match(ANY, ANY)

    assert budget.left == 500
