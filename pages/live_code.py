"""Live codes: ask for one, record with it, see what was heard, and try how dead codes are refused."""

import streamlit as st

from facematch.ui import code_take, live_codes, shelf, status
from facematch.ui.code_box import code_box
from facematch.ui.code_list import code_list
from facematch.ui.code_trial_cards import trial_cards
from facematch.ui.evidence import basis, evidence
from facematch.ui.exchange import exchange
from facematch.ui.film import film
from facematch.ui.frame import open_page
from facematch.ui.stages import stages
from facematch.ui.verdict import into_view, verdict

desk = open_page("live_code")
say = desk.say

code = code_box(desk, code_take.FORM, is_main=True)
code_take.next_steps(desk, status.ask_health(desk.client))
if code_take.is_open():
    code_take.form(desk, code)

if (result := code_take.latest()) is not None:
    st.divider()
    verdict(result, say)
    stages(result, say)
    basis(result, say)
    film(result, say)
    evidence(result, say)
    exchange(result, say)
    if shelf.is_new(code_take.KEY):
        into_view()

st.divider()
trial_cards(desk)

st.subheader(say("codes.title"), anchor=False)
if codes := live_codes.of_session():
    code_list(codes, say)
    st.caption(say("codes.help"))
else:
    st.info(say("codes.none"), icon=":material/pin:")
