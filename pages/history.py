"""The log: what is selected, charts over it, its calls, one call in full, two selections side by side."""

import streamlit as st

from facematch.ui.formats import offset_minutes
from facematch.ui.frame import log_read, open_page
from facematch.ui.history import call_list, charts, compare_choice, compared, data, filter_chips, filters, retention
from facematch.ui.history import state as history_state
from facematch.ui.history.away import take_away
from facematch.ui.history.liveness_reviewed import liveness_reviewed
from facematch.ui.history.what_if import another_threshold

desk = open_page("history")
say = desk.say

if desk.log is None:
    st.info(say("history.no_log"))
    st.stop()

with log_read(say):
    call_list.in_full(desk)
    address, refused = history_state.current()
    filter_chips.refused(refused, say)
    choices = data.choices(desk.log)
    filters.draw(address, choices, say)
    compare_choice.draw(address, choices, say)
    filter_chips.chips(address, say)
    chosen = data.selected(desk.log, address)
    if address.compared:
        compared.side_by_side(compare_choice.sides(address, chosen, choices, say), desk.log, say)
        st.stop()

    report = data.report(desk.log, chosen, utc_offset_min=offset_minutes())
    if report.totals.calls == 0:
        call_list.nothing(address, choices, say)
        st.stop()

    charts.totals(report, say)
    charts.charts(report, address, say)
    another_threshold(report.scores, chosen, desk.log, say)
    liveness_reviewed(report.liveness, say)
    counted = data.counted(desk.log, chosen, report.totals.calls)
    call_list.calls(chosen, address, counted, desk.log, say)
    take_away(desk, address, chosen, report, counted)
    retention.purged(desk.log, say)
