"""What the selection is compared with: another period, or another environment. The link says it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast

import streamlit as st

from facematch.analytics.queries import Choices
from facematch.analytics.rows import Selection
from facematch.ui.environments import environment
from facematch.ui.formats import zone
from facematch.ui.history import state as history_state
from facematch.ui.history.address import COMPARED, Address, between, epoch_ms, on_clock, two_moments
from facematch.ui.words import Speaker

OFF, PREVIOUS, OWN = "off", "previous", "own"


@dataclass(frozen=True, slots=True)
class Sides:
    """Two selections and how they are called; ``trouble``: the key of why they cannot be told apart, or may not."""

    a: Selection
    b: Selection
    names: tuple[str, str]
    trouble: str | None = None


def draw(address: Address, choices: Choices, say: Speaker) -> None:
    """The switch, and what it needs to know."""
    if st.session_state.get("compare.shown") != address or "_compare" not in st.session_state:
        _set(address)
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare"):
        st.segmented_control(
            say("compare.title"),
            [OFF, *COMPARED],
            format_func=lambda kind: say(f"compare.{kind}"),
            key="_compare",
            required=True,
            wrap=True,
            on_change=_switched,
            args=(address, choices),
        )
        if address.compared == "environment":
            _environments(address, choices, say)
        elif address.compared == "period":
            _periods(address, say)


def sides(address: Address, chosen: Selection, choices: Choices, say: Speaker) -> Sides:
    """The two that are compared: the selection, and the same of the other period or environment."""
    if address.compared == "environment":
        others = tuple(env for env in chosen.envs or choices.envs if env != address.other)
        names = say("list.join").join(environment(env, say) for env in others), environment(address.other, say)
        trouble = None if others and address.other else "compare.one_environment"
        return Sides(replace(chosen, envs=others), replace(chosen, envs=(address.other,)), names, trouble)
    now_ms = epoch_ms(datetime.now(zone()).replace(tzinfo=None), zone())
    since_ms, until_ms = chosen.since_ms, chosen.until_ms or now_ms
    own = two_moments(address.other)
    if own is not None:
        other = replace(chosen, since_ms=epoch_ms(own[0], zone()), until_ms=epoch_ms(own[1], zone()))
        names = _span(since_ms, until_ms, say), _span(other.since_ms, epoch_ms(own[1], zone()), say)
        overlap = (since_ms or 0) < (other.until_ms or 0) and (other.since_ms or 0) < until_ms
        return Sides(chosen, other, names, "compare.overlap" if overlap else None)
    if since_ms is None:
        return Sides(chosen, chosen, ("", ""), "compare.no_beginning")
    other = replace(chosen, since_ms=max(0, 2 * since_ms - until_ms), until_ms=since_ms)
    return Sides(chosen, other, (_span(since_ms, until_ms, say), _span(other.since_ms, since_ms, say)))


def _set(address: Address) -> None:
    own = two_moments(address.other) if address.compared == "period" else None
    st.session_state["_compare"] = address.compared or OFF
    st.session_state["_compare.environment"] = address.other if address.compared == "environment" else None
    st.session_state["_compare.period"] = OWN if own else PREVIOUS
    st.session_state["_compare.since"], st.session_state["_compare.until"] = own or (None, None)
    st.session_state["compare.shown"] = address


def _switched(address: Address, choices: Choices) -> None:
    kind = str(st.session_state["_compare"])
    others = [env for env in choices.envs if env not in address.envs] or list(choices.envs)
    other = others[-1] if kind == "environment" and others else ""
    _go(replace(address, compared="" if kind == OFF else kind, other=other))


def _environments(address: Address, choices: Choices, say: Speaker) -> None:
    st.selectbox(
        say("compare.with"),
        list(dict.fromkeys((*choices.envs, *filter(None, (address.other,))))),
        format_func=lambda env: environment(env, say),
        key="_compare.environment",
        width=260,
        on_change=lambda: _go(replace(address, other=st.session_state["_compare.environment"] or "")),
    )


def _periods(address: Address, say: Speaker) -> None:
    st.segmented_control(
        say("compare.with"),
        [PREVIOUS, OWN],
        format_func=lambda kind: say(f"compare.{kind}"),
        key="_compare.period",
        required=True,
        wrap=True,
        on_change=_other_period,
        args=(address,),
    )
    if two_moments(address.other) is None:
        return
    for name in ("since", "until"):
        st.datetime_input(
            say(f"filter.{name}"),
            key=f"_compare.{name}",
            value=None,
            format="YYYY-MM-DD",
            step=timedelta(minutes=1),
            width=220,
            on_change=_other_times,
            args=(address, say),
        )


def _other_period(address: Address) -> None:
    midnight = datetime.now(zone()).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    days = timedelta(days=7)
    own = between(midnight - 2 * days, midnight - days)
    _go(replace(address, other=own if st.session_state["_compare.period"] == OWN else ""))


def _other_times(address: Address, say: Speaker) -> None:
    since, until = (cast("datetime | None", st.session_state[f"_compare.{name}"]) for name in ("since", "until"))
    if since is not None and until is not None and since < until:
        _go(replace(address, other=between(since, until)))
    else:
        st.toast(say("compare.order"))


def _go(address: Address) -> None:
    history_state.go(address)


def _span(since_ms: int | None, until_ms: int, say: Speaker) -> str:
    until = f"{on_clock(until_ms, zone()):%Y-%m-%d %H:%M}"
    if since_ms is None:
        return say("compare.to", until=until)
    return say("compare.span", since=f"{on_clock(since_ms, zone()):%Y-%m-%d %H:%M}", until=until)
