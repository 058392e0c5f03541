"""Photo against video: passive liveness or the spoken code, then the comparison, and the reasons for all of it."""

import streamlit as st

from facematch.ui import comparison, photos, status, videos
from facematch.ui.evidence import basis, evidence
from facematch.ui.exchange import exchange
from facematch.ui.film import film
from facematch.ui.frame import open_page
from facematch.ui.rates import what_liveness_means
from facematch.ui.verdict import into_view, verdict

desk = open_page("video_match")
say = desk.say

left, right = st.columns(2)
with left:
    reference = photos.photo_card("reference", say)
with right:
    video = videos.video_card(say)

health = status.ask_health(desk.client)
mode = videos.mode(desk, health)
code = videos.code_box(desk) if mode == "LIP" else None
ready = reference is not None and video is not None and (mode == "SILENT" or code is not None)
with st.container(horizontal=True):
    asked = st.button(
        say("photo_match.ask"),
        key="ask",
        type="primary",
        disabled=not ready,
        icon=":material/compare:",
        shortcut="Ctrl+Enter",
    )
    st.button(say("video.clear"), key="clear_video", disabled=video is None, on_click=videos.clear)
if not ready:
    st.caption(say(f"video.missing.{mode}"))

if asked:
    with st.spinner(say("video.running")):
        videos.compare(desk, mode, code)
comparison.await_others(comparison.FILMED, say)

if (result := videos.latest()) is not None:
    st.divider()
    videos.tell_kind(result, mode, code, say)
    verdict(result, say)
    basis(result, say)
    film(result, say)
    evidence(result, say)
    exchange(result, say)
    if asked:
        into_view()

what_liveness_means(desk, health)
