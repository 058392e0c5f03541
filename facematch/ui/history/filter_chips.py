"""What is selected, one chip a part: a press takes it out. And what of a link nobody could read."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from facematch.ui.environments import environment
from facematch.ui.formats import code, plain
from facematch.ui.history import state as history_state
from facematch.ui.history.address import Address, Refused, range_text
from facematch.ui.history.filters import code_name
from facematch.ui.words import Speaker

_VALUE_LETTERS = 60
Part = tuple[str, str, Address]  # the filter's key, what is chosen in words, the address without it


def refused(parts: Sequence[Refused], say: Speaker) -> None:
    """Say what of the link was left out."""
    if parts:
        told = say("list.join").join(code(f"{part.name}={_short(part.value)}") for part in parts)
        st.warning(say("filter.refused", parts=told), icon=":material/link_off:")


def chips(address: Address, say: Speaker) -> None:
    """A button for each part, and one for all; nothing while nothing is chosen."""
    parts = list(_parts(address, say))
    if not parts:
        return
    with st.container(horizontal=True, key="chips"):
        for name, value, without in parts:
            text = say("filter.chip", name=say(f"filter.{name}"), value=plain(_short(value)))
            st.button(
                text,
                key=f"chip_{name}_{value}",
                icon=":material/close:",
                help=say("filter.take_out"),
                on_click=history_state.move,
                args=(without,),
            )
        usual = Address(compared=address.compared, other=address.other)
        st.button(say("filter.clear"), key="clear_filters", type="tertiary", on_click=history_state.move, args=(usual,))


def told(address: Address, say: Speaker, *, without: Collection[str] = ()) -> tuple[str, ...]:
    """The chosen parts in words but for those *without*, for a title or a report."""
    parts = ((name, value) for name, value, _ in _parts(address, say) if name not in without)
    return tuple(say("filter.chip", name=say(f"filter.{name}"), value=value) for name, value in parts)


def _parts(address: Address, say: Speaker) -> Iterator[Part]:
    if address.since is not None:
        yield "since", _minute(address.since), replace(address, since=None)
    if address.until is not None:
        yield "until", _minute(address.until), replace(address, until=None)
    yield from _of("environment", "envs", address, say)
    yield from _of("endpoint", "endpoints", address, say)
    yield from _of("mode", "modes", address, say)
    yield from _of("outcome", "outcomes", address, say)
    yield from _of("errcode", "errcodes", address, say)
    yield from _of("label", "labels", address, say)
    yield from _of("end", "ends", address, say)
    if address.score is not None:
        yield "score", _range(address.score), replace(address, score=None)
    if address.latency is not None:
        yield "latency", f"{_range(address.latency)} ms", replace(address, latency=None)
    if address.text:
        yield "text", address.text, replace(address, text="")


def _of(name: str, field: str, address: Address, say: Speaker) -> Iterator[Part]:
    values: tuple[str, ...] = getattr(address, field)
    for value in values:
        less: dict[str, Any] = {field: tuple(each for each in values if each != value)}
        yield name, value_name(name, value, say), replace(address, **less)


def value_name(name: str, value: str, say: Speaker) -> str:
    """How *value* of a filter is called."""
    if name == "environment":
        return environment(value, say)
    if name == "errcode":
        return code_name(value, say)
    if name == "end":
        return end_name(value, say)
    kind = {"mode": "kind", "label": "chart"}.get(name, name)
    return say.or_itself(f"{kind}.{value}")


def end_name(end: str, say: Speaker) -> str:
    """A layer, or an answer."""
    answers = {"accepted": "outcome.accepted", "live_code": "endpoint.validate_data"}
    answers |= {verdict: f"chart.{verdict}" for verdict in ("passed", "not_passed")}
    return say(answers.get(end, f"layer.{end}"))


def _minute(moment: object) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _range(pair: tuple[float, float]) -> str:
    return range_text(pair).replace("-", " – ")


def _short(text: str) -> str:
    return text if len(text) <= _VALUE_LETTERS else text[: _VALUE_LETTERS - 1] + "…"
