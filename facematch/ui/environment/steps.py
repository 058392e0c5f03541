"""A connection test, step by step: what works, what does not and why, what to do."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import streamlit as st

from facematch.client import (
    AuthError,
    BusinessError,
    CallError,
    CertificateRefused,
    ConnectFailed,
    DeadlineExceeded,
    HttpStatusError,
    Inspection,
    InvalidResponse,
    ProxyFailed,
    RequestInvalid,
    TlsSeen,
)
from facematch.ui import services
from facematch.ui.environments import environment
from facematch.ui.failure import explain
from facematch.ui.formats import code, duration, plain, when
from facematch.ui.frame import Desk
from facematch.ui.words import Speaker

KEY, ASKED = "environments.tests", "environments.test_asked"
SOON_MS = 30 * 86_400_000  # a certificate that ends within it is pointed out
NOT_FOUND = 404
State = Literal["good", "unsure", "bad"]
ICONS: dict[State, str] = {
    "good": ":green[:material/check_circle:]",
    "unsure": ":orange[:material/help:]",
    "bad": ":red[:material/error:]",
}


@dataclass(frozen=True, slots=True)
class Tested:
    """One test of this session."""

    at_ms: int
    found: Inspection
    call: CallError | Literal["ok"] | None = None  # what a real call came to; None: none was made


@dataclass(frozen=True, slots=True)
class Step:
    """One line."""

    state: State
    text: str


@dataclass(frozen=True, slots=True)
class _Places:
    """What the lines call them."""

    server: str
    proxy: str  # empty: there is none


def ask(id_: str) -> None:
    """Test it in the next run. For callbacks."""
    st.session_state[ASKED] = id_


def drop(id_: str) -> None:
    """Forget its test: it is reached in another way now."""
    st.session_state.get(KEY, {}).pop(id_, None)


def tested(desk: Desk, where: services.Environment) -> Tested | None:
    """The latest test of *where*; carried out now when it was asked for."""
    tests: dict[str, Tested] = st.session_state.setdefault(KEY, {})
    if st.session_state.get(ASKED) == where.id:
        del st.session_state[ASKED]
        with st.spinner(desk.say("environments.steps.running")):
            found = services.client(where, desk.log).inspect()
        tests[where.id] = Tested(_now_ms(), found)
    return tests.get(where.id)


def call(desk: Desk, where: services.Environment, test: Tested) -> Tested:
    """Ask for a live code: the one call that any server of the contract knows; it leaves a row."""
    outcome: CallError | Literal["ok"] = "ok"
    with st.spinner(desk.say("environments.steps.running")):
        try:
            services.client(where, desk.log).live_code()
        except CallError as error:
            outcome = error
    desk.tell_of_log()
    made = replace(test, call=outcome)
    st.session_state[KEY][where.id] = made
    return made


def steps(test: Tested, where: services.Environment, desk: Desk) -> tuple[Step, ...]:
    """The lines in the order in which a call takes its way; on a stage without an address."""
    found, say, places = test.found, desk.say, _places(where, desk)
    lines = [] if found.error is None else list(_ended(found.error, found.elapsed_ms, places, say))
    if found.error is None:
        lines += _way(found, where, places, say)
        lines += _service(found, say)
        is_asked = not (found.is_elsewhere or found.is_failing)
        if is_asked and (test.call is None or found.health is not None):
            lines.append(_token(found, say))
    if test.call is not None:
        lines.append(_called(test.call, say))
    return tuple(lines)


def verdict(test: Tested, lines: tuple[Step, ...]) -> State:
    """What they come to; good only when a call was accepted, or our own service has told that it would be."""
    if any(line.state == "bad" for line in lines):
        return "bad"
    is_ours = test.found.health is not None and test.found.token in ("accepted", "none")
    return "good" if is_ours or test.call == "ok" else "unsure"


def needs_call(test: Tested) -> bool:
    """Whether only a real call can tell more."""
    found = test.found
    is_asked = found.error is None and not (found.is_elsewhere or found.is_failing)
    return is_asked and found.health is None and test.call is None


def _places(where: services.Environment, desk: Desk) -> _Places:
    proxy = "" if where.remote is None else where.remote.proxy
    if desk.is_demo:
        hidden = desk.say("kept.hidden") if proxy else ""
        return _Places(plain(environment(where.name, desk.say)), hidden)
    return _Places(code(where.url), code(proxy) if proxy else "")


def _ended(error: CallError, took_ms: float, places: _Places, say: Speaker) -> Iterator[Step]:
    if isinstance(error, ProxyFailed):
        yield Step("bad", say(f"environments.step.proxy.{error.problem}", proxy=places.proxy, url=places.server))
        return
    if places.proxy and isinstance(error, CertificateRefused):
        yield Step("good", say("environments.step.proxy.ok", proxy=places.proxy))
    if isinstance(error, CertificateRefused):
        yield Step("bad", say(f"environments.step.tls.{error.problem}"))
        return
    kinds = {
        RequestInvalid: "reach.address",
        ConnectFailed: "reach.failed",
        DeadlineExceeded: "reach.late",
        InvalidResponse: "answer.no_http",
    }
    kind = next((words for each, words in kinds.items() if isinstance(error, each)), "reach.lost")
    yield Step("bad", say(f"environments.step.{kind}", url=places.server, took=duration(took_ms)))


def _way(found: Inspection, where: services.Environment, places: _Places, say: Speaker) -> Iterator[Step]:
    if places.proxy:
        yield Step("good", say("environments.step.proxy.ok", proxy=places.proxy))
    yield Step("good", say("environments.step.reach.ok", took=duration(found.connect_ms)))
    yield _certificate(found.tls, where, say)


def _certificate(tls: TlsSeen | None, where: services.Environment, say: Speaker) -> Step:
    if tls is None:
        return Step("good" if where.is_here else "unsure", say("environments.step.tls.none"))
    if not tls.verified or tls.expires_at_ms is None:
        return Step("unsure", say("environments.step.tls.off", version=tls.version))
    is_soon = tls.expires_at_ms - _now_ms() < SOON_MS
    until, issuer = when(tls.expires_at_ms), plain(tls.issuer or "–")
    key = "environments.step.tls.soon" if is_soon else "environments.step.tls.ok"
    return Step("unsure" if is_soon else "good", say(key, until=until, issuer=issuer, version=tls.version))


def _service(found: Inspection, say: Speaker) -> Iterator[Step]:
    health, status = found.health, found.http_status
    if health is not None:
        words = say.or_itself(f"health.{health.status}")
        text = say("environments.step.answer.ours", version=plain(health.version), status=plain(words))
        yield Step("bad" if health.status == "broken" else "good", text)
    elif found.is_elsewhere:
        yield Step("bad", say("environments.step.answer.elsewhere", status=status))
    elif found.is_failing:
        yield Step("bad", say("environments.step.answer.failing", status=status))
    else:
        yield Step("unsure", say("environments.step.answer.foreign", status=status))


def _token(found: Inspection, say: Speaker) -> Step:
    states: dict[str, State] = {"accepted": "good", "refused": "bad", "failed": "bad"}
    is_untold = found.health is not None and not found.health.engine
    if is_untold and found.token == "none":  # noqa: S105 - a state
        return Step("bad", say("environments.step.token.missing"))  # ours tells its engine to whoever may call
    return Step(states.get(found.token, "unsure"), say(f"environments.step.token.{found.token}"))


def _called(outcome: CallError | Literal["ok"], say: Speaker) -> Step:
    if isinstance(outcome, str):
        return Step("good", say("environments.call.ok"))
    if isinstance(outcome, AuthError):
        return Step("bad", say("environments.call.token"))
    is_lost = isinstance(outcome, HttpStatusError) and outcome.http_status == NOT_FOUND
    if is_lost and not isinstance(outcome, BusinessError):
        return Step("bad", say("environments.call.address"))
    told = explain(outcome, say)
    return Step("bad", say("environments.call.failed", title=told.title, cause=told.cause, remedy=told.remedy))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
