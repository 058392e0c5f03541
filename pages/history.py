"""The log: charts over a selection of calls, the calls, one call in full."""

import streamlit as st

from facematch.ui import charts, data, filters, retention
from facematch.ui.away import take_away
from facematch.ui.calls import call_in_full, call_table, close_call
from facematch.ui.formats import code, offset_minutes
from facematch.ui.frame import log_read, open_page
from facematch.ui.liveness_reviewed import liveness_reviewed
from facematch.ui.reviews import reviews
from facematch.ui.what_if import another_threshold

desk = open_page("history")
say = desk.say

if desk.log is None:
    st.info(say("history.no_log"))
    st.stop()

with log_read(say):
    if trace := st.query_params.get("trace"):
        with st.container(border=True, key="call"):
            found, attempts = data.call(desk.log, trace)
            if found is None:
                st.warning(say("history.not_found", trace=code(trace)))
            else:
                call_in_full(found, attempts, say)
                reviews(found, desk.log, say)
            st.button(say("history.close"), key="close", icon=":material/close:", on_click=close_call)

    chosen = filters.selection(data.choices(desk.log), say)
    report = data.report(desk.log, chosen, utc_offset_min=offset_minutes())
    if report.totals.calls == 0:
        st.info(say("history.empty"))
        st.page_link("pages/photo_match.py", label=say("overview.start"), icon=":material/compare:")
        st.stop()

    charts.totals(report, say)
    charts.charts(report, say)
    another_threshold(report.scores, chosen, desk.log, say)
    liveness_reviewed(chosen, desk.log, say)

    st.subheader(say("history.calls"), anchor=False)
    st.caption(say("history.calls.help"))
    before = filters.before()
    rows = data.page_of_calls(desk.log, chosen, before)
    clicked = call_table(rows[: data.PAGE_ROWS], say, key="calls")
    with st.container(horizontal=True):
        if before is not None:
            st.button(say("history.newest"), key="newest", on_click=filters.turn, args=(None,))
        if len(rows) > data.PAGE_ROWS:
            last = rows[data.PAGE_ROWS - 1].id
            st.button(say("history.older"), key="older", on_click=filters.turn, args=(last,))
    take_away(desk.log, chosen, say)
    retention.purged(desk.log, say)
    if clicked:
        st.query_params["trace"] = clicked
        st.rerun()
