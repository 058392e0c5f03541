"""Overview: how the environment is, what happened today, what to do first."""

import streamlit as st

from facematch.ui import data, guide, status
from facematch.ui.calls import call_table
from facematch.ui.formats import start_of_today_ms
from facematch.ui.frame import log_read, open_page

desk = open_page("overview")
say = desk.say

health = status.health(desk)

if desk.log is not None:
    with log_read(say):
        today = data.today(desk.log, start_of_today_ms())
        if today.ever.calls == 0:
            guide.first_steps(say)
        else:
            guide.today(today, say)
            st.subheader(say("overview.latest"), anchor=False)
            if clicked := call_table(today.latest, say, key="latest"):
                st.switch_page("pages/history.py", query_params={"trace": clicked})

st.subheader(say("engine.title"), anchor=False)
status.engine_details(health, desk)
st.subheader(say("log.title"), anchor=False)
status.log_details(desk.log, say)
