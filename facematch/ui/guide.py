"""What the Overview says first: a few steps when the log is empty, else the day so far."""

import streamlit as st

from facematch.ui.data import Today
from facematch.ui.formats import duration, percent
from facematch.ui.numbers import numbers
from facematch.ui.words import Speaker


def first_steps(say: Speaker) -> None:
    """The steps that lead a newcomer to a first verdict and back."""
    with st.container(border=True, key="first_steps"):
        st.subheader(say("guide.title"), anchor=False)
        for number in (1, 2, 3, 4):
            st.markdown(f"**{number}.** {say(f'guide.step{number}')}")
        st.page_link("pages/photo_match.py", label=say("overview.start"), icon=":material/compare:")


def today(found: Today, say: Speaker) -> None:
    """The day in five numbers."""
    counts = found.totals
    cells = {
        "total.calls": f"{counts.calls:,}",
        "total.failed": f"{counts.failed:,} ({percent(counts.failed, counts.calls)})" if counts.calls else "0",
        "total.passed": f"{counts.passed:,}",
        "total.not_passed": f"{counts.not_passed:,}",
        "total.p50": duration(found.latency.p50_ms),
    }
    st.subheader(say("overview.today"), anchor=False)
    numbers(cells, say, width=148)
