"""The wire: request and answer without base64, and the same call as curl and as Python."""

import json
from collections.abc import Iterable

import streamlit as st

from facematch.client import Exchange, as_curl, as_python
from facematch.client.snippets import FILES, VARIABLES, VIDEO_FILE
from facematch.ui.formats import code, duration, size
from facematch.ui.forms.comparison import Comparison
from facematch.ui.forms.evidence import shows_debug
from facematch.ui.words import Speaker

PERSONAL = ("idNum", "name")  # of a request, which holds masks of them


def exchange(comparison: Comparison, say: Speaker, *, shows_personal: bool = True) -> None:
    """One expander each: what went over the wire, and how to repeat it. Nothing of it on a stage.

    Args:
        comparison: What came of the call.
        say: The operator's language.
        shows_personal: Whether masks of number and name may be seen.
    """
    wire = comparison.exchange
    if wire is None or not shows_debug():
        return
    st.subheader(say("wire.title"), anchor=False)
    with st.expander(say("wire.both"), icon=":material/swap_horiz:"):
        masks = [] if shows_personal else [str(wire.request[key]) for key in PERSONAL if wire.request.get(key)]
        _both(wire, masks, say)
    with st.expander(say("wire.curl"), icon=":material/terminal:"):
        _snippet(as_curl(wire.url, wire.request), "bash", say)
    with st.expander(say("wire.python"), icon=":material/code:"):
        _snippet(as_python(wire.url, wire.request), "python", say)


def _snippet(program: str, language: str, say: Speaker) -> None:
    """The program, and what it wants beside it: files and variables in place of what is private."""
    st.code(program, language=language)
    files = [code(name) for name in (*FILES.values(), VIDEO_FILE) if name in program]
    variables = [code(name) for name in VARIABLES.values() if name in program]
    wanted = [
        *((say("wire.files", files=say("list.join").join(files)),) if files else ()),
        *((say("wire.variables", variables=say("list.join").join(variables)),) if variables else ()),
        say("wire.token"),
    ]
    st.caption(say("sentence.join").join(wanted))


def _both(wire: Exchange, masks: Iterable[str], say: Speaker) -> None:
    def without(text: str) -> str:
        for mask in masks:
            text = text.replace(mask, say("wire.hidden"))
        return text

    st.markdown(f"{code(f'POST {wire.url}')} · {size(wire.request_bytes)}")
    st.code(without(json.dumps(wire.request, ensure_ascii=False, indent=2)), language="json")
    if wire.http_status is None:
        st.markdown(say("wire.no_answer", time=duration(wire.elapsed_ms)))
        return
    st.markdown(f"HTTP {wire.http_status} · {size(wire.answer_bytes or 0)} · {duration(wire.elapsed_ms)}")
    st.code(without(wire.answer or ""), language="json")
