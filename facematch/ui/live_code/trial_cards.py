"""The trials of dead codes on the page: what each sends, one button, how it ended."""

from typing import get_args

import streamlit as st

from facematch import codes
from facematch.ui.failure import explain
from facematch.ui.formats import duration, plain, when
from facematch.ui.forms import live_codes
from facematch.ui.forms.code_clock import code_clock
from facematch.ui.forms.live_codes import SessionCode
from facematch.ui.frame import Desk
from facematch.ui.live_code import trials as code_trials
from facematch.ui.live_code.trials import EXPECTED, FORM, Ended, Kind, Trial
from facematch.ui.words import Speaker

POLL_S = 1.0
CLOSE_MS = 4000  # so shortly before its call is due a trial is looked at each second


def trial_cards(desk: Desk) -> None:
    """Draw one card for each kind of dead code."""
    say = desk.say
    st.subheader(say("trials.title"), anchor=False)
    own = code_trials.own_media(desk) is not None
    sent = "embedded" if desk.environment.is_embedded else "own" if own else "sample"
    st.caption(say("sentence.join").join((say("trials.help"), say(f"trials.sent.{sent}"))))
    for column, kind in zip(st.columns(3), get_args(Kind), strict=True):
        with column, st.container(border=True, height="stretch", key=f"trial_card_{kind}"):
            _card(desk, kind)
    _watch(desk)


def _card(desk: Desk, kind: Kind) -> None:
    say, trial = desk.say, code_trials.latest(kind, desk.environment.name)
    st.markdown(f"**{say(f'trial.{kind}')}**")
    st.caption(say(f"trial.{kind}.help", errcode=EXPECTED[kind]))
    code = code_trials.candidate(desk, kind) if kind != "unknown" else None
    if trial is not None and not trial.done.is_set():
        _under_way(trial, say)
        return
    st.caption(_first(desk, kind, code))
    lacks_code = kind == "second_use" and code is None
    words = say("trial.again" if trial is not None else "trial.begin")
    if st.button(words, key=f"trial_{kind}", icon=":material/play_arrow:", disabled=lacks_code):
        with st.spinner(say("trial.sending")):
            code_trials.begin(desk, kind)
        desk.tell_of_log()
        st.rerun()
    if trial is not None:
        _ended(trial, desk)


def _first(desk: Desk, kind: Kind, code: SessionCode | None) -> str:
    """Which code is sent, and when; or what has to be done first."""
    say = desk.say
    if code is not None:
        return say(f"trial.{kind}.ready", code=plain(code.code), time=when(code.issued_ms))
    if kind != "expiry" or desk.environment.is_embedded:
        return say(f"trial.{kind}.first")
    return say("trial.expiry.first.remote", seconds=f"{code_trials.DOCUMENT_S:.0f}")


def _under_way(trial: Trial, say: Speaker) -> None:
    if trial.state == "waiting":
        life_s = (trial.due_ms - code_trials.MARGIN_MS - trial.begun_ms) / 1000
        shown = SessionCode(trial.code, trial.environment, FORM, trial.begun_ms, life_s)
        code_clock(shown, say, key="trial_clock", small=True, tells_end=True)
        st.caption(say("trial.waiting"))
    else:
        st.caption(say("trial.sending"))
    st.button(say("trial.cancel"), key=f"cancel_{trial.kind}", icon=":material/close:", on_click=_cancel, args=(trial,))


def _cancel(trial: Trial) -> None:
    trial.stop.set()
    trial.done.wait(1.0)


def _ended(trial: Trial, desk: Desk) -> None:
    say, ended = desk.say, trial.ended
    if ended is None:
        st.info(say("trial.cancelled"), icon=":material/cancel:")
        return
    told = say("trial.answered", answer=_answer(ended, say), time=when(ended.ended_ms), took=duration(_took(ended)))
    if trial.has_passed:
        st.success(f"**{say('trial.passed')}** {told}", icon=":material/check_circle:")
    else:
        hint = "" if desk.environment.is_embedded else say("trial.failed.remote")
        words = (f"**{say('trial.failed', errcode=EXPECTED[trial.kind])}**", told, hint)
        st.error(say("sentence.join").join(filter(None, words)), icon=":material/error:")
    if ended.trace_no is not None and desk.is_logging:
        label, where = say("number.open"), {"trace": ended.trace_no}
        st.page_link("pages/history.py", label=label, icon=":material/open_in_new:", query_params=where)


def _answer(ended: Ended, say: Speaker) -> str:
    if ended.error is None:
        return say("trial.verdict")
    title = explain(ended.error, say).title
    known = ended.answered and codes.find(ended.answered) is not None
    return say("trial.refused", errcode=ended.answered, title=title) if known else plain(title)


def _took(ended: Ended) -> float | None:
    shown = ended.match or ended.error
    return None if shown is None else shown.elapsed_ms


def _watch(desk: Desk) -> None:
    """Look again each second at a trial that is about to end, and draw the page anew when it has."""
    kept = (code_trials.latest(kind, desk.environment.name) for kind in get_args(Kind))
    trials = [trial for trial in kept if trial is not None and not trial.done.is_set()]
    if not any(trial.due_ms - live_codes.now_ms() < CLOSE_MS for trial in trials):
        return

    @st.fragment(run_every=POLL_S)
    def look() -> None:
        if any(trial.done.is_set() for trial in trials):
            for trial in trials:
                code_trials.settle(trial)
            st.rerun()

    look()
