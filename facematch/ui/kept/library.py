"""The ID library of a server of ours: who is enrolled, masked; enrol, delete, undo."""

from datetime import datetime

import streamlit as st

from facematch.local import Health, Person
from facematch.samples import DEMO_PERSONS
from facematch.ui.formats import code, plain, when
from facematch.ui.frame import Desk
from facematch.ui.kept import enrolled_here
from facematch.ui.kept.enrolled_here import PANEL, Applicant
from facematch.ui.kept.enrolment import enrolment
from facematch.ui.kept.library_import import library_import
from facematch.ui.kept.paged import paged
from facematch.ui.kept.panel_notice import Notice, Undo, confirm, leave, notice, told
from facematch.ui.words import Speaker

BADGES = {"usable": "green", "unusable": "orange", "none": "gray"}


def library(health: Health, desk: Desk) -> None:
    """The panel; where persons must not be shown, how many there are."""
    say = desk.say
    st.markdown(say("person.help"))
    with told(say):
        there = desk.client.local.persons()
        if not desk.shows_personal:
            st.markdown(say("person.count", count=len(there)))
            st.caption(say("person.hidden"))
            return
        notice(PANEL, desk)
        enrolment(there, health, desk)
        library_import(there, health, desk)
        _demo(there, desk)
        _list(there, desk)


def _list(there: tuple[Person, ...], desk: Desk) -> None:
    say = desk.say
    st.subheader(say("person.list", count=len(there)), anchor=False)
    if not there:
        st.info(say("person.none"), icon=":material/group_off:")
        return
    if kept := len(enrolled_here.known(desk)):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(say("person.in_memory", count=kept), width="content")
            st.button(
                say("person.forget"),
                key="person_forget",
                type="tertiary",
                on_click=enrolled_here.forget,
                args=(desk,),
            )
    for person in paged("persons", tuple(reversed(there)), lambda each: f"{each.id_number} {each.name}", say):
        _row(person, desk)


def _row(person: Person, desk: Desk) -> None:
    say = desk.say
    since = when(round(datetime.fromisoformat(person.enrolled_at).timestamp() * 1000))
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"person_{person.id}"):
        st.markdown(
            f"**{plain(person.name)}** · {code(person.id_number)}  \n{say('person.since', at=since)}", width="stretch"
        )
        badge = f":{BADGES[person.portrait]}-badge[{say(f'person.portrait.{person.portrait}')}]"
        st.markdown(badge, width="content")
        can_undo = person.id in enrolled_here.known(desk)
        ask = say("person.delete.ask" if can_undo else "person.delete.ask.final", name=plain(person.name))
        if confirm(f"person_{person.id}", ask, say("kept.delete"), say):
            _delete(person, desk)


def _delete(person: Person, desk: Desk) -> None:
    with told(desk.say):
        is_gone = desk.client.local.delete_person(person.id)
        applicant = enrolled_here.known(desk).get(person.id)
        values = {"number": plain(person.id_number), "name": plain(person.name)}
        done = Notice("person.deleted", values, undo=None if applicant is None else _put_back(person.id, applicant))
        leave(PANEL, desk, done if is_gone else Notice("person.gone", is_warning=True))
        st.rerun()


def _put_back(person_id: str, applicant: Applicant) -> Undo:
    def undo(desk: Desk) -> None:
        person = enrolled_here.put_back(person_id, applicant, desk)
        leave(PANEL, desk, Notice("person.put_back", {"number": plain(person.id_number), "name": plain(person.name)}))

    return undo


def _demo(there: tuple[Person, ...], desk: Desk) -> None:
    say = desk.say
    with st.expander(say("person.demo"), icon=":material/theater_comedy:", key="person_demo"):
        st.markdown(say("person.demo.help"))
        heads = "|".join(say(f"person.{head}") for head in ("number", "name", "demo.expected"))
        rows = [f"| {code(each.id_number)} | {each.name} | {_expected(each.expected, say)} |" for each in DEMO_PERSONS]
        st.markdown("\n".join((f"|{heads}|", "|---|---|---|", *rows)))
        with st.container(horizontal=True, vertical_alignment="center"):
            asked = st.button(
                say("person.demo.enrol", count=len(DEMO_PERSONS)), key="person_demo_enrol", icon=":material/group_add:"
            )
            st.page_link("pages/id_verification.py", label=say("page.id_verification"), icon=":material/badge:")
        if asked:
            _enrol_demo(there, desk)


def _enrol_demo(there: tuple[Person, ...], desk: Desk) -> None:
    before, known = {person.id for person in there}, enrolled_here.known(desk)
    found = {person.id for person in enrolled_here.enrol_demo(desk)}
    replaced = {each: known[each] for each in found & before & known.keys()}
    undo = enrolled_here.as_before(found - before, replaced)
    leave(PANEL, desk, Notice("person.demo.done", {"count": len(found)}, undo=undo))
    st.rerun()


def _expected(errcode: int, say: Speaker) -> str:
    return say("person.demo.verdict") if not errcode else say("person.demo.code", errcode=errcode)
