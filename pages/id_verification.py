"""ID number, name and a photo or video against the portrait of the library."""

import streamlit as st

from facematch.ui.forms.comparison import IDENTIFIED
from facematch.ui.forms.evidence import basis, evidence
from facematch.ui.forms.exchange import exchange
from facematch.ui.forms.session_lost import tell_if_lost
from facematch.ui.forms.shelf import ask_button, asked, await_others
from facematch.ui.forms.stages import stages
from facematch.ui.forms.verdict import into_view, verdict
from facematch.ui.frame import open_page
from facematch.ui.identity import form
from facematch.ui.identity.demo_persons import demo_persons
from facematch.ui.identity.library_side import library_side
from facematch.ui.video.film import film

desk = open_page("id_verification")
say = desk.say
tell_if_lost(say, is_empty=form.is_empty())
if desk.environment.is_embedded:
    demo_persons(desk, form.fill, is_open=form.is_untouched())

left, right = st.columns(2)
with left:
    claim = form.claim_card(desk)
with right:
    probe = form.probe_card(desk)

ask_button(IDENTIFIED, say, words="id.ask", ready=True)
if asked(IDENTIFIED):
    form.verify(claim, probe, desk)
form.tell_missing(claim, probe, desk)
await_others(IDENTIFIED, say)

if (result := form.latest(claim, probe)) is not None:
    st.divider()
    verdict(result, say)
    stages(result, say)
    library_side(result, desk)
    basis(result, say)
    film(result, say, shows_personal=desk.shows_personal)
    evidence(result, say, shows_personal=desk.shows_personal)
    exchange(result, say, shows_personal=desk.shows_personal)
    into_view(IDENTIFIED)
