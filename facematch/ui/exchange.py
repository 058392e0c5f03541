"""The wire: request and answer without base64, and the same call as curl and as Python."""

import json

import streamlit as st

from facematch.client import Exchange, as_curl, as_python
from facematch.ui.comparison import Comparison
from facematch.ui.formats import code, duration, size
from facematch.ui.words import Speaker


def exchange(comparison: Comparison, say: Speaker) -> None:
    """One expander each: what went over the wire, and how to repeat it."""
    wire = comparison.exchange
    if wire is None:
        return
    st.subheader(say("wire.title"), anchor=False)
    with st.expander(say("wire.both"), icon=":material/swap_horiz:"):
        _both(wire, say)
    with st.expander(say("wire.curl"), icon=":material/terminal:"):
        st.code(as_curl(wire.url, wire.request), language="bash")
        st.caption(say("wire.token"))
    with st.expander(say("wire.python"), icon=":material/code:"):
        st.code(as_python(wire.url, wire.request), language="python")
        st.caption(say("wire.token"))


def _both(wire: Exchange, say: Speaker) -> None:
    st.markdown(f"{code(f'POST {wire.url}')} · {size(wire.request_bytes)}")
    st.code(json.dumps(wire.request, ensure_ascii=False, indent=2), language="json")
    if wire.http_status is None:
        st.markdown(say("wire.no_answer", time=duration(wire.elapsed_ms)))
        return
    st.markdown(f"HTTP {wire.http_status} · {size(wire.answer_bytes or 0)} · {duration(wire.elapsed_ms)}")
    st.code(wire.answer or "", language="json")
