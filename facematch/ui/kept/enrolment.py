"""Enrol one person: number checked while typed, name, portrait that the engine looks at."""

import unicodedata
from dataclasses import replace
from typing import Literal

import streamlit as st

from facematch.identity import CHARACTERS, PartCheck, normalised, parts, valid_id_number
from facematch.limits import Limits
from facematch.local import Health, Person
from facematch.log.privacy import mask_id, mask_name
from facematch.ui.formats import plain
from facematch.ui.forms import pictures
from facematch.ui.frame import Desk
from facematch.ui.kept import enrolled_here
from facematch.ui.kept.enrolled_here import PANEL, Applicant
from facematch.ui.kept.panel_notice import Notice, leave, told
from facematch.ui.words import Speaker

ROUND = "library.round"
MARKS = {"right": ":green[:material/check:]", "wrong": ":red[:material/close:]", "open": ":gray[:material/more_horiz:]"}


def enrolment(there: tuple[Person, ...], health: Health, desk: Desk) -> None:
    """The form; it is empty again after a person was enrolled."""
    say, turn = desk.say, int(st.session_state.get(ROUND, 0))
    most = int(health.limits.get("name_max_characters", Limits().name_max_characters))
    with st.expander(say("person.enrol"), icon=":material/person_add:", key="person_enrol", expanded=not there):
        left, right = st.columns(2)
        with left:
            number = _number(turn, say)
            name = st.text_input(
                say("person.name"),
                key=f"enrol_name_{turn}",
                max_chars=most,
                autocomplete="off",
                live=True,
                help=say("person.name.help", most=most),
            )
        with right:
            portrait = _portrait(turn, say)
        _send(Applicant(number, (name or "").strip(), portrait), there, desk)


def number_checks(number: str, say: Speaker) -> None:
    """Each part of what was typed, with its mark and the reason."""
    for check in parts(number):
        st.markdown(f"{MARKS[check.state]} {_reason(check, say)}")


def _number(turn: int, say: Speaker) -> str:
    typed = st.text_input(
        say("person.number"),
        key=f"enrol_number_{turn}",
        max_chars=2 * CHARACTERS,
        autocomplete="off",
        live=True,
        help=say("person.number.help"),
    )
    number = normalised(typed or "")
    if number:
        with st.container(gap="xxsmall", key="number_checks"):
            number_checks(number, say)
    return number


def _reason(check: PartCheck, say: Speaker) -> str:
    return say(f"person.{check.part}.{check.reason}", number=check.number or 0)


def _portrait(turn: int, say: Speaker) -> bytes | None:
    file = st.file_uploader(say("person.portrait"), key=f"enrol_portrait_{turn}", help=say("person.portrait.help"))
    if file is None:
        return None
    data = file.getvalue()
    shown = pictures.preview(data)
    if shown is None:
        st.warning(say("photo.not_shown", name=plain(file.name)), icon=":material/broken_image:")
    else:
        st.image(shown, width=160, alt=say("person.portrait"))
    return data


def _send(applicant: Applicant, there: tuple[Person, ...], desk: Desk) -> None:
    """The button, which says so where somebody is replaced."""
    say = desk.say
    is_complete = valid_id_number(applicant.id_number) and bool(applicant.name)
    kind = _replaces(applicant, there, desk) if is_complete else None
    if kind is not None:
        shown = {"name": plain(_name_mask(applicant)), "number": plain(mask_id(applicant.id_number))}
        st.warning(say(f"person.replaces{kind}", **shown), icon=":material/warning:")
    asked = st.button(
        say("person.enrol.do" if kind is None else f"person.replace{kind}"),
        key="person_enrol_do",
        type="primary",
        disabled=not is_complete,
        icon=":material/person_add:",
    )
    if not is_complete:
        st.caption(say("person.missing"))
    if asked and is_complete:
        _enrol(applicant, there, desk)


def _replaces(applicant: Applicant, there: tuple[Person, ...], desk: Desk) -> Literal["", ".alike"] | None:
    """Whether somebody has the number already; of those whom this session did not enrol the masks alone can tell."""
    known = enrolled_here.known(desk)
    if any(known[each.id].id_number == applicant.id_number for each in there if each.id in known):
        return ""
    masks = mask_id(applicant.id_number), _name_mask(applicant)
    return ".alike" if masks in {(each.id_number, each.name) for each in there if each.id not in known} else None


def _name_mask(applicant: Applicant) -> str:
    return mask_name(unicodedata.normalize("NFKC", applicant.name))  # as the library keeps it


def _enrol(applicant: Applicant, there: tuple[Person, ...], desk: Desk) -> None:
    before, known = {person.id for person in there}, enrolled_here.known(desk)
    with told(desk.say):
        done = enrolled_here.enrol(applicant, desk)
        person = done.person
        added = {person.id} - before
        replaced = {person.id: known[person.id]} if person.id in known and not added else {}
        notice = Notice(
            "person.enrolled" if added else "person.replaced",
            {"number": plain(person.id_number), "name": plain(person.name)},
            undo=enrolled_here.as_before(added, replaced) if added or replaced else None,
        )
        if done.refused is not None:
            notice = replace(notice, is_warning=True, detail="person.unusable", errcode=done.refused.errcode)
        leave(PANEL, desk, notice)
        st.session_state[ROUND] = int(st.session_state.get(ROUND, 0)) + 1
        st.rerun()
