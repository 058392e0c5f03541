"""The attempts of one call: what each came to, and why another followed."""

from collections.abc import Sequence

import streamlit as st

from facematch.analytics.queries import CallRow
from facematch.ui.formats import duration, when
from facematch.ui.words import Speaker


def attempts_table(attempts: Sequence[CallRow], answers: Sequence[str], say: Speaker) -> None:
    """One line an attempt.

    Args:
        attempts: In order.
        answers: What each came to, in words.
        say: The operator's language.
    """
    import pandas as pd

    st.markdown(f"**{say('attempts.title')}**")
    st.caption(say("attempts.help"))
    columns = ("attempts.number", "call.time", "call.answer", "call.errcode", "call.latency", "attempts.then")
    lines = [
        (
            str(row.attempt),
            when(row.ts_ms),
            answer,
            "–" if row.errcode is None else str(row.errcode),
            duration(row.latency_ms),
            _then(row, say),
        )
        for row, answer in zip(attempts, answers, strict=True)
    ]
    st.table(pd.DataFrame(lines, columns=[say(name) for name in columns]), hide_index=True, border="horizontal")


def _then(row: CallRow, say: Speaker) -> str:
    wait = row.extra.get("wait_ms")
    waited = duration(float(wait)) if isinstance(wait, int | float) else duration(None)
    for name in ("retried", "not_retried"):
        if (reason := row.extra.get(name)) is not None:
            key = f"{name}.{reason}"
            return say(key if say.knows(key) else f"{name}.other", wait=waited)
    return "–"
