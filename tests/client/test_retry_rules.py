"""What is sent again, how long it waits, and what a process may spend on it: the rules alone."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facematch.client.retry import Budget, Decision, Kind, Retries
from facematch.errors import (
    AuthError,
    BusinessError,
    CallError,
    ConnectFailed,
    ConnectionLost,
    DeadlineExceeded,
    HttpStatusError,
    InvalidResponse,
    RateLimited,
    RedirectRefused,
    RequestInvalid,
    ResponseTooLarge,
    ServerError,
)

LONG = 1000.0
TWICE = Kind.REPEATABLE, Kind.LIVE_CODE
EVERY = Kind.REPEATABLE, Kind.SINGLE, Kind.LIVE_CODE


def refused(kind: type[HttpStatusError], status: int, after_s: float | None = None) -> HttpStatusError:
    error = kind("no")
    error.http_status, error.retry_after_s = status, after_s
    return error


# name: (error, which kinds are sent again after it, why)
RULES = {
    "no connection": (ConnectFailed("", sent=False), EVERY, "connect"),
    "lost before a byte left": (ConnectionLost("", sent=False), EVERY, "connect"),
    "lost": (ConnectionLost("", sent=True), TWICE, "lost"),
    "too late": (DeadlineExceeded("", sent=True), (Kind.LIVE_CODE,), "timeout"),
    "429": (refused(RateLimited, 429), EVERY, "rate"),
    "429, 30 s": (refused(RateLimited, 429, 30), EVERY, "rate"),
    "503, 30 s": (refused(ServerError, 503, 30), EVERY, "unavailable"),
    "503": (refused(ServerError, 503), TWICE, "server"),
    "502": (refused(ServerError, 502), TWICE, "server"),
    "502, 1 s": (refused(ServerError, 502, 1), TWICE, "server"),
    "504": (refused(ServerError, 504), TWICE, "server"),
    "500": (refused(ServerError, 500), (), None),
    "401": (refused(AuthError, 401), (), None),
    "404": (refused(HttpStatusError, 404), (), None),
    "errcode 16 at 200": (refused(RateLimited, 200), (), None),
    "errcode": (BusinessError("", errcode=2010), (), None),
    "invalid": (InvalidResponse(""), (), None),
    "too large": (ResponseTooLarge(""), (), None),
    "redirect": (RedirectRefused(""), (), None),
    "not sent": (RequestInvalid(""), (), None),
}


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("rule", RULES)
def test_what_is_sent_again_depends_on_what_failed_and_on_what_it_costs(rule, kind):
    error, kinds, reason = RULES[rule]

    decision = Retries(kind, 3, Budget()).after(error, LONG)

    assert decision.reason == (reason if kind in kinds else None)
    assert decision.again is (kind in kinds)


def test_a_lost_connection_is_made_good_once_in_all_for_a_comparison_and_again_for_a_code():
    lost, busy = RULES["lost"][0], RULES["503"][0]
    one, two = Retries(Kind.REPEATABLE, 5, Budget()), Retries(Kind.LIVE_CODE, 5, Budget())

    assert [one.after(error, LONG).again for error in (lost, busy, lost)] == [True, True, False]
    assert [two.after(error, LONG).again for error in (lost, busy, lost)] == [True, True, True]


def test_a_code_that_came_too_late_is_asked_for_once_more_and_at_once():
    retries = Retries(Kind.LIVE_CODE, 5, Budget())

    assert retries.after(RULES["too late"][0], LONG) == Decision("timeout", 0.0)
    assert retries.after(RULES["too late"][0], LONG) == Decision()


@pytest.mark.parametrize("attempts", [1, 2, 3, 5])
def test_there_are_so_many_attempts_and_no_more(attempts):
    retries = Retries(Kind.REPEATABLE, attempts, Budget())

    made = [retries.after(RULES["429"][0], LONG).again for _ in range(attempts)]

    assert made == [True] * (attempts - 1) + [False]


def test_only_the_first_attempt_for_a_code_leaves_time_for_another():
    retries = Retries(Kind.LIVE_CODE, 3, Budget())

    assert retries.may_halve
    retries.after(RULES["lost"][0], LONG)
    assert not retries.may_halve
    assert not Retries(Kind.LIVE_CODE, 1, Budget()).may_halve
    assert not Retries(Kind.REPEATABLE, 3, Budget()).may_halve


def test_waits_are_drawn_from_the_whole_of_a_doubling_span():
    def waits() -> list[float]:
        retries = Retries(Kind.REPEATABLE, 9, Budget())
        return [retries.after(RULES["429"][0], LONG).wait_s for _ in range(8)]

    drawn = list(zip(*(waits() for _ in range(300)), strict=True))

    for at_most, column in zip((0.5, 1, 2, 4, 8, 8, 8, 8), drawn, strict=True):
        assert min(column) >= 0
        assert 0.8 * at_most < max(column) <= at_most  # 0.8 ** 300 is no chance
        assert min(column) < 0.2 * at_most


@pytest.mark.parametrize(("after_s", "left_s", "decision"), [
    (7.0, 7.1, Decision("rate", 7.0)),
    (0.0, 1.0, Decision("rate", 0.0)),
    (7.0, 7.0, Decision("rate", refused="deadline")),
    (30.5, LONG, Decision("rate", refused="retry_after")),
    (86400.0, 1.0, Decision("rate", refused="retry_after")),
    (None, 0.0, Decision("rate", refused="deadline")),
])  # fmt: skip
def test_a_server_that_names_a_time_is_obeyed_up_to_half_a_minute_and_the_deadline(after_s, left_s, decision):
    assert Retries(Kind.SINGLE, 3, Budget()).after(refused(RateLimited, 429, after_s), left_s) == decision


def test_what_is_not_sent_again_costs_nothing():
    budget = Budget(100)
    for error, left_s in ((RULES["404"][0], LONG), (RULES["429, 30 s"][0], 1.0), (refused(RateLimited, 429, 99), LONG)):
        Retries(Kind.REPEATABLE, 3, budget).after(error, left_s)
    Retries(Kind.REPEATABLE, 1, budget).after(RULES["429"][0], LONG)

    assert budget.left == 100


def test_a_retry_costs_fourteen_and_a_throttled_one_five_and_success_gives_back():
    budget = Budget(100)
    first, second = Retries(Kind.REPEATABLE, 3, budget), Retries(Kind.REPEATABLE, 3, budget)

    assert first.after(RULES["lost"][0], LONG).again
    assert budget.left == 86
    assert second.after(RULES["429"][0], LONG).again
    assert budget.left == 81
    first.worked()
    assert budget.left == 95
    second.worked()
    Retries(Kind.REPEATABLE, 3, budget).worked()
    assert budget.left == 100  # never more than at first


def test_an_empty_budget_allows_no_retry_and_says_so():
    budget = Budget(18)

    assert Retries(Kind.REPEATABLE, 3, budget).after(RULES["lost"][0], LONG).again
    assert Retries(Kind.REPEATABLE, 3, budget).after(RULES["lost"][0], LONG) == Decision("lost", refused="budget")
    assert budget.left == 4


def test_an_outage_is_not_answered_with_three_times_the_load():
    budget = Budget()

    sent = sum(1 + Retries(Kind.REPEATABLE, 3, budget).after(RULES["502"][0], LONG).again for _ in range(1000))

    assert sent == 1000 + 500 // 14


def test_threads_cannot_overdraw_a_budget():
    budget, got = Budget(1000), []

    def spend() -> None:
        got.append(sum(budget.spend(1) for _ in range(500)))

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(got) == 1000
    assert budget.left == 0


@given(
    st.sampled_from(Kind),
    st.integers(1, 4),
    st.lists(st.sampled_from([error for error, _, _ in RULES.values()]), max_size=8),
    st.floats(0, 60),
)
def test_whatever_fails_a_call_ends_and_never_waits_beyond_its_time(kind, attempts, errors, left_s):
    retries, again = Retries(kind, attempts, Budget()), 0
    for error in errors:
        decision = retries.after(error, left_s)
        again += decision.again
        assert not decision.again or decision.wait_s < left_s
        assert not decision.again or kind is not Kind.SINGLE or not _may_have_been_handled(error)

    assert again < attempts


def _may_have_been_handled(error: CallError) -> bool:
    return getattr(error, "sent", False) or (error.http_status in (502, 503, 504) and error.retry_after_s is None)
