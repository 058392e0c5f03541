"""Photo against photo: two photos in, a verdict and its reasons out."""

import streamlit as st

from facematch.samples import PAIRS
from facematch.ui.forms import comparison, photos
from facematch.ui.forms.evidence import basis, evidence
from facematch.ui.forms.exchange import exchange
from facematch.ui.forms.session_lost import tell_if_lost
from facematch.ui.forms.shelf import ask_button, asked, await_others
from facematch.ui.forms.stages import stages
from facematch.ui.forms.verdict import into_view, verdict
from facematch.ui.frame import open_page

desk = open_page("photo_match")
say = desk.say
is_open = desk.is_demo or comparison.latest() is None or photos.are_samples()
tell_if_lost(say, is_empty=photos.is_empty())
with st.expander(say("samples.title"), expanded=is_open, icon=":material/collections:"):
    st.caption(say("samples.help"))
    with st.container(horizontal=True, key="samples"):
        for pair in PAIRS:
            words = say(f"sample.{pair.key}")
            st.button(words, key=f"sample_{pair.key}", on_click=comparison.ask_for_samples, args=(pair,))

left, right = st.columns(2)
with left:
    reference = photos.photo_card("reference", desk, has_samples=True)
with right:
    probe = photos.photo_card("probe", desk, has_samples=True)

both = reference is not None and probe is not None
with st.container(horizontal=True):
    ask_button(comparison.KEY, say, words="photo_match.ask", ready=both)
    st.button(
        say("photo_match.swap"), key="swap", disabled=not both, on_click=photos.swap, icon=":material/swap_horiz:"
    )
    st.button(say("photo_match.clear"), key="clear", disabled=not (reference or probe), on_click=photos.clear)
if not both:
    st.caption(say("photo_match.missing"))

if asked(comparison.KEY):
    with st.spinner(say("photo_match.running")):
        comparison.compare(desk)
await_others(comparison.KEY, say)

if (result := comparison.latest()) is not None:
    st.divider()
    verdict(result, say)
    stages(result, say)
    basis(result, say)
    evidence(result, say, shows_personal=desk.shows_personal)
    exchange(result, say, shows_personal=desk.shows_personal)
    into_view(comparison.KEY)
