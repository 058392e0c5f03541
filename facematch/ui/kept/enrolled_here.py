"""Whom this session has enrolled: kept in its memory alone, so that a deletion can be undone.

The service itself could not: of numbers and names it keeps digests and masks.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import streamlit as st

from facematch.client import Photo
from facematch.client.results import Enrolment
from facematch.local import Person
from facematch.samples import DEMO_PERSONS, photo
from facematch.ui.frame import Desk
from facematch.ui.kept.panel_notice import Notice, Undo, leave

PANEL = "library"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who is to be enrolled."""

    id_number: str = field(repr=False)
    name: str = field(repr=False)
    portrait: bytes | None = field(default=None, repr=False)


def enrol(applicant: Applicant, desk: Desk) -> Enrolment:
    """Put the person into the library, and remember who it was."""
    kept = _kept(desk)  # before the call: a click meanwhile stops this run at its next use of the session
    portrait = None if applicant.portrait is None else Photo(applicant.portrait)
    done = desk.client.local.enrol(applicant.id_number, applicant.name, portrait)
    kept[done.person.id] = applicant
    return done


def enrol_demo(desk: Desk) -> tuple[Person, ...]:
    """Put the shipped, invented persons into the library."""
    kept, found = _kept(desk), desk.client.local.enrol_demo()
    for person, demo in zip(found, DEMO_PERSONS, strict=False):  # told in their order; another version may have others
        portrait = None if demo.portrait is None else photo(demo.portrait)
        kept[person.id] = Applicant(demo.id_number, demo.name, portrait)
    return found


def known(desk: Desk) -> dict[str, Applicant]:
    """Whom this session enrolled, by id, as it is now."""
    return dict(_kept(desk))


def forget(desk: Desk, *ids: str) -> None:
    """Keep these in memory no longer, or nobody at all; what was deleted cannot be put back then."""
    kept = _kept(desk)
    for each in ids or tuple(kept):
        kept.pop(each, None)


def put_back(person_id: str, applicant: Applicant, desk: Desk) -> Person:
    """Enrol again who had *person_id*, which is forgotten once that is done: a deleted person gets another id."""
    kept = _kept(desk)
    person = enrol(applicant, desk).person
    if person.id != person_id:
        kept.pop(person_id, None)
    return person


def as_before(added: Collection[str], replaced: Mapping[str, Applicant], *, stays: int = 0) -> Undo:
    """Take *added*, ids, out of the library again, and put back who was replaced.

    Args:
        added: Ids.
        replaced: Who they were, by id.
        stays: How many more were replaced; nobody here knows who they were.
    """

    def undo(desk: Desk) -> None:
        for each in added:
            desk.client.local.delete_person(each)
            forget(desk, each)
        for person_id, applicant in replaced.items():
            put_back(person_id, applicant, desk)
        partly = {"removed": len(added), "back": len(replaced), "stays": stays}
        left = Notice("person.partly_before", partly, is_warning=True) if stays else Notice("person.as_before")
        leave(PANEL, desk, left)

    return undo


def _kept(desk: Desk) -> dict[str, Applicant]:
    found: dict[str, Applicant] = st.session_state.setdefault(f"library.kept.{desk.environment.url}", {})
    return found
