"""What the History shows in this session: its link says it, and the session keeps it over a page switch."""

from typing import cast

import streamlit as st

from facematch.ui.history.address import NAMES, Address, Refused, read, written

_KEPT = "history.address"
_SHOWN = "history.shown"  # the address that the widgets stand at
_BEFORE = "history.before"  # what a click into a chart narrowed, and to what
PERIOD = "_filter.period"  # a widget that is on the page whenever the filters are


def current() -> tuple[Address, tuple[Refused, ...]]:
    """The link's address, and what of it nobody can read.

    A link that says nothing of the selection leaves it as it was: a page switch drops all parameters. Only the bare
    address on the page itself, as the back button brings it, is the usual selection.
    """
    params = {name: st.query_params.get_all(name) for name in st.query_params}
    mine = {name: values for name, values in params.items() if name in NAMES}
    kept = cast("Address | None", st.session_state.get(_KEPT))
    if kept is not None and not mine and (params or PERIOD not in st.session_state):
        _tell(kept)
        return kept, ()
    address, refused = read(mine)
    st.session_state[_KEPT] = address
    return address, refused


def go(address: Address) -> Address:
    """Make *address* the page's, in the link too; what else the link says stays. Returns it as the link has it."""
    _tell(address)
    found, _ = read({name: st.query_params.get_all(name) for name in NAMES})
    st.session_state[_KEPT] = found
    return found


def move(address: Address) -> None:
    """``go``, for a button."""
    go(address)


def is_shown(address: Address) -> bool:
    """Whether the widgets stand at *address*: set at every run, they would lose what is clicked meanwhile."""
    return PERIOD in st.session_state and st.session_state.get(_SHOWN) == address


def show(address: Address | None) -> None:
    """Note at what the widgets stand; None: at what no link says."""
    st.session_state[_SHOWN] = address


def narrow(before: Address, after: Address) -> None:
    """Go to *after*, a part of *before*, which is one press away."""
    st.session_state[_BEFORE] = (before, go(after))
    st.session_state["history.jump"] = True


def wider(now: Address) -> Address | None:
    """What a click into a chart narrowed to *now*; None when it was something else that led here."""
    found = cast("tuple[Address, Address] | None", st.session_state.get(_BEFORE))
    return found[0] if found is not None and found[1] == now else None


def take_jump() -> bool:
    """Whether the calls are to be brought into view, once."""
    return bool(st.session_state.pop("history.jump", False))


def before(address: Address) -> int | None:
    """The row that the page of calls begins before; None for the newest, at which another selection begins."""
    place = cast("tuple[Address, int | None] | None", st.session_state.get("history.place"))
    return place[1] if place is not None and place[0] == address else None


def turn(address: Address, row: int | None) -> None:
    """Turn the page of calls to those before *row*."""
    st.session_state["history.place"] = (address, row)


def open_call(trace: str) -> None:
    """Show a call in full, beside the selection."""
    st.query_params["trace"] = trace


def close_call() -> None:
    """Take the call in full off the page; what is selected stays."""
    for name in ("trace", "runs"):
        st.query_params.pop(name, None)


def _tell(address: Address) -> None:
    others = {name: st.query_params.get_all(name) for name in st.query_params if name not in NAMES}
    st.query_params.from_dict(others | written(address))
