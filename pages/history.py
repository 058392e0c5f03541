"""The log: charts over a selection of calls, the calls, one call in full."""

import streamlit as st

from facematch.ui import charts, data, filters
from facematch.ui.calls import address, call_in_full, call_table
from facematch.ui.formats import offset_minutes, plain
from facematch.ui.frame import open_page

desk = open_page("history")
say = desk.say

if desk.log is None:
    st.info(say("history.no_log"))
    st.stop()

if trace := st.query_params.get("trace"):
    with st.container(border=True, key="call"):
        found, attempts = data.call(desk.log, trace)
        if found is None:
            st.warning(say("history.not_found", trace=plain(trace)))
        else:
            call_in_full(found, attempts, say)
        if st.button(say("history.close"), key="close", icon=":material/close:"):
            st.query_params.clear()
            st.rerun()

chosen = filters.selection(data.choices(desk.log), say)
report = data.report(desk.log, chosen, utc_offset_min=offset_minutes())
if report.totals.calls == 0:
    st.info(say("history.empty"))
    st.page_link("pages/photo_match.py", label=say("overview.start"), icon=":material/compare:")
    st.stop()

charts.totals(report, say)
charts.charts(report, say)

st.subheader(say("history.calls"), anchor=False)
st.caption(say("history.calls.help"))
before = st.session_state.get("history.before")
rows = data.page_of_calls(desk.log, chosen, before)
clicked = call_table(rows[: data.PAGE_ROWS], say, key="calls")
with st.container(horizontal=True):
    if before is not None and st.button(say("history.newest"), key="newest"):
        st.session_state["history.before"] = None
        st.rerun()
    if len(rows) > data.PAGE_ROWS and st.button(say("history.older"), key="older"):
        st.session_state["history.before"] = rows[data.PAGE_ROWS - 1].id
        st.rerun()
if clicked is not None and address(clicked) != trace:
    st.query_params["trace"] = address(clicked)
    st.rerun()
