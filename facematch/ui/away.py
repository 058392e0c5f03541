"""Taking the log away: the calls as CSV, or the whole file. Neither is made before it is asked for."""

import streamlit as st

from facematch.analytics.queries import Selection
from facematch.log import CallLog
from facematch.log.export import Span, copy_bytes, csv_pages
from facematch.ui.words import Speaker


def take_away(log: CallLog, selection: Selection, say: Speaker) -> None:
    """Two buttons; the log is read when one is pressed."""
    only = selection.envs[0] if len(selection.envs) == 1 else None
    span = Span(selection.since_ms, selection.until_ms, only)
    with st.expander(say("history.download"), icon=":material/download:"):
        st.caption(say("history.download.help"))
        with st.container(horizontal=True):
            st.download_button(
                say("history.download.csv"),
                lambda: "".join(csv_pages(log, span)).encode("utf-8-sig"),  # a spreadsheet wants the mark
                file_name="facematch-calls.csv",
                mime="text/csv",
                key="take_csv",
                on_click="ignore",
            )
            if log.form != "postgresql":
                st.download_button(
                    say("history.download.all"),
                    lambda: copy_bytes(log),
                    file_name="facematch-calls.db",
                    mime="application/vnd.sqlite3",
                    key="take_all",
                    on_click="ignore",
                )
