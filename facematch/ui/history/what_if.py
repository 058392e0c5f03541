"""Another threshold on the stored scores: how many would pass, who would flip, and what labels say of it."""

import streamlit as st

from facematch.analytics import figures
from facematch.analytics.metrics import Share
from facematch.analytics.queries import Scores, Selection, WhatIf
from facematch.analytics.what_if import what_if, what_if_curve
from facematch.log import CallLog
from facematch.ui.formats import percent
from facematch.ui.frame import log_read
from facematch.ui.history import data
from facematch.ui.history import state as history_state
from facematch.ui.history.chart_tables import what_if as table_of
from facematch.ui.history.charts import chart, table
from facematch.ui.numbers import numbers
from facematch.ui.one_call.calls import call_table
from facematch.ui.words import Speaker

USUAL = 70
TOP_SCORE = 100


@st.fragment
def another_threshold(scores: Scores, selection: Selection, log: CallLog, say: Speaker) -> None:
    """A slider, what the stored scores would come to there, and the calls that would flip."""
    with st.container(border=True, key="what_if"):
        st.markdown(f"**{say('chart.what_if.title')}**")
        st.caption(say("chart.what_if.help"))
        curve = what_if_curve(scores)
        if not curve[0].judged:
            st.info(say("chart.what_if.empty"))
            return
        used = scores.all.thresholds
        first = st.session_state.setdefault("threshold", round(used[0]) if used else USUAL)
        st.session_state.setdefault("_threshold", first)  # set at every run, it would undo keys pressed meanwhile
        st.slider(say("what_if.threshold"), 0, TOP_SCORE, key="_threshold", on_change=_remember)
        chosen = what_if(scores, st.session_state["threshold"])
        _numbers(chosen, say)
        chart("what_if", figures.what_if(curve, chosen.threshold, say), say)
        table("what_if", table_of(curve, chosen.threshold, say), say)
        _flips(chosen, selection, log, say)


def _remember() -> None:
    st.session_state["threshold"] = st.session_state["_threshold"]


def _numbers(chosen: WhatIf, say: Speaker) -> None:
    cells = {
        "what_if.passing": f"{chosen.passing:,} / {chosen.judged:,}",
        "what_if.to_pass": f"{chosen.to_pass:,}",
        "what_if.to_fail": f"{chosen.to_fail:,}",
        "what_if.fmr": _rate(chosen.fmr, say),
        "what_if.fnmr": _rate(chosen.fnmr, say),
    }
    numbers(cells, say)
    shares = {"what_if.fmr": chosen.fmr, "what_if.fnmr": chosen.fnmr}
    told = [_interval(name, share, say) for name, share in shares.items() if share.of]
    st.caption(say("sentence.join").join(told) if told else say("what_if.no_labels"))


def _rate(share: Share, say: Speaker) -> str:
    return percent(share.count, share.of) if share.of else say("what_if.unknown")


def _interval(name: str, share: Share, say: Speaker) -> str:
    low, high = share.interval
    return say("what_if.interval", name=say(name), count=share.count, of=share.of, low=100 * low, high=100 * high)


def _flips(chosen: WhatIf, selection: Selection, log: CallLog, say: Speaker) -> None:
    if not chosen.to_pass + chosen.to_fail:
        st.caption(say("what_if.nobody"))
        return
    with log_read(say):
        rows = data.flips(log, selection, chosen.threshold)
        st.caption(say("what_if.flips", shown=len(rows), count=chosen.to_pass + chosen.to_fail))
        if clicked := call_table(rows, say, key="flips"):
            history_state.open_call(clicked)
            st.rerun()
