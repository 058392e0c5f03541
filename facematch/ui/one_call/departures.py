"""How an answer departed from the document, in the operator's language."""

from collections.abc import Iterable

import streamlit as st

from facematch import drift
from facematch.ui.formats import plain
from facematch.ui.words import Speaker


def departures(clauses: Iterable[object], say: Speaker) -> str:
    """The clauses of a row or a result as one text; a clause of another version stays as it is."""
    return say("departures.join").join(_departure(str(clause), say) for clause in clauses)


def departures_told(found: object, say: Speaker) -> None:
    """Draw the clauses of a row, what they mean for a caller and what to do; nothing when there are none."""
    if isinstance(found, list) and found:
        told = say("call.drift", drift=departures(found, say))
        st.warning(f"{told}  \n{say('call.drift.help')}", icon=":material/rule:")


def _departure(clause: str, say: Speaker) -> str:
    found = drift.understood(clause)
    if found is None or not say.knows(f"drift.{found[0].key}"):
        return plain(clause)
    form, fields = found
    return say(f"drift.{form.key}", **{name: plain(text) for name, text in fields.items()})
