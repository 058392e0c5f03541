"""Overview: how the environment is, what happened in a period, what to do first."""

import streamlit as st

from facematch.ui import status
from facematch.ui.frame import log_read, open_page
from facematch.ui.overview import page as overview

desk = open_page("overview")
say = desk.say

status.health(desk)

if desk.log is not None:
    with log_read(say):
        overview.overview(desk)

st.page_link("pages/environments.py", label=say("overview.manage"), icon=":material/dns:")
if not desk.is_demo:
    st.subheader(say("log.title"), anchor=False)
    status.log_details(desk.log, say)
