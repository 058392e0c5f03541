"""The calls of a selection, page by page; or what to do when there are none."""

from dataclasses import replace

import streamlit as st

from facematch.analytics.rows import Choices, Selection
from facematch.log import CallLog
from facematch.ui.formats import code
from facematch.ui.frame import Desk
from facematch.ui.history import data
from facematch.ui.history import state as history_state
from facematch.ui.history.address import Address
from facematch.ui.history.data import Counted
from facematch.ui.history.filter_chips import told
from facematch.ui.one_call.calls import call_in_full, call_table
from facematch.ui.one_call.reviews import reviews
from facematch.ui.words import Speaker

# The calls are below the charts: after a click into one of these they come into view, and the keyboard with them.
_JUMP = """<script>
const calls = document.querySelector(".st-key-the_calls");
if (calls) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    calls.setAttribute("tabindex", "-1");
    calls.focus({preventScroll: true});
    calls.scrollIntoView({behavior: calm ? "auto" : "smooth", block: "start"});
}
</script>"""


def in_full(desk: Desk) -> None:
    """The call that the link names, before all else; nothing when it names none."""
    trace, say = st.query_params.get("trace"), desk.say
    if not trace or desk.log is None:
        return
    with st.container(border=True, key="call"):
        found, attempts = data.call(desk.log, trace)
        if found is None:
            st.warning(say("history.not_found", trace=code(trace)))
        else:
            call_in_full(found, attempts, desk)
            reviews(found, desk.log, say, shows_personal=desk.shows_personal)
        st.button(say("history.close"), key="close", icon=":material/close:", on_click=history_state.close_call)


def calls(selection: Selection, address: Address, counted: Counted, log: CallLog, say: Speaker) -> None:
    """One line a call, the newest first; a click opens it in full."""
    with st.container(key="the_calls"):
        st.subheader(say("history.calls"), anchor=False)
        _narrowed(address, counted, say)
        st.caption(say("history.calls.help"))
        before = history_state.before(address)
        rows = data.page_of_calls(log, selection, before)
        clicked = call_table(rows[: data.PAGE_ROWS], say, key="calls")
        with st.container(horizontal=True):
            if before is not None:
                st.button(say("history.newest"), key="newest", on_click=history_state.turn, args=(address, None))
            if len(rows) > data.PAGE_ROWS:
                last = rows[data.PAGE_ROWS - 1].id
                st.button(say("history.older"), key="older", on_click=history_state.turn, args=(address, last))
    if history_state.take_jump():
        st.html(_JUMP, unsafe_allow_javascript=True)
    if clicked:
        history_state.open_call(clicked)
        st.rerun()


def nothing(address: Address, choices: Choices, say: Speaker) -> None:
    """No calls: why that may be, and the ways on."""
    ever = bool(choices.outcomes)
    st.info(say("history.empty" if ever else "history.none_yet"))
    with st.container(horizontal=True):
        if ever and (address.is_dated or address.period != "all"):
            wider = replace(address, period="all", since=None, until=None)
            st.button(say("filter.all_time"), key="all_time", on_click=history_state.move, args=(wider,))
        _undo(address, say)
        st.page_link("pages/photo_match.py", label=say("overview.start"), icon=":material/compare:")


def _narrowed(address: Address, counted: Counted, say: Speaker) -> None:
    parts = say("list.join").join(told(address, say))
    key = "history.count" if counted.left == counted.calls else "history.count.left"
    number = say(key, count=counted.calls, left=counted.left)
    st.text(f"{number} · {parts}" if parts else number)
    _undo(address, say)


def _undo(address: Address, say: Speaker) -> None:
    wider = history_state.wider(address)
    if wider is not None:
        st.button(
            say("filter.undo"), key="undo_click", icon=":material/undo:", on_click=history_state.move, args=(wider,)
        )
