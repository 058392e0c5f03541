"""Photo against video: passive liveness or the spoken code, then the comparison, and the reasons for all of it."""

import streamlit as st

from facematch.ui import status
from facematch.ui.forms import comparison, photos
from facematch.ui.forms.code_box import code_box
from facematch.ui.forms.evidence import basis, evidence
from facematch.ui.forms.exchange import exchange
from facematch.ui.forms.rates import what_liveness_means
from facematch.ui.forms.shelf import ask_button, asked, await_others
from facematch.ui.forms.stages import stages
from facematch.ui.forms.verdict import into_view, verdict
from facematch.ui.frame import open_page
from facematch.ui.video import filmed, videos
from facematch.ui.video.film import film

desk = open_page("video_match")
say = desk.say

health = status.ask_health(desk.client)
mode = videos.mode(desk, health)
code = code_box(desk, "video_match") if mode == "LIP" else None

left, right = st.columns(2)
with left:
    reference = photos.photo_card("reference", desk)
with right:
    video = videos.video_card(desk, mode, code)

ready = reference is not None and video is not None and (mode == "SILENT" or code is not None)
with st.container(horizontal=True):
    ask_button(comparison.FILMED, say, words="photo_match.ask", ready=ready)
    st.button(say("video.clear"), key="clear_video", disabled=videos.held_video() is None, on_click=videos.clear)
if not ready:
    st.caption(say(f"video.missing.{mode}"))

if asked(comparison.FILMED):
    with st.spinner(say("video.running")):
        filmed.compare(desk, mode, code)
await_others(comparison.FILMED, say)

if (result := filmed.latest()) is not None:
    st.divider()
    filmed.tell_kind(result, mode, code, say)
    verdict(result, say)
    stages(result, say)
    basis(result, say)
    film(result, say, shows_personal=desk.shows_personal)
    evidence(result, say, shows_personal=desk.shows_personal)
    exchange(result, say, shows_personal=desk.shows_personal)
    into_view(comparison.FILMED)

what_liveness_means(desk, health)
