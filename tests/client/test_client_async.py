"""A call that is answered later: accepted, asked for, told; and a server that gives no way to ask."""

import json

import pytest
from faulty_server import HANDLED, FaultyServer, refuses, routes, says, says_json, tells

from facematch.analytics.queries import Selection, error_counts, failures_over_time, scores, totals
from facematch.client import Accepted, Match, NotOffered, Pending, Photo, StillProcessing, Video
from facematch.errors import AuthError, BusinessError, CallError, ConnectionLost, RateLimited, ServerError

ANY, CLIP = Photo(b"any"), Video(b"clip")
TRACE = "12345678901234567890"
TOLD = tells(HANDLED["data"]["result"])  # of that number
PROCESSING = tells(None, status="PROCESSING")
HEALTH, RESULT = "GET /local/health", f"GET /local/results/{TRACE}"
OFFERS = tells({"status": "ready", "version": "1", "offers": ["evidence", "results"]})
OFFERS_LESS = tells({"status": "ready", "version": "1", "offers": ["evidence"]})
NO_DETAILS = tells({"status": "ready", "version": "1"})

STARTS = {
    "match": lambda client: client.start_match(ANY, CLIP, live_code="0521"),
    "match_idno": lambda client: client.start_identity("1", "张三", CLIP),
}
CALLS = {
    "match": lambda client: client.match(ANY, CLIP, live_code="0521"),
    "match_idno": lambda client: client.verify_identity("1", "张三", CLIP),
}


@pytest.mark.parametrize("endpoint", STARTS)
def test_an_accepted_call_has_a_number_to_ask_with(endpoint, client_of):
    with FaultyServer(PROCESSING) as server:
        accepted = STARTS[endpoint](client_of(server.url))

    assert isinstance(accepted, Accepted)
    assert (accepted.trace_no, accepted.drift) == (TRACE, ())
    assert accepted.exchange.request["async"] is True
    assert f"X-Request-Id: {accepted.request_id}".encode() in server.received[0]


@pytest.mark.parametrize("endpoint", STARTS)
def test_an_accepted_call_is_logged_as_neither_passed_nor_failed(endpoint, client_of, rows, log):
    with FaultyServer(PROCESSING) as server:
        STARTS[endpoint](client_of(server.url))

    (row,) = rows()
    assert (row["endpoint"], row["outcome"], row["errcode"], row["status"]) == (endpoint, "ok", 0, "PROCESSING")
    assert (row["success"], row["score"], row["trace_no"]) == (None, None, TRACE)
    assert json.loads(row["extra"]) == {"accepted": True}
    with log.reading() as db:
        counted = totals(db, Selection())
        assert (counted.calls, counted.failed, counted.passed, counted.not_passed) == (1, 0, 0, 0)
        assert error_counts(db, Selection()) == ()
        assert sum(bucket.failed for bucket in failures_over_time(db, Selection()).buckets) == 0
        histogram = scores(db, Selection()).all
        assert sum(histogram.passed) + sum(histogram.not_passed) == 0


@pytest.mark.parametrize("result", [None, {}, {"code": "1"}])
def test_a_server_that_accepts_in_other_words_is_understood(result, client_of, rows):
    with FaultyServer(tells(result)) as server:
        accepted = client_of(server.url).start_match(ANY, ANY)

    assert isinstance(accepted, Accepted)
    assert [(row["outcome"], row["success"]) for row in rows()] == [("ok", None)]


def test_a_server_that_answers_at_once_is_not_thrown_away(client_of, rows):
    with FaultyServer(says_json(200, HANDLED)) as server:
        match = client_of(server.url).start_match(ANY, ANY)

    assert isinstance(match, Match)
    assert (match.passed, match.drift) == (True, ("a verdict at once to an async call",))
    assert [(row["success"], row["score"]) for row in rows()] == [(1, 99.0)]


@pytest.mark.parametrize("endpoint", CALLS)
def test_a_call_at_once_that_is_only_accepted_has_an_error_and_no_failure_in_the_log(endpoint, client_of, rows):
    with FaultyServer(PROCESSING) as server, pytest.raises(StillProcessing, match="accepted") as caught:
        CALLS[endpoint](client_of(server.url))

    error, (row,) = caught.value, rows()
    assert (error.trace_no, error.endpoint, error.http_status) == (TRACE, endpoint, 200)
    assert error.request_id == row["request_id"]
    assert error.exchange.answer is not None
    assert (row["outcome"], row["success"], row["status"]) == ("ok", None, "PROCESSING")
    assert json.loads(row["extra"]) == {"drift": ["PROCESSING to a call that was not async"], "accepted": True}


def test_a_refusal_of_an_async_call_is_the_same_error_as_at_once(client_of, rows):
    with FaultyServer(refuses(429, 16)) as server, pytest.raises(RateLimited):
        client_of(server.url, attempts=1).start_match(ANY, ANY)

    assert [(row["outcome"], row["errcode"]) for row in rows()] == [("biz_error", 16)]


def test_the_result_is_pending_then_the_verdict_and_leaves_no_row(client_of, rows, token):
    acts = [PROCESSING, TOLD]

    def result(server, connection, request):
        acts.pop(0)(server, connection, request)

    with FaultyServer(routes({RESULT: result})) as server:
        client = client_of(server.url)
        first, second = client.result(TRACE), client.result(TRACE)

    assert isinstance(first, Pending)
    assert first.trace_no == TRACE
    assert isinstance(second, Match)
    assert (second.passed, second.score) == (True, 99.0)
    assert rows() == []
    assert all(f"Authorization: {token}".encode() in request for request in server.received)
    assert all(request.endswith(b"\r\n\r\n") for request in server.received)  # GET has no body


def test_the_result_may_be_the_refusal_that_the_call_would_have_had(client_of):
    act = routes({RESULT: refuses(200, 2010, "faceData: no face"), HEALTH: OFFERS})
    with FaultyServer(act) as server, pytest.raises(BusinessError) as caught:
        client_of(server.url).result(TRACE)

    assert (caught.value.errcode, caught.value.side) == (2010, "faceData")


# name: (answer to results, answer to health)
WITHOUT = {
    "bare 404s": (says(404), says(404)),
    "404 pages": (says(404, b"<html>"), says(404, b"<html>")),
    "its own envelope": (refuses(404, 404), refuses(404, 404)),
    "405": (says(405), says(404)),
    "a page for every address": (says(200, b"<html>"), says(200, b"<html>")),
    "401 for unknown addresses": (says(401), says(401)),
    "an older service of ours": (refuses(404, 2), OFFERS_LESS),
}


@pytest.mark.parametrize("server_kind", WITHOUT)
def test_a_server_without_results_says_so_in_one_way(server_kind, client_of, rows):
    result, health = WITHOUT[server_kind]
    with FaultyServer(routes({RESULT: result, HEALTH: health})) as server, pytest.raises(NotOffered) as caught:
        client_of(server.url).result(TRACE)

    assert str(caught.value) == "accepted; this server gives no way to ask for the result"
    assert caught.value.what == "results"
    assert (caught.value.endpoint, caught.value.exchange.url) == ("result", f"{server.url}/local/results/{TRACE}")
    assert rows() == []


# name: (answer to results, answer to health, error)
STILL_WITH = {
    "an unknown number": (refuses(404, 2), OFFERS, BusinessError),
    "a wrong token": (refuses(401, 40102), NO_DETAILS, AuthError),
    "too many calls": (refuses(429, 16), OFFERS, RateLimited),
    "a broken server": (refuses(500, 4), OFFERS, ServerError),
    "a broken server whose health is broken": (says(503), says(503), ServerError),
    "too many calls of health, too": (refuses(404, 2), says(429), BusinessError),
    "a lost connection": (lambda *_: None, OFFERS, ConnectionLost),
}


@pytest.mark.parametrize("case", STILL_WITH)
def test_other_failures_are_not_mistaken_for_a_missing_route(case, client_of):
    result, health, error = STILL_WITH[case]
    with FaultyServer(routes({RESULT: result, HEALTH: health})) as server, pytest.raises(CallError) as caught:
        client_of(server.url).result(TRACE)

    assert type(caught.value) is error


def test_a_number_cannot_lead_elsewhere(client_of):
    with FaultyServer(routes({})) as server, pytest.raises(NotOffered):
        client_of(server.url).result("../tokens?x=")

    assert server.received[0].startswith(b"GET /local/results/..%2Ftokens%3Fx%3D HTTP/1.1")
