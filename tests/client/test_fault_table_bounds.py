"""What no fault may do: fill the memory, mix up two answers, lead a request astray, keep an old token alive."""

import json
import socket
import threading
import time
import traceback
import tracemalloc
from collections.abc import Callable, Iterator

import pytest
from faulty.expected import EXPECTED
from faulty.scenarios import served
from faulty.server import FaultyServer, header

from facematch import codes
from facematch.client import Accepted, Budget, FaceMatchClient, Photo
from facematch.errors import (
    AuthError,
    CallError,
    ConnectFailed,
    DeadlineExceeded,
    InvalidResponse,
    RateLimited,
    ServerError,
)

MIB = 2**20
PHOTO = Photo(b"any")
ENDLESS = (
    "gzip_bomb", "terabyte", "chunks_forever", "continues_forever", "headers_forever", "header_100_kb", "deep_array",
    "drips_body", "redirect_loop",
)  # fmt: skip


@pytest.fixture
def within_budget(client_of: Callable[..., FaceMatchClient]) -> Callable[..., FaceMatchClient]:
    """Clients with a retry budget each: the one that a process shares would be spent by so many faults."""
    return lambda url, **options: client_of(url, budget=Budget(), **options)


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with served() as server:
        yield server


@pytest.mark.parametrize("name", ENDLESS)
def test_an_answer_without_end_does_not_fill_the_memory(name, server, within_budget):
    client = within_budget(f"{server.url}/{name}", timeout_s=1.0 if EXPECTED[name].is_held else 30.0)
    tracemalloc.start()
    try:
        with pytest.raises(EXPECTED[name].error):
            client.match(PHOTO, PHOTO)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 16 * MIB  # the client takes 4 MiB at most; the bomb alone holds 256


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nothing_of_a_request_follows_a_redirect(status, server, within_budget):
    with pytest.raises(EXPECTED[f"{status}_elsewhere"].error):
        within_budget(f"{server.url}/{status}_elsewhere").verify_identity("190001196102030010", "演示甲", PHOTO)

    assert len(server.received) == 1
    assert (server.elsewhere.connections, server.elsewhere.received) == (0, [])


def test_the_other_host_would_answer_whoever_came_there(server):
    with socket.create_connection(server.elsewhere.url.removeprefix("http://").split(":"), timeout=5) as follower:
        follower.sendall(b"POST /tech/ai/face/match HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")
        answer = follower.recv(65536)

    assert b'"isSccess": "true"' in answer
    assert server.elsewhere.received == [b"POST /tech/ai/face/match HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"]


def test_an_answer_that_nobody_asked_for_is_not_taken_for_that_of_the_next_call(server, within_budget):
    client = within_budget(f"{server.url}/two_answers")
    verdicts = [client.match(PHOTO, PHOTO).passed for _ in range(4)]

    assert verdicts == [False] * 4


def test_a_connection_that_is_refused_is_tried_three_times_each_with_its_row(within_budget, rows):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: nobody else gets the port meanwhile
        client = within_budget(f"http://127.0.0.1:{taken.getsockname()[1]}", timeout_s=20.0)
        with pytest.raises(ConnectFailed) as caught:
            client.verify_identity("190001196102030010", "演示甲", PHOTO)

    assert (caught.value.sent, caught.value.attempt) == (False, 3)
    assert [(row["outcome"], row["attempt"], row["request_id"]) for row in rows()] == [
        ("connect_error", attempt, caught.value.request_id) for attempt in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("name", "seconds", "why"), [("429_25_s", 25.0, "deadline"), ("429_day", 86_400.0, "retry_after")]
)
def test_a_wait_that_there_is_no_time_for_is_not_begun(name, seconds, why, server, within_budget, rows):
    started = time.monotonic()
    with pytest.raises(RateLimited) as caught:
        within_budget(f"{server.url}/{name}", timeout_s=20.0).live_code()

    assert time.monotonic() - started < 10
    assert caught.value.retry_after_s == seconds
    assert [(row["outcome"], json.loads(row["extra"])["not_retried"]) for row in rows()] == [("http_error", why)]


def test_a_budget_that_is_spent_ends_the_retries_and_the_row_says_so(server, client_of, rows):
    client = client_of(f"{server.url}/502_html_gbk", budget=Budget(14), timeout_s=20.0)
    with pytest.raises(ServerError) as caught:
        client.match(PHOTO, PHOTO)

    assert caught.value.attempt == 2
    assert [json.loads(row["extra"]).get("not_retried") for row in rows()] == [None, "budget"]


@pytest.mark.parametrize(("name", "seconds"), [("429_seconds", 1.0), ("429_date", 1.0), ("429_skewed_clock", 1.0)])
def test_what_the_server_asks_for_is_understood_as_seconds_and_as_a_date_of_its_clock(
    name, seconds, server, within_budget
):
    with pytest.raises(RateLimited) as caught:
        within_budget(f"{server.url}/{name}", attempts=1).live_code()

    assert caught.value.retry_after_s == seconds


@pytest.mark.parametrize("name", ["429_soon", "429_negative", "429_bare"])
def test_what_cannot_be_understood_is_no_time(name, server, within_budget):
    with pytest.raises(RateLimited) as caught:
        within_budget(f"{server.url}/{name}", attempts=1).live_code()

    assert caught.value.retry_after_s is None


def test_a_token_that_expired_is_renewed_once_and_the_call_sent_again(server, within_budget, rows):
    old, new = "an-old-token-0123456789", "a-new-token-0123456789"
    given = iter((old, new))
    client = within_budget(f"{server.url}/token_expired", token=None, token_source=lambda: next(given))
    result = client.verify_identity("190001196102030010", "演示甲", PHOTO)

    assert result.passed
    assert [header(request, "Authorization").decode() for request in server.received] == [old, new]
    assert [(row["outcome"], row["attempt"]) for row in rows()] == [("biz_error", 1), ("ok", 2)]


def test_a_token_that_is_refused_again_after_it_was_renewed_is_not_renewed_for_ever(server, within_budget, rows):
    asked: list[int] = []

    def source() -> str:
        asked.append(1)
        return f"token-number-{len(asked)}-0123456789"

    with pytest.raises(AuthError):
        within_budget(f"{server.url}/401_envelope", token=None, token_source=source).match(PHOTO, PHOTO)

    assert len(asked) == 2
    assert [(row["outcome"], row["attempt"]) for row in rows()] == [("biz_error", 1), ("biz_error", 2)]


def test_many_calls_at_once_into_a_flaky_server_all_end_well(server, within_budget, rows):
    client = within_budget(f"{server.url}/502_then_good", timeout_s=30.0)
    outcomes: list[object] = []

    def call() -> None:
        try:
            outcomes.append(client.match(PHOTO, PHOTO).passed)
        except CallError as error:
            outcomes.append(error)

    callers = [threading.Thread(target=call) for _ in range(6)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(30)

    assert outcomes == [True] * 6
    assert sorted(row["attempt"] for row in rows()) == [1] * 6 + [2] * 6 + [3] * 6
    assert len(server.received) == 18


def test_a_health_that_hangs_ends_at_the_deadline_and_the_verdict_still_comes(server, within_budget):
    client = within_budget(f"{server.url}/hanging_health", timeout_s=0.8)
    with pytest.raises(DeadlineExceeded):
        client.health()

    assert client.match(PHOTO, PHOTO).passed


@pytest.mark.parametrize("name", ["unterminated_text", "trailing_comma", "duplicate_errcode", "result_missing"])
def test_a_live_code_comes_from_a_whole_answer_only(name, server, within_budget):
    assert within_budget(f"{server.url}/good").live_code().code == "2312"
    with pytest.raises(InvalidResponse):
        within_budget(f"{server.url}/{name}").live_code()


def test_a_call_that_may_be_answered_later_is_accepted_and_neither_passed_nor_failed(server, within_budget, rows):
    accepted = within_budget(f"{server.url}/accepted").start_match(PHOTO, PHOTO)

    assert isinstance(accepted, Accepted)
    assert accepted.trace_no == rows()[0]["trace_no"] == "12345678901234567890"
    assert [(row["outcome"], row["success"], row["score"]) for row in rows()] == [("ok", None, None)]


def test_a_health_that_echoes_the_request_betrays_no_token(server, client_of, token):
    with pytest.raises(CallError) as caught:
        client_of(f"{server.url}/echo").health()

    told = "".join(traceback.format_exception(caught.value))
    assert caught.value.errcode == codes.BAD_VALUE
    assert token not in f"{told}{vars(caught.value)}"
