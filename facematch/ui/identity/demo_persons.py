"""The invented persons of the embedded library: one click enrols them and fills the form, another takes them out."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from facematch.errors import CallError
from facematch.samples import DEMO_PERSONS
from facematch.ui.failure import explain
from facematch.ui.frame import Desk

ENROLLED = "demo_persons"  # in the session: the library's ids of those enrolled from here, not those that were there
ALL, UNKNOWN = "demo_persons.all", ("",)  # likewise: of all six
TROUBLE, GONE = "demo_persons.trouble", "demo_persons.gone"


@dataclass(frozen=True, slots=True)
class Case:
    """A number, a name and a photo that show one answer of the service."""

    key: str
    id_number: str
    name: str
    probe: str  # file name, for samples.photo()
    expected: bool | int  # whether the person is recognised, or the errcode of the refusal


_FIRST, _SECOND, _, _, _NO_PORTRAIT, _BAD_PORTRAIT = DEMO_PERSONS
CASES = (
    Case("own_photo", _FIRST.id_number, _FIRST.name, "obama_3.jpg", True),
    Case("another_photo", _FIRST.id_number, _FIRST.name, "biden_1.jpg", False),
    Case("wrong_name", _FIRST.id_number, _SECOND.name, "obama_3.jpg", 2006),
    Case("not_enrolled", "190001199001010014", _FIRST.name, "obama_3.jpg", 2005),
    Case("check_digit", _FIRST.id_number[:-1] + "8", _FIRST.name, "obama_3.jpg", 2003),
    Case("no_portrait", _NO_PORTRAIT.id_number, _NO_PORTRAIT.name, "obama_1.jpg", 2007),
    Case("bad_portrait", _BAD_PORTRAIT.id_number, _BAD_PORTRAIT.name, "obama_1.jpg", 2009),
)


def demo_persons(desk: Desk, fill: Callable[[Case], None], *, is_open: bool) -> None:
    """Draw the cases; for the embedded service only: another's library is not ours to fill.

    Args:
        desk: What the page works with.
        fill: Puts a case into the form.
        is_open: Whether the box is open at first.
    """
    say = desk.say
    with st.expander(say("demo_persons.title"), expanded=is_open, icon=":material/group:"):
        st.caption(say("demo_persons.help"))
        with st.container(horizontal=True, key="demo_persons"):
            for case in CASES:
                words = say(f"demo_persons.{case.key}")
                st.button(words, key=f"case_{case.key}", on_click=_enter, args=(desk, fill, case))
        if trouble := st.session_state.pop(TROUBLE, None):
            st.error(trouble, icon=":material/error:")
        _undo(desk)


def _enter(desk: Desk, fill: Callable[[Case], None], case: Case) -> None:
    try:
        there = {person.id for person in desk.client.local.persons()}
        if not there.issuperset(st.session_state.get(ALL, UNKNOWN)):  # somebody may have deleted one meanwhile
            _enrol(desk, there)
    except CallError as error:
        _tell(desk, error)
    else:
        st.session_state.pop(GONE, None)
        fill(case)


def _enrol(desk: Desk, there: set[str]) -> None:
    """The engine looks at each portrait: a second or two."""
    found, ours = tuple(person.id for person in desk.client.local.enrol_demo()), st.session_state.get(ENROLLED, ())
    st.session_state[ENROLLED] = tuple(each for each in found if each in ours or each not in there)
    st.session_state[ALL] = found


def _undo(desk: Desk) -> None:
    say = desk.say
    ids: tuple[str, ...] | None = st.session_state.get(ENROLLED)
    if ids is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            if ids:
                st.caption(say("demo_persons.enrolled", count=len(ids)), width="content")
                st.button(
                    say("demo_persons.remove"), key="demo_remove", type="tertiary", icon=":material/undo:",
                    on_click=_remove, args=(desk, ids),
                )  # fmt: skip
            st.page_link("pages/environments.py", label=say("demo_persons.library"), icon=":material/badge:")
    elif st.session_state.get(GONE):
        st.caption(say("demo_persons.gone"))


def _remove(desk: Desk, ids: tuple[str, ...]) -> None:
    try:
        for each in ids:
            desk.client.local.delete_person(each)
    except CallError as error:
        _tell(desk, error)
    else:
        for key in (ENROLLED, ALL):
            st.session_state.pop(key, None)
        st.session_state[GONE] = True


def _tell(desk: Desk, error: CallError) -> None:
    told = explain(error, desk.say)
    st.session_state[TROUBLE] = f"**{told.title}** {told.cause} {told.remedy}"
