"""The live codes of a session: which were asked for, for which form, and what became of each."""

import time
from dataclasses import dataclass, replace
from typing import Literal

import streamlit as st

from facematch.errors import CallError
from facematch.local import Health
from facematch.ui import status
from facematch.ui.failure import explain
from facematch.ui.frame import Desk

State = Literal["fresh", "used", "expired"]
KEY = "live_codes"
SHOWN = 20


@dataclass(frozen=True, slots=True)
class SessionCode:
    """One code, and the form that may use it; a form never takes another form's."""

    code: str
    environment: str
    form: str  # video_match, id_verification or live_code
    issued_ms: int  # UTC epoch
    ttl_s: float | None  # how long it may be used; None: the server does not say
    used_ms: int | None = None

    def state(self, now_ms: int) -> State:
        """What became of it, as far as this session knows."""
        if self.used_ms is not None:
            return "used"
        is_over = self.ttl_s is not None and now_ms >= self.issued_ms + self.ttl_s * 1000
        return "expired" if is_over else "fresh"


def of_session() -> tuple[SessionCode, ...]:
    """All of this session, the newest first."""
    return tuple(st.session_state.get(KEY, ()))


def of_form(desk: Desk, form: str) -> SessionCode | None:
    """The newest code that *form* asked the chosen environment for; None when there is none."""
    here = desk.environment.name
    return next((each for each in of_session() if (each.form, each.environment) == (form, here)), None)


def ask(desk: Desk, form: str) -> SessionCode | None:
    """Ask for a code; None when that failed, which is then on the page."""
    try:
        code = desk.client.live_code().code
    except CallError as error:
        told = explain(error, desk.say)
        st.error(f"**{told.title}** {told.cause} {told.remedy}", icon=":material/error:")
        return None
    finally:
        desk.tell_of_log()
    issued = SessionCode(code, desk.environment.name, form, now_ms(), lifetime_s(status.ask_health(desk.client)))
    st.session_state[KEY] = (issued, *of_session())[:SHOWN]
    return issued


def mark_used(code: str, environment: str) -> None:
    """The server has used *code* up, or may have."""
    st.session_state[KEY] = tuple(
        replace(each, used_ms=now_ms())
        if (each.code, each.environment, each.used_ms) == (code, environment, None)
        else each
        for each in of_session()
    )


def lifetime_s(health: Health | CallError | None) -> float | None:
    """How long a code may be used, as the server's health tells."""
    told = health.limits.get("live_code_ttl_s") if isinstance(health, Health) else None
    return float(told) if isinstance(told, int | float) else None


def now_ms() -> int:
    """UTC epoch, in milliseconds."""
    return round(time.time() * 1000)
