"""What a changed retention would delete of an environment's calls: told, and agreed to, before it is saved."""

import time
from contextlib import suppress

import streamlit as st

from facematch.environments import Listed, Remote, put
from facematch.errors import LogUnavailable
from facematch.log.purge import OTHERS, Due, due
from facematch.ui import services
from facematch.ui.environment.rules import Draft, Problems
from facematch.ui.formats import day, plain
from facematch.ui.words import Speaker

FIELD = "retention_days"


def going(draft: Draft, before: Remote | None) -> Due | None:
    """The calls that would go; None: none, or none but those that go anyway."""
    if FIELD in draft.problems or not draft.name.strip():
        return None
    listed, _ = services.listed()
    now, then = _days(listed, draft), _days(put(listed, draft.remote(before)), draft)
    log, _ = services.log_or_trouble()
    if then is None or then == now or log is None:
        return None
    with suppress(LogUnavailable):  # what cannot be read is not deleted either
        return next(iter(due(log, ((draft.name.strip(), then),), time.time_ns() // 1_000_000)), None)
    return None


def problem(found: Due | None) -> Problems:
    """Whether the operator has yet to agree."""
    return {FIELD: "agree"} if found is not None and not st.session_state.get(_key(found)) else {}


def ask(found: Due | None, say: Speaker) -> None:
    """How many calls, from before when, and the box that agrees to it."""
    if found is None:
        return
    told = say("environments.retention.deletes", count=found.rows, name=plain(found.env), date=day(found.before_ms))
    st.warning(told, icon=":material/delete_forever:")
    st.checkbox(say("environments.retention.agree", count=found.rows), key=_key(found))


def _days(listed: Listed, draft: Draft) -> float | None:
    rule = dict(listed.retention(services.settings().retention_days))
    return rule.get(draft.name.strip(), rule.get(OTHERS))


def _key(found: Due) -> str:
    """Another day is another question."""
    return f"environment_agreed_{found.before_ms}"
