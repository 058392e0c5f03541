"""Logged calls: as a table of one line each, and one call in full."""

from collections.abc import Sequence
from typing import cast
from urllib.parse import urlencode

import streamlit as st

from facematch.analytics import one_call
from facematch.analytics.queries import CallRow
from facematch.errors import CallError
from facematch.local import Evidence
from facematch.ui.environments import environment
from facematch.ui.formats import code, duration, plain, size, when
from facematch.ui.forms import comparison
from facematch.ui.forms.evidence import decisive
from facematch.ui.frame import Desk
from facematch.ui.one_call import neighbours, pairs, run_again
from facematch.ui.one_call.attempts import attempts_table
from facematch.ui.one_call.call_words import address, answer, endpoint, number
from facematch.ui.one_call.departures import departures_told
from facematch.ui.one_call.fields import fields_table
from facematch.ui.one_call.funnel_of_call import funnel_of_call
from facematch.ui.one_call.logged_wire import logged_wire
from facematch.ui.one_call.pairs import Pair
from facematch.ui.one_call.side_by_side import side_by_side
from facematch.ui.words import Speaker

COLUMNS = ("time", "environment", "endpoint", "answer", "score", "errcode", "latency", "trace")
INTO_VIEW = "<script>document.querySelector('.st-key-beside')?.scrollIntoView({block: 'start'})</script>"
FEW = 12  # rows that are shown at once, without a bar to scroll


def call_table(rows: Sequence[CallRow], say: Speaker, *, key: str) -> str | None:
    """One line a call, newest first; returns the address of the one that was clicked just now."""
    import pandas as pd

    shown = [address(row) for row in rows]
    drawn, picked = f"{key}.drawn", f"{key}.picked"

    def pick() -> None:
        chosen = st.session_state[key]["selection"]["rows"]
        before = st.session_state[drawn]  # what the browser showed: calls may have come since
        st.session_state[picked] = before[chosen[0]] if chosen and chosen[0] < len(before) else None

    table = pd.DataFrame([_line(row, say) for row in rows], columns=[say(f"call.{name}") for name in COLUMNS])
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        on_select=pick,
        selection_mode="single-row",
        alt=say("call.table"),
        height="content" if len(rows) < FEW else 440,
    )
    st.session_state[drawn] = shown
    return cast("str | None", st.session_state.pop(picked, None))


def call_in_full(row: CallRow, attempts: Sequence[CallRow], desk: Desk) -> None:
    """The answer, the layers it came through, its attempts and its wire; run again, with both beside each other."""
    say = desk.say
    sent = _digests(row, desk)
    run_again.harvest(row, desk)
    neighbours.turn(row, desk)
    st.subheader(say("call.title", trace=code(address(row))), anchor=False)
    st.markdown(f"#### {answer(row, say)}")
    st.caption(_facts(row, say))
    pair = None if desk.log is None else pairs.of(row, desk.log)
    _link(row, pair, say)
    if pair is not None:
        _both_runs(pair, say)
    funnel_of_call(row, _measured(row, desk), say)
    departures_told(row.extra.get("drift"), say)
    if len(attempts) > 1 or {"retried", "not_retried"} & row.extra.keys():
        attempts_table(attempts, [answer(each, say) for each in attempts], say)
    run_again.run_again(row, sent, desk)
    logged_wire(row, sent, desk)
    if not desk.is_demo:
        with st.expander(say("call.fields"), icon=":material/list:"):
            fields_table(row, desk)
    st.caption(say("call.not_stored"))


def _digests(row: CallRow, desk: Desk) -> one_call.Digests:
    if desk.log is None:
        return one_call.Digests(None, None, None)
    with desk.log.reading() as db:
        return one_call.digests(db, row.id)


def _facts(row: CallRow, say: Speaker) -> str:
    sizes = say("field.sizes.value", sent=size(row.req_bytes or 0), got=size(row.resp_bytes or 0))
    where = plain(environment(row.env, say))
    return " · ".join((when(row.ts_ms), where, plain(endpoint(row, say)), duration(row.latency_ms), sizes))


def _link(row: CallRow, pair: Pair | None, say: Speaker) -> None:
    """The address of this call, or of both runs, to be sent to somebody; it holds nothing but their numbers."""
    page = (st.context.url or "/history").partition("?")[0]
    named = {"trace": address(row), **({} if pair is None else {pairs.PARAMETER: pair.link})}
    with st.popover(say("call.link"), icon=":material/link:"):
        st.caption(say("call.link.help"))
        st.code(f"{page}?{urlencode(named, safe=',')}", language=None, wrap_lines=True)


def _measured(row: CallRow, desk: Desk) -> str | None:
    """What decided, where the server that was asked is the chosen one and still tells."""
    if row.outcome != "biz_error" or row.trace_no is None or row.env != desk.environment.name:
        return None
    found = _evidence(row.trace_no, desk)
    return decisive(found, desk.say)


def _evidence(trace_no: str, desk: Desk) -> Evidence | None:
    try:
        return desk.client.evidence(trace_no) if comparison.offers_evidence(desk.client) else None
    except CallError:
        return None


def _both_runs(pair: Pair, say: Speaker) -> None:
    with st.container(border=True, key="beside"):
        st.markdown(f"**{say('beside.title')}**")
        if pair.first and pair.second:
            side_by_side(pair, say)
        else:
            st.info(say("beside.not_logged"), icon=":material/info:")
            return
    if pairs.is_new():
        st.html(INTO_VIEW, unsafe_allow_javascript=True)


def _line(row: CallRow, say: Speaker) -> tuple[str, ...]:
    return (
        when(row.ts_ms),
        environment(row.env, say),
        endpoint(row, say),
        answer(row, say),
        number(row.score),
        "–" if row.errcode is None else str(row.errcode),
        duration(row.latency_ms),
        row.trace_no or "–",
    )
