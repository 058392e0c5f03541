"""What another list of environments would delete of the log: told, and agreed to, before it is written."""

import time
from collections.abc import Iterable
from contextlib import suppress

import streamlit as st

from facematch.environments import Listed, Remote, put, without
from facematch.errors import LogUnavailable
from facematch.log.purge import OTHERS, Due, due
from facematch.settings import Retention
from facematch.ui import services
from facematch.ui.environment.rules import Draft, Problems
from facematch.ui.formats import day, plain
from facematch.ui.words import Speaker

FIELD = "retention_days"


def of_draft(draft: Draft, before: Remote | None) -> tuple[Due, ...]:
    """The calls that would go when *draft* is saved: its own, and those under the name it had."""
    name = draft.name.strip()
    if FIELD in draft.problems or not name:
        return ()
    names = {name} if before is None else {name, before.name}
    return _going(names, put(services.listed()[0], draft.remote(before)))


def of_removal(remote: Remote) -> tuple[Due, ...]:
    """Those of a removed environment: the settings may keep calls for a shorter time than it did."""
    return _going({remote.name}, without(services.listed()[0], remote.id))


def problem(found: Iterable[Due]) -> Problems:
    """Whether the operator has yet to agree."""
    return {} if all(st.session_state.get(_key(each)) for each in found) else {FIELD: "agree"}


def ask(found: Iterable[Due], say: Speaker) -> None:
    """How many calls, from before when, and the box that agrees to it."""
    for each in found:
        st.warning(told(each, say), icon=":material/delete_forever:")
        st.checkbox(say("environments.retention.agree", count=each.rows), key=_key(each))


def told(found: Due, say: Speaker) -> str:
    """What would go, in a sentence."""
    return say("environments.retention.deletes", count=found.rows, name=plain(found.env), date=day(found.before_ms))


def _going(names: Iterable[str], then: Listed) -> tuple[Due, ...]:
    """Of *names*, the calls that only the new list deletes."""
    rest, (now, _) = services.settings().retention_days, services.listed()
    rules = ((name, _days(now.retention(rest), name), _days(then.retention(rest), name)) for name in sorted(names))
    changed = tuple((name, after) for name, before, after in rules if after is not None and after != before)
    log, _ = services.log_or_trouble()
    if not changed or log is None:
        return ()
    with suppress(LogUnavailable):  # what cannot be read is not deleted either
        return due(log, changed, time.time_ns() // 1_000_000)
    return ()


def _days(rule: Retention, name: str) -> float | None:
    days = dict(rule)
    return days.get(name, days.get(OTHERS))


def _key(found: Due) -> str:
    """Another name or another day is another question."""
    return f"environment_agreed_{found.env}_{found.before_ms}"
