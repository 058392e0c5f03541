"""Says that a session ended while its page stayed open: the console was started anew, and the forms are empty.

Only the browser can know: its document outlives the server's session. The line is drawn hidden until a script has seen
two sessions in one document; a reload is a document of its own, and empties a form as everybody expects.
"""

import json
import uuid

import streamlit as st

from facematch.ui.words import Speaker

NUMBER, OVER = "session_lost.number", "session_lost.over"
STYLE = """<style>
.st-key-session_lost {display: none}
html[data-fm-session-lost] .st-key-session_lost {display: flex}
</style>"""
SCRIPT = """<script>
if (window.fmSession && window.fmSession !== NUMBER) document.documentElement.dataset.fmSessionLost = "";
window.fmSession = NUMBER;
</script>"""


def tell_if_lost(say: Speaker, *, is_empty: bool) -> None:
    """Draw the line, for as long as the form is empty; once it is filled again, no more in this session."""
    number = st.session_state.setdefault(NUMBER, uuid.uuid4().hex)
    st.html(STYLE)
    st.html(SCRIPT.replace("NUMBER", json.dumps(number)), unsafe_allow_javascript=True)
    if not is_empty:
        st.session_state[OVER] = True
    with st.container(key="session_lost"):  # always there: what is below it keeps its place, and so its focus
        if OVER not in st.session_state:
            st.warning(say("session.lost"), icon=":material/restart_alt:")
