"""Taking the selection away: its calls as CSV or Parquet, a report to forward; or the whole log. Made when pressed."""

import streamlit as st

from facematch.analytics.report import Report
from facematch.analytics.rows import Selection
from facematch.analytics.taken import span
from facematch.log import CallLog
from facematch.log.export import copy_bytes, csv_pages, parquet_bytes
from facematch.ui.formats import size
from facematch.ui.frame import Desk
from facematch.ui.history.address import Address
from facematch.ui.history.data import Counted
from facematch.ui.history.report import report_bytes
from facematch.ui.words import Speaker


def take_away(desk: Desk, address: Address, selection: Selection, report: Report, counted: Counted) -> None:
    """Buttons; the log is read when one is pressed."""
    if desk.log is None:
        return
    with st.expander(desk.say("history.download"), icon=":material/download:", key="take"):
        _report(desk.say, address, selection, report)
        st.divider()
        _calls(desk.log, desk, selection, counted)


def _report(say: Speaker, address: Address, selection: Selection, report: Report) -> None:
    st.caption(say("history.report.help"))
    made = report_bytes(report, selection, address, say)  # some milliseconds: its size can be told
    st.download_button(
        say("history.report", size=size(len(made))),
        lambda: made,  # as data it would be served under an address that the next run takes away
        file_name="facematch-report.html",
        mime="text/html",
        icon=":material/description:",
        key="take_report",
        on_click="ignore",
    )


def _calls(log: CallLog, desk: Desk, selection: Selection, counted: Counted) -> None:
    say, chosen = desk.say, span(selection, personal=desk.shows_personal)
    key = "history.download.help" if counted.left == counted.calls else "history.download.help.left"
    st.caption(say(key, count=counted.calls, left=counted.left))
    if not desk.shows_personal:
        st.caption(say("history.download.less"))
    with st.container(horizontal=True):
        st.download_button(
            say("history.download.csv"),
            lambda: "".join(csv_pages(log, chosen)).encode("utf-8-sig"),  # a spreadsheet wants the mark
            file_name="facematch-calls.csv",
            mime="text/csv",
            key="take_csv",
            on_click="ignore",
        )
        st.download_button(
            say("history.download.parquet"),
            lambda: parquet_bytes(log, chosen),
            file_name="facematch-calls.parquet",
            mime="application/vnd.apache.parquet",
            key="take_parquet",
            on_click="ignore",
        )
        if log.form != "postgresql" and desk.shows_personal:
            st.download_button(
                say("history.download.all"),
                lambda: copy_bytes(log),
                file_name="facematch-calls.db",
                mime="application/vnd.sqlite3",
                key="take_all",
                on_click="ignore",
            )
