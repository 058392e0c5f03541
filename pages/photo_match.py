"""Photo against photo: two photos in, a verdict and its reasons out."""

import streamlit as st

from facematch.samples import PAIRS
from facematch.ui import comparison, photos
from facematch.ui.evidence import basis, evidence
from facematch.ui.exchange import exchange
from facematch.ui.frame import open_page
from facematch.ui.verdict import into_view, verdict

desk = open_page("photo_match")
say = desk.say
with st.expander(say("samples.title"), expanded=comparison.latest() is None, icon=":material/collections:"):
    st.caption(say("samples.help"))
    with st.container(horizontal=True, key="samples"):
        chosen = [
            pair
            for pair in PAIRS
            if st.button(
                say(f"sample.{pair.key}"), key=f"sample_{pair.key}", on_click=photos.hold_samples, args=(pair,)
            )
        ]

left, right = st.columns(2)
with left:
    reference = photos.photo_card("reference", say)
with right:
    probe = photos.photo_card("probe", say)

both = reference is not None and probe is not None
with st.container(horizontal=True):
    asked = st.button(
        say("photo_match.ask"),
        key="ask",
        type="primary",
        disabled=not both,
        icon=":material/compare:",
        shortcut="Ctrl+Enter",
    )
    st.button(
        say("photo_match.swap"), key="swap", disabled=not both, on_click=photos.swap, icon=":material/swap_horiz:"
    )
    st.button(say("photo_match.clear"), key="clear", disabled=not (reference or probe), on_click=photos.clear)
if not both:
    st.caption(say("photo_match.missing"))

if asked or chosen:
    with st.spinner(say("photo_match.running")):
        comparison.compare(desk)
comparison.await_others(comparison.KEY, say)

if (result := comparison.latest()) is not None:
    st.divider()
    verdict(result, say)
    basis(result, say)
    evidence(result, say)
    exchange(result, say)
    if asked or chosen:
        into_view()
