"""The live codes of a session: which were asked for, for which form, and what became of each."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import streamlit as st

from facematch import codes
from facematch.errors import CallError, Refusal, TransportError
from facematch.local import Health
from facematch.ui.failure import explain
from facematch.ui.frame import Desk

State = Literal["fresh", "used", "expired"]
KEY = "live_codes"
SHOWN = 20
TOLD: Mapping[int | None, State] = {
    codes.NO_LIVE_CODE: "fresh",
    codes.UNKNOWN_LIVE_CODE: "fresh",
    codes.EXPIRED_LIVE_CODE: "expired",
    codes.USED_LIVE_CODE: "used",
}
HEARS = ("challenge", "comparison", "decision")  # layers that a call reaches with its code used up


@dataclass(frozen=True, slots=True)
class SessionCode:
    """One code, and the form that may use it; a form never takes another form's."""

    code: str = field(repr=False)
    environment: str
    form: str  # video_match, id_verification, live_code or expiry_test
    issued_ms: int  # UTC epoch
    ttl_s: float | None  # how long it may be used; None: the server does not say
    used_ms: int | None = None

    @property
    def ends_ms(self) -> int | None:
        """When it can no longer be used, UTC epoch; None: the server does not say."""
        return None if self.ttl_s is None else self.issued_ms + round(self.ttl_s * 1000)

    def state(self, now_ms: int) -> State:
        """What became of it, as far as this session knows."""
        if self.used_ms is not None:
            return "used"
        return "expired" if self.ends_ms is not None and now_ms >= self.ends_ms else "fresh"


def of_session() -> tuple[SessionCode, ...]:
    """All of this session, the newest first."""
    return tuple(_kept())


def of_form(desk: Desk, form: str) -> SessionCode | None:
    """The newest code that *form* asked the chosen environment for; None when there is none."""
    here = desk.environment.name
    return next((each for each in of_session() if (each.form, each.environment) == (form, here)), None)


def ask(desk: Desk, form: str) -> SessionCode | None:
    """Ask for a code; None when that failed, which is then on the page."""
    kept = _kept()
    try:
        code = desk.client.live_code().code
    except CallError as error:
        desk.tell_of_log()
        told = explain(error, desk.say)
        st.error(f"**{told.title}** {told.cause} {told.remedy}", icon=":material/error:")
        return None
    issued_ms = now_ms()
    issued = SessionCode(code, desk.environment.name, form, issued_ms, lifetime_s(_health(desk)))
    kept.insert(0, issued)  # before anything is drawn: another click ends this run there
    del kept[SHOWN:]
    desk.tell_of_log()
    return issued


def hand_over(code: SessionCode, form: str) -> None:
    """From now on *code* is for *form*, as its newest."""
    kept = _kept()
    if code in kept:
        kept.remove(code)
        kept.insert(0, replace(code, form=form))


def mark_used(code: str, environment: str) -> None:
    """The server has used *code* up, or may have."""
    _mark(code, environment, used_ms=now_ms())


def settle(code: str, environment: str, error: CallError | None, *, was_heard: bool | None = None) -> None:
    """Note what a call with *code* tells about it.

    Args:
        code: The digits that were sent.
        environment: Where to, by its name in the log.
        error: What the call came to instead of a verdict.
        was_heard: Whether the digits were listened to, which uses a code up; None: only the server knows.
    """
    became = _became(error, was_heard=was_heard)
    if became == "expired":
        _mark(code, environment, ttl_s=0.0)
    elif became == "used":
        mark_used(code, environment)


def _became(error: CallError | None, *, was_heard: bool | None) -> State:
    """The code's state after a call; "fresh" also where the call tells nothing."""
    errcode = error.errcode if isinstance(error, Refusal) else None
    if errcode in TOLD:
        return TOLD[errcode]
    if was_heard is not None:
        return "used" if was_heard else "fresh"
    known = None if errcode is None else codes.find(errcode)
    is_lost = isinstance(error, TransportError) and error.sent
    return "used" if error is None or is_lost or (known is not None and known.layer in HEARS) else "fresh"


def lifetime_s(health: Health | CallError | None) -> float | None:
    """How long a code may be used, as the server's health tells."""
    told = health.limits.get("live_code_ttl_s") if isinstance(health, Health) else None
    return float(told) if isinstance(told, int | float) else None


def now_ms() -> int:
    """UTC epoch, in milliseconds."""
    return round(time.time() * 1000)


def _kept() -> list[SessionCode]:
    """Changed in place: what a run has put there stays when another click ends that run."""
    kept = st.session_state.setdefault(KEY, [])
    return kept if isinstance(kept, list) else []


def _mark(code: str, environment: str, *, used_ms: int | None = None, ttl_s: float | None = None) -> None:
    kept = _kept()
    for place, each in enumerate(kept):
        if (each.code, each.environment) == (code, environment):
            if each.used_ms is None:
                kept[place] = replace(each, used_ms=used_ms) if ttl_s is None else replace(each, ttl_s=ttl_s)
            return  # the newest of these digits: of several that were issued it can be used the longest


def _health(desk: Desk) -> Health | None:
    try:
        return desk.client.health()
    except CallError:
        return None
