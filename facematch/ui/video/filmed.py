"""The comparison of a photo with a video: asking for it, and what came of it."""

import streamlit as st

from facematch.client import FaceMatchClient, Match, Video
from facematch.contract import VideoType
from facematch.errors import RequestInvalid
from facematch.ui.forms import comparison
from facematch.ui.forms.comparison import FILMED, Asked, Comparison
from facematch.ui.forms.photos import held
from facematch.ui.frame import Desk
from facematch.ui.video.videos import held_video
from facematch.ui.words import Speaker


def compare(desk: Desk, video_type: VideoType, live_code: str | None) -> None:
    """Send the form's photo and video, and draw the page with the outcome, which ``latest`` has."""
    reference, video = held("reference"), held_video()
    if reference is None or video is None:
        return
    asked = Asked(reference, video, video_type, live_code if video_type == "LIP" else None)

    def send(client: FaceMatchClient) -> Match:
        medium = video.medium()
        if not isinstance(medium, Video):
            raise RequestInvalid("the probe is no video")
        return client.match(comparison.photo_of(asked), medium, video_type=video_type, live_code=asked.live_code)

    comparison.keep(desk, FILMED, asked, send)
    st.rerun()  # the code above may be used up now


def latest(key: str = FILMED) -> Comparison | None:
    """The latest comparison of the form *key* in this session, as long as the form still holds its media."""
    return comparison.kept(key, (held("reference"), held_video()))


def tell_kind(result: Comparison, video_type: VideoType, live_code: str | None, say: Speaker) -> None:
    """Say which check the *result* is of, and whether the form now asks for another one."""
    told = say("result.kind", kind=say(f"video.mode.{result.kind}"))
    asked_now = live_code if video_type == "LIP" else None
    if (result.kind, result.asked.live_code) == (video_type, asked_now):
        st.caption(told)
    else:
        st.info(say("sentence.join").join((told, say("result.changed"))), icon=":material/history:")
