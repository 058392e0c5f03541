"""Two runs of a call, side by side: which, as this session made them or as a link names them."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from facematch.analytics import queries
from facematch.analytics.queries import CallRow
from facematch.log import CallLog
from facematch.ui.forms import kept_media

PARAMETER = "runs"  # of the link: the request ids of the first and the second run
_MADE, _NEW = "again.made", "again.new"  # request id -> request id of its second run; whether one has just come in


@dataclass(frozen=True, slots=True)
class Pair:
    """Every attempt of both; empty where the log has none of it."""

    first: Sequence[CallRow]
    second: Sequence[CallRow]
    link: str  # what the parameter says


def made(first: str, second: str) -> None:
    """Note that the call *first* was run again as *second*, both by request id."""
    pairs = {**st.session_state.get(_MADE, {}), first: second}
    st.session_state[_MADE], st.session_state[_NEW] = dict(list(pairs.items())[-kept_media.CALLS :]), True
    st.query_params[PARAMETER] = f"{first},{second}"


def is_new() -> bool:
    """Whether a second run has just come in, once."""
    return bool(st.session_state.pop(_NEW, False))


def of(row: CallRow, log: CallLog) -> Pair | None:
    """The pair that *row* is one of: the link's, else this session's latest; None when there is none."""
    named = _of_link(row) or _of_session(row)
    if named is None:
        return None
    with log.reading() as db:
        first, second = (queries.attempts(db, each) for each in named)
    return Pair(first, second, ",".join(named))


def _of_link(row: CallRow) -> tuple[str, str] | None:
    """A link to another call leaves its pair behind."""
    if (said := st.query_params.get(PARAMETER)) is None:
        return None
    first, _, second = said.partition(",")
    if first and second and first != second and row.request_id in (first, second):
        return first, second
    del st.query_params[PARAMETER]
    return None


def _of_session(row: CallRow) -> tuple[str, str] | None:
    pairs: dict[str, str] = st.session_state.get(_MADE, {})
    if (second := pairs.get(row.request_id)) is not None:
        return row.request_id, second
    return next(((first, second) for first, second in pairs.items() if second == row.request_id), None)
