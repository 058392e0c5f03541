"""Overview: how the environment is, what happened today, what to do first."""

import streamlit as st

from facematch.ui import data, guide, status
from facematch.ui.calls import address, call_table
from facematch.ui.formats import start_of_today_ms
from facematch.ui.frame import open_page

desk = open_page("overview")
say = desk.say

health = status.health(desk)

if desk.log is not None:
    today = data.today(desk.log, start_of_today_ms())
    if today.ever.calls == 0:
        guide.first_steps(say)
    else:
        guide.today(today, say)
        st.subheader(say("overview.latest"), anchor=False)
        clicked = call_table(today.latest, say, key="latest")
        if clicked is not None:
            st.switch_page("pages/history.py", query_params={"trace": address(clicked)})

st.subheader(say("engine.title"), anchor=False)
status.engine_details(health, say)
st.subheader(say("log.title"), anchor=False)
status.log_details(desk.log, say)
