"""Live codes: ask for one, record with it, see what was heard, and try how dead codes are refused."""

import streamlit as st

from facematch.ui import status
from facematch.ui.forms import live_codes
from facematch.ui.forms.code_box import code_box
from facematch.ui.forms.evidence import basis, evidence
from facematch.ui.forms.exchange import exchange
from facematch.ui.forms.stages import stages
from facematch.ui.forms.verdict import into_view, verdict
from facematch.ui.frame import open_page
from facematch.ui.live_code import take as code_take
from facematch.ui.live_code.code_list import code_list
from facematch.ui.live_code.trial_cards import trial_cards
from facematch.ui.video.film import film

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
    film(result, say, shows_personal=desk.shows_personal)
    evidence(result, say, shows_personal=desk.shows_personal)
    exchange(result, say, shows_personal=desk.shows_personal)
    into_view(code_take.KEY)

st.divider()
trial_cards(desk)

st.subheader(say("codes.title"), anchor=False)
if codes := live_codes.of_session():
    code_list(codes, say)
    st.caption(say("codes.help"))
else:
    st.info(say("codes.none"), icon=":material/pin:")
