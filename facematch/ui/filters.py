"""The History's filters: time, environment, endpoint, outcome. They outlive a page switch."""

import time
from collections.abc import Callable, Sequence

import streamlit as st

from facematch.analytics.queries import Choices, Selection
from facematch.ui.environments import environment
from facematch.ui.words import Speaker

HOUR_MS = 3_600_000
PERIODS_MS = {"hour": HOUR_MS, "day": 24 * HOUR_MS, "week": 168 * HOUR_MS, "month": 720 * HOUR_MS, "all": None}


def selection(choices: Choices, say: Speaker) -> Selection:
    """Draw the filters and return what they select."""
    period = _period(say)
    others = st.columns(4)
    with others[0]:
        envs = _several("environment", choices.envs, say, lambda env: environment(env, say))
    with others[1]:
        endpoints = _several("endpoint", choices.endpoints, say, lambda endpoint: say.or_itself(f"endpoint.{endpoint}"))
    with others[2]:
        modes = _several("mode", choices.modes, say, lambda mode: say.or_itself(f"kind.{mode}"))
    with others[3]:
        outcomes = _several("outcome", choices.outcomes, say, lambda outcome: say.or_itself(f"outcome.{outcome}"))
    length_ms = PERIODS_MS[period]
    since_ms = None if length_ms is None else round(time.time() * 1000) - length_ms
    return Selection(since_ms=since_ms, envs=envs, endpoints=endpoints, outcomes=outcomes, modes=modes)


def before() -> int | None:
    """The row that the page of calls begins before; None for the newest. Another selection begins at its newest."""
    place = st.session_state.get("history.place")
    return place[1] if place is not None and place[0] == _state() else None


def turn(row: int | None) -> None:
    """Turn the page of calls to those before *row*."""
    st.session_state["history.place"] = (_state(), row)


def _state() -> tuple[object, ...]:
    names = ("period", "environment", "endpoint", "mode", "outcome")
    return tuple(st.session_state.get(f"filter.{name}") for name in names)


def _period(say: Speaker) -> str:
    st.session_state["_filter.period"] = st.session_state.setdefault("filter.period", "month")
    st.segmented_control(
        say("filter.period"),
        list(PERIODS_MS),
        format_func=lambda period: say(f"period.{period}"),
        key="_filter.period",
        required=True,
        on_change=_keep,
        args=("filter.period",),
    )
    return str(st.session_state["filter.period"])


def _several(name: str, options: Sequence[str], say: Speaker, label: Callable[[str], str]) -> tuple[str, ...]:
    key = f"filter.{name}"
    kept = st.session_state.setdefault(key, ())
    st.session_state[f"_{key}"] = [value for value in kept if value in options]
    st.multiselect(
        say(key), options, format_func=label, key=f"_{key}", placeholder=say("filter.all"), on_change=_keep, args=(key,)
    )
    return tuple(st.session_state[f"_{key}"])


def _keep(key: str) -> None:
    st.session_state[key] = st.session_state[f"_{key}"]
