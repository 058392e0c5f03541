"""How liveness did on the videos that a reviewer called living persons or attacks; nothing where there are none."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from facematch.analytics.rows import LivenessCount
from facematch.ui.words import Speaker

HEADS = ("mode", "shown", "n", "passed", "refused", "undecided", "rate")


def liveness_reviewed(counts: Sequence[LivenessCount], say: Speaker) -> None:
    """A table: by mode and by what was shown, how many passed, and APCER or BPCER."""
    if not counts:
        return
    with st.container(border=True, key="reviewed"):
        st.markdown(f"**{say('reviewed.title')}**")
        st.caption(say("reviewed.help"))
        lines = pd.DataFrame(lines_of(counts, say), columns=list(heads(say)))
        st.table(lines, hide_index=True, border="horizontal", width="content")


def heads(say: Speaker) -> tuple[str, ...]:
    """Of its columns."""
    return tuple(say(f"reviewed.head.{head}") for head in HEADS)


def lines_of(counts: Sequence[LivenessCount], say: Speaker) -> list[tuple[str, ...]]:
    """Its lines."""
    return [_line(each, say) for each in counts]


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
