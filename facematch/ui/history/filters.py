"""The History's filters: widgets that stand at what its link says, and write the link when they are moved."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import cast

import streamlit as st

from facematch import codes
from facematch.analytics.queries import Choices
from facematch.ui.environments import environment
from facematch.ui.formats import zone
from facematch.ui.history import state as history_state
from facematch.ui.history.address import LABELS, NO_CODE, PERIODS_MS, TOP_SCORE, Address
from facematch.ui.words import Speaker

DATED = "dated"  # a period with a beginning or an end of its own
ANY_SCORE = (0.0, float(TOP_SCORE))
_Place = tuple[Address, Speaker]
_FIRST_DAYS = 6  # before today, when a period of its own begins


def draw(address: Address, choices: Choices, say: Speaker) -> None:
    """The period and the search at hand, all else behind one press."""
    if not history_state.is_shown(address):
        _set(address)
        history_state.show(address)
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        st.segmented_control(
            say("filter.period"),
            [*PERIODS_MS, DATED],
            format_func=lambda period: say(f"period.{period}"),
            key="_filter.period",
            required=True,
            wrap=True,
            on_change=_moved,
            args=(address,),
        )
        st.text_input(
            say("filter.text"),
            key="_filter.text",
            max_chars=200,
            placeholder=say("filter.text.example"),
            help=say("filter.text.help"),
            icon=":material/search:",
            on_change=_moved,
            args=(address,),
        )
    if st.session_state["_filter.period"] == DATED:
        _dates(address, say)
    active = sum(map(bool, _others(address)))
    title = say("filter.more_active", count=active) if active else say("filter.more")
    with st.expander(title, icon=":material/tune:", key="filter_more"):
        _more(address, choices, say)


def _others(address: Address) -> tuple[object, ...]:
    several = address.envs, address.endpoints, address.modes, address.outcomes, address.errcodes, address.labels
    return *several, address.score


def _dates(address: Address, say: Speaker) -> None:
    with st.container(horizontal=True, key="filter_dates"):
        for name in ("since", "until"):
            st.datetime_input(
                say(f"filter.{name}"),
                key=f"_filter.{name}",
                value=None,
                format="YYYY-MM-DD",
                step=timedelta(minutes=1),
                help=say(f"filter.{name}.help"),
                width=220,
                on_change=_moved,
                args=(address,),
            )


def _more(address: Address, choices: Choices, say: Speaker) -> None:
    columns, place = st.columns(3), (address, say)
    numbers = (NO_CODE, *map(str, choices.errcodes))
    with columns[0]:
        _several("environment", address.envs, choices.envs, lambda env: environment(env, say), place)
        _several("endpoint", address.endpoints, choices.endpoints, _words(say, "endpoint"), place)
    with columns[1]:
        _several("mode", address.modes, choices.modes, _words(say, "kind"), place)
        _several("outcome", address.outcomes, choices.outcomes, _words(say, "outcome"), place)
    with columns[2]:
        _several("errcode", address.errcodes, numbers, lambda errcode: code_name(errcode, say), place)
        _several("label", address.labels, tuple(LABELS), _words(say, "chart"), place)
    st.slider(
        say("filter.score"),
        *ANY_SCORE,
        step=1.0,
        format="%g",
        key="_filter.score",
        help=say("filter.score.help"),
        on_change=_moved,
        args=(address,),
    )


def code_name(errcode: str, say: Speaker) -> str:
    """The number and what it means, in few words."""
    if errcode == NO_CODE:
        return say("filter.no_code")
    known = codes.find(int(errcode))
    return errcode if known is None else f"{errcode} {known.words(say.language).meaning}"


def _words(say: Speaker, kind: str) -> Callable[[str], str]:
    return lambda value: say.or_itself(f"{kind}.{value}")


def _several(
    name: str,
    chosen: Iterable[str],
    options: Iterable[str],
    label: Callable[[str], str],
    place: tuple[Address, Speaker],
) -> None:
    address, say = place
    st.multiselect(
        say(f"filter.{name}"),
        list(dict.fromkeys((*options, *chosen))),  # a link may ask for what this log does not have
        format_func=label,
        key=f"_filter.{name}",
        placeholder=say("filter.all"),
        on_change=_moved,
        args=(address,),
    )


def _set(address: Address) -> None:
    """Bring the widgets to where a link stands."""
    values: dict[str, object] = {
        "period": DATED if address.is_dated else address.period,
        "since": address.since,
        "until": address.until,
        "text": address.text,
        "environment": list(address.envs),
        "endpoint": list(address.endpoints),
        "mode": list(address.modes),
        "outcome": list(address.outcomes),
        "errcode": list(address.errcodes),
        "label": list(address.labels),
        "score": address.score or ANY_SCORE,
    }
    for name, value in values.items():
        st.session_state[f"_filter.{name}"] = value


def _moved(before: Address) -> None:
    """A widget was moved: the link follows. What has no widget stays as it was."""
    moved = Address(
        *_moved_period(before),
        envs=_tuple("environment"),
        endpoints=_tuple("endpoint"),
        modes=_tuple("mode"),
        outcomes=_tuple("outcome"),
        errcodes=_tuple("errcode"),
        labels=_tuple("label"),
        ends=before.ends,
        score=_moved_score(),
        latency=before.latency,
        text=str(st.session_state.get("_filter.text") or "").strip(),
        compared=before.compared,
        other=before.other,
    )
    history_state.show(moved)
    history_state.go(moved)


def _moved_period(before: Address) -> tuple[str, datetime | None, datetime | None]:
    period = str(st.session_state["_filter.period"])
    if period != DATED:
        return period, None, None
    since, until = (cast("datetime | None", st.session_state.get(f"_filter.{name}")) for name in ("since", "until"))
    if since is None and until is None:
        midnight = datetime.now(zone()).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        return before.period, midnight - timedelta(days=_FIRST_DAYS), None
    return before.period, since, until


def _moved_score() -> tuple[float, float] | None:
    low, high = cast("tuple[float, float]", st.session_state.get("_filter.score", ANY_SCORE))
    return None if (low, high) == ANY_SCORE else (low, high)


def _tuple(name: str) -> tuple[str, ...]:
    return tuple(st.session_state.get(f"_filter.{name}", ()))
