"""How liveness did on the videos that a reviewer called living persons or attacks; nothing where there are none."""

import pandas as pd
import streamlit as st

from facematch.analytics import queries
from facematch.analytics.queries import LivenessCount, Selection
from facematch.log import CallLog
from facematch.ui.words import Speaker

HEADS = ("mode", "shown", "n", "passed", "refused", "undecided", "rate")


def liveness_reviewed(selection: Selection, log: CallLog, say: Speaker) -> None:
    """A table: by mode and by what was shown, how many passed, and APCER or BPCER.

    Raises:
        LogUnavailable: The log cannot be read.
    """
    with log.reading() as db:
        counts = queries.liveness(db, selection)
    if not counts:
        return
    with st.container(border=True, key="reviewed"):
        st.markdown(f"**{say('reviewed.title')}**")
        st.caption(say("reviewed.help"))
        lines = pd.DataFrame([_line(each, say) for each in counts], columns=[say(f"reviewed.head.{h}") for h in HEADS])
        st.table(lines, hide_index=True, border="horizontal", width="content")


def _line(count: LivenessCount, say: Speaker) -> tuple[str, ...]:
    shown = say("review.presentation.attack" if count.attack else "review.presentation.live")
    numbers = (f"{number:,}" for number in (count.calls, count.passed, count.refused, count.undecided))
    return say(f"kind.{count.mode}"), shown, *numbers, _rate(count, say)


def _rate(count: LivenessCount, say: Speaker) -> str:
    """With its n and its interval, in percent."""
    name, error = "APCER" if count.attack else "BPCER", count.error
    if error.rate is None:
        return say("reviewed.no_rate", name=name)
    low, high = (100 * end for end in error.interval)
    return say("reviewed.rate", name=name, rate=100 * error.rate, count=error.count, of=error.of, low=low, high=high)
