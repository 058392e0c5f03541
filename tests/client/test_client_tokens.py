"""Tokens from a source: asked for at first use and after a refusal, once for all threads, and never shown."""

import logging
import threading
import time
import traceback

import pytest
from faulty.acts import TRACE_NO
from faulty_server import FaultyServer, closes, refuses, says, says_json
from repeated import ANY, BUSY, CALLS, CODE, GOOD, extras, in_turn

from facematch.client import FaceMatchClient
from facematch.client.tokens import Tokens
from facematch.errors import AuthError, CallError, DeadlineExceeded, RequestInvalid

OLD, NEW = "the-first-token-0123456789", "the-second-token-0123456789"


class Source:
    """Gives one token after the other, the last for ever, and counts."""

    def __init__(self, *tokens: str | Exception, wait_s: float = 0.0) -> None:
        self.asked = 0
        self._tokens = tokens
        self._wait_s = wait_s

    def __call__(self) -> str:
        time.sleep(self._wait_s)
        token = self._tokens[min(self.asked, len(self._tokens) - 1)]
        self.asked += 1
        if isinstance(token, Exception):
            raise token
        return token


def knows(token, *, otherwise=says(401)):  # noqa: B008 - an act is a constant
    """A server to which *token* alone is good."""

    def act(server, connection, request):
        is_code = b"validateData" in request.partition(b"\r\n")[0]
        good = CODE if is_code else GOOD
        (good if f"Authorization: {token}\r\n".encode() in request else otherwise)(server, connection, request)

    return act


@pytest.mark.parametrize("refusal", [says(401), refuses(401, 40102), refuses(200, 40101), refuses(403, 40102)])
@pytest.mark.parametrize("call", CALLS)
def test_a_refused_token_is_replaced_once_whatever_the_call(call, refusal, client_of, rows):
    source = Source(NEW)
    with FaultyServer(knows(NEW, otherwise=refusal)) as server:
        client = client_of(server.url, token=OLD, token_source=source)
        answers = [CALLS[call](client) for _ in range(2)]

    assert [answer.attempts for answer in answers] == [2, 1]
    assert source.asked == 1
    assert extras(rows)[0] == {"retried": "token", "wait_ms": 0}
    assert [row["attempt"] for row in rows()] == [1, 2, 1]


def test_without_a_token_the_source_is_asked_at_first_use_and_not_before(client_of):
    source = Source(f" {NEW}\n")
    with FaultyServer(knows(NEW)) as server:
        client = client_of(server.url, token=None, token_source=source)
        assert source.asked == 0
        assert [client.match(ANY, ANY).attempts for _ in range(3)] == [1, 1, 1]

    assert source.asked == 1


def test_a_new_token_that_is_refused_too_ends_the_call(client_of, rows):
    source = Source(NEW, "the-third-token-0123456789")
    with FaultyServer(says(401)) as server, pytest.raises(AuthError) as caught:
        client_of(server.url, token=OLD, token_source=source).match(ANY, ANY)

    assert (len(server.received), source.asked, caught.value.attempt) == (2, 1, 2)


def test_a_source_that_gives_the_refused_token_again_is_no_reason_to_ask_again(client_of, rows):
    with FaultyServer(says(401)) as server, pytest.raises(AuthError):
        client_of(server.url, token=OLD, token_source=Source(OLD)).match(ANY, ANY)

    assert len(server.received) == 1
    assert extras(rows) == [{"not_retried": "token"}]


def test_a_token_that_may_not_do_this_is_not_replaced(client_of):
    source = Source(NEW)
    with FaultyServer(says(403)) as server, pytest.raises(AuthError):
        client_of(server.url, token=OLD, token_source=source).match(ANY, ANY)

    assert (len(server.received), source.asked) == (1, 0)


def test_without_a_source_a_refused_token_is_refused(client_of):
    with FaultyServer(says(401)) as server, pytest.raises(AuthError):
        client_of(server.url, token=OLD).match(ANY, ANY)

    assert len(server.received) == 1


def test_a_client_of_one_attempt_has_its_new_token_at_the_next_call(client_of):
    with FaultyServer(knows(NEW)) as server:
        client = client_of(server.url, token=OLD, token_source=Source(NEW), attempts=1)
        with pytest.raises(AuthError):
            client.match(ANY, ANY)

        assert client.match(ANY, ANY).attempts == 1


def test_a_question_for_a_result_is_one_attempt_and_the_next_has_the_new_token(client_of):
    with FaultyServer(knows(NEW)) as server:
        client = client_of(server.url, token=OLD, token_source=Source(NEW))
        with pytest.raises(CallError):
            client.result(TRACE_NO)
        assert [b"results" in request for request in server.received].count(True) == 1

        assert client.result(TRACE_NO).passed


def test_a_refresh_counts_among_the_attempts(client_of):
    acts = in_turn(BUSY, says(401), BUSY)
    with FaultyServer(acts) as server, pytest.raises(CallError) as caught:
        client_of(server.url, token=OLD, token_source=Source(NEW)).match(ANY, ANY)

    assert (len(server.received), caught.value.attempt) == (3, 3)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (Source(OSError(f"cannot tell {NEW}")), "the token source failed (OSError)"),
        (Source(KeyError(NEW)), "the token source failed (KeyError)"),
        (Source(RequestInvalid("the vault is sealed")), "the vault is sealed"),
        (Source(""), "the token source gave no token"),
        (Source("令牌" + NEW), "the token has characters that an HTTP header cannot carry"),
        (Source(f"{NEW}\r\nX: {NEW}"), "the token has characters that an HTTP header cannot carry"),
        (lambda: None, "the token source gave no token"),
    ],
)
def test_a_source_that_fails_gives_the_servers_no_and_says_why(source, told, client_of, rows, caplog):
    caplog.set_level(logging.DEBUG)
    with FaultyServer(refuses(401, 40102, f"bad token {OLD}")) as server, pytest.raises(AuthError) as caught:
        client_of(server.url, token=OLD, token_source=source).match(ANY, ANY)

    error = caught.value
    everything = f"{error} {vars(error)} {''.join(traceback.format_exception(error))} {rows()} {caplog.text}"
    assert str(error) == f"HTTP 401, errcode 40102; {told}"
    assert (error.errcode, error.http_status, error.attempt) == (40102, 401, 1)
    assert OLD not in everything
    assert NEW not in everything
    assert extras(rows) == [{"not_retried": "token"}]


def test_a_source_that_fails_at_first_use_leaves_a_row_and_is_asked_again(client_of, rows):
    with FaultyServer(knows(NEW)) as server:
        client = client_of(server.url, token=None, token_source=Source(OSError(NEW), NEW))
        with pytest.raises(RequestInvalid, match="OSError") as caught:
            client.match(ANY, ANY)
        assert client.match(ANY, ANY).passed

    assert NEW not in "".join(traceback.format_exception(caught.value))
    assert [row["outcome"] for row in rows()] == ["request_invalid", "ok"]


def test_a_source_that_hangs_is_not_waited_for_beyond_the_deadline(client_of):
    let_go = threading.Event()

    def source():
        let_go.wait(60)
        return NEW

    with FaultyServer(says(401)) as server:
        client = client_of(server.url, token=OLD, token_source=source, timeout_s=2.0)
        start = time.monotonic()
        with pytest.raises(AuthError, match="did not answer in time"):
            client.match(ANY, ANY)
        with pytest.raises(DeadlineExceeded, match="did not answer in time") as caught:
            client.match(ANY, ANY)
        took = time.monotonic() - start
        let_go.set()

    assert caught.value.sent is False
    assert took < 20


def test_threads_whose_token_was_refused_wait_for_one_new_one(scripted_service, client_of):
    issuer = client_of(scripted_service.url)
    issued = issuer.local.issue_token("for all")
    source = Source(issued.token, wait_s=0.2)
    client = client_of(scripted_service.url, token=OLD, token_source=source)
    attempts = []

    def call():
        attempts.append(client.live_code().attempts)

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert source.asked == 1
    assert len(attempts) == 8
    assert set(attempts) <= {1, 2}


def test_a_refusal_of_an_older_token_does_not_cost_the_newer_one():
    tokens = Tokens(OLD, Source(NEW, "the-third-token-0123456789"))
    soon = time.monotonic() + 30
    tokens.refused(OLD)
    first = tokens.current(soon)
    tokens.refused(OLD)

    assert first == tokens.current(soon) == NEW


@pytest.mark.parametrize("act", [closes, says_json(200, {"errcode": 2, "errmsg": f"{OLD} {NEW}"})])
def test_no_token_of_a_call_is_shown_anywhere(act, client_of, rows, log, caplog):
    caplog.set_level(logging.DEBUG)
    echo = refuses(401, 40102, f"not {OLD}")
    with FaultyServer(in_turn(echo, act)) as server, pytest.raises(CallError) as caught:
        client_of(server.url, token=OLD, token_source=Source(NEW)).match(ANY, ANY)

    error = caught.value
    shown = f"{error!r} {vars(error)} {error.exchange.answer} {rows()} {caplog.text}"
    assert OLD not in shown
    assert NEW not in shown
    assert OLD.encode() in server.received[0]
    assert NEW.encode() in server.received[1]


def test_no_repr_shows_a_token():
    tokens = Tokens(OLD, Source(NEW))
    client = FaceMatchClient("http://127.0.0.1", OLD, token_source=Source(NEW))

    assert OLD not in f"{tokens!r} {client!r} {vars(client)!r}"
