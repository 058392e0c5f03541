"""Photo against video: passive liveness or the spoken code, then the comparison, and the reasons for all of it."""

import streamlit as st

from facematch.ui import photos, status, videos
from facematch.ui.evidence import evidence
from facematch.ui.exchange import exchange
from facematch.ui.film import film, what_liveness_means
from facematch.ui.frame import open_page
from facematch.ui.verdict import into_view, verdict

desk = open_page("video_match")
say = desk.say

left, right = st.columns(2)
with left:
    reference = photos.photo_card("reference", say)
with right:
    video = videos.video_card(say)

mode = videos.mode(desk, status.ask_health(desk.client))
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

if (result := videos.latest()) is not None:
    st.divider()
    verdict(result, say)
    film(result, say)
    evidence(result, say)
    exchange(result, say)
    if asked:
        into_view()

what_liveness_means(say)
