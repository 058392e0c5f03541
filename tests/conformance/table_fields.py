"""Every field of every body: present, absent, null, empty, of a wrong type, and the words it may be."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from .case import (
    ABSENT,
    CHOSEN,
    IDENTITY,
    MATCH,
    PERSONS,
    TOKENS,
    Case,
    Shown,
    case,
    clip,
    lip,
    of_person,
    person,
    photos,
)

Body = Callable[..., dict[str, Any]]
WRONG = {"a number": 7, "a boolean": True, "a list": ["x"], "an object": {"x": "y"}, "a text": "x"}
OF_THE_FORM = (1, 2, 1130, 1131)  # told before anybody is looked up


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one body, and the errcode for each thing that may be wrong with it."""

    path: str
    name: str  # with a dot when it is inside another
    body: Body
    absent: int
    null: int
    empty: int
    wrong: int = 2
    right: str = "a text"  # of WRONG, which it may be; "": none, as only some words are right
    values: tuple[tuple[object, int], ...] = ()  # value, errcode
    kind: str = "verdict"  # of an answer with errcode 0
    needs: tuple[str, ...] = ()  # of the server, for whatever comes after the form

    def cases(self) -> Iterator[Case]:
        yield self._case("absent", ABSENT, self.absent)
        yield self._case("null", None, self.null)
        yield self._case("empty", "", self.empty)
        for name, value in WRONG.items():
            if name != self.right:
                yield self._case(name, value, self.wrong)
        for value, errcode in self.values:
            yield self._case(f"is {value!a}", value, errcode)

    def _case(self, what: str, value: object, errcode: int) -> Case:
        outer, _, inner = self.name.partition(".")
        body = self.body()
        body = _with(body, outer, _with(body[outer], inner, value) if inner else value)
        name = f"{self.path.rsplit('/', 1)[-1]}: {self.name} {what}"
        row = case(name, errcode, body, self.path, kind="verdict" if errcode else self.kind)
        return row if errcode in OF_THE_FORM else row.needing(*self.needs)


def _with(wire: dict[str, Any], key: str, value: object) -> dict[str, Any]:
    others = {name: old for name, old in wire.items() if name != key}
    return others if value is ABSENT else {**others, key: value}


_ORIGINS = (("self", 0), ("SELF", 2), (" self", 2), ("http", 2))
_TYPES = (("image", 0), ("video", 1104), ("IMAGE", 2), ("photo", 2))  # a photo is no video
_VIDEO_TYPES = (("SILENT", 1004), ("LIP", 1130), ("silent", 2), ("ACTION", 2))  # a wall, and no code
_CODES = (("12", 1131), ("０５２１", 1131), ("no digits", 1131))
_FLAGS = ((False, 0), ("true", 2), ("false", 2), (1, 2), (0, 2))


def _both(path: str, photo: Body, film: Body, speech: Body, needs: tuple[str, ...]) -> Iterator[Field]:
    """What match and idno have in common; absent: a default where the errcode is 0 or 1004."""
    yield Field(path, "faceData", photo, 1, 1, 2, right="an object", values=(({}, 1),), needs=needs)
    yield Field(path, "faceData.data", photo, 1, 1, 2, needs=needs)
    yield Field(path, "faceData.origin", photo, 0, 2, 2, right="", values=_ORIGINS, needs=needs)
    yield Field(path, "faceData.type", photo, 1, 1, 2, right="", values=_TYPES, needs=needs)
    yield Field(path, "faceData.videoType", film, 1004, 2, 2, right="", values=_VIDEO_TYPES, needs=needs)
    yield Field(path, "liveCode", speech, 1130, 1130, 1130, values=_CODES)
    yield Field(path, "async", photo, 0, 2, 2, right="a boolean", values=_FLAGS, needs=needs)


def _film_of_person() -> dict[str, Any]:
    return of_person(clip())


def _speech_of_person() -> dict[str, Any]:
    return of_person(lip())


def _enrolment() -> dict[str, Any]:
    """Nobody's number; a photo without a face, so that nobody can be taken for this person."""
    return {"idNum": "19000119900101009X", "name": "Nobody", "image": {"data": Shown("no_face.jpg")}}


def _note() -> dict[str, Any]:
    return {"note": "conformance"}


def _chosen() -> dict[str, Any]:
    return {"code": "0521"}


FIELDS = (
    Field(MATCH, "image", photos, 1, 1, 2, right="an object", values=(({}, 1),)),
    Field(MATCH, "image.data", photos, 1, 1, 2),
    Field(MATCH, "image.origin", photos, 0, 2, 2, right="", values=_ORIGINS),
    *_both(MATCH, photos, clip, lip, ()),
    Field(IDENTITY, "idNum", person, 1, 1, 2),
    Field(IDENTITY, "name", person, 1, 1, 2),
    *_both(IDENTITY, person, _film_of_person, _speech_of_person, ("persons",)),
)

_SERVICE = {"kind": "other"}
LOCAL_FIELDS = (
    Field(PERSONS, "idNum", _enrolment, 1, 1, 2, values=(("190001199001010090", 2003),), **_SERVICE),
    Field(PERSONS, "name", _enrolment, 1, 1, 2, values=((" ", 2002), ("N" * 33, 2002)), **_SERVICE),
    Field(PERSONS, "image", _enrolment, 0, 0, 2, right="an object", values=(({}, 1),), **_SERVICE),
    Field(PERSONS, "image.data", _enrolment, 1, 1, 2, values=(("no base64", 2101),), **_SERVICE),
    Field(PERSONS, "image.origin", _enrolment, 0, 2, 2, right="", values=_ORIGINS, **_SERVICE),
    Field(TOKENS, "note", _note, 0, 2, 0, values=(("n" * 201, 2),), **_SERVICE),
    Field(
        CHOSEN, "code", _chosen, 1, 1, 2, values=(("0521", 0), ("521", 2), ("05211", 2), ("０５２１", 2)), kind="code"
    ),
)


def _local(what: Field) -> Iterator[Case]:
    offer = {PERSONS: "persons", TOKENS: "tokens", CHOSEN: "live-codes"}[what.path]
    return (each.needing(offer) for each in what.cases())


FIELD_CASES = (
    *(each for what in FIELDS for each in what.cases()),
    *(each for what in LOCAL_FIELDS for each in _local(what)),
)
