"""The library of enrolled persons: who is looked up in it, and how its portraits are looked at."""

from dataclasses import dataclass, replace

from facematch import codes
from facematch.contract import IdentityRequest
from facematch.engine.api import Engine, Look, Picture
from facematch.errors import MediaRefused, RequestRefused
from facematch.identity import valid_id_number
from facematch.limits import Limits
from facematch.local import Person
from facematch.samples import DEMO_PERSONS, photo
from facematch.seen import Refused
from facematch.service.refusals import blamed_on
from facematch.service.state.persons import Persons, Portrait


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An enrolled person, and why the engine will not use the portrait; None when it will, or there is none."""

    person: Person
    refused: Refused | None


class Library:
    """Enrols persons and finds their portraits.

    Args:
        engine: What looks at portraits.
        persons: Where they are kept.
        limits: How long a name may be.
    """

    def __init__(self, engine: Engine, persons: Persons, limits: Limits) -> None:
        self._engine = engine
        self._persons = persons
        self._limits = limits

    def check_form(self, id_number: str, name: str) -> None:
        """Whether both can be what they should be; no message repeats them.

        Raises:
            RequestRefused: 2002 a bad name, 2003 a bad ID number.
        """
        longest = self._limits.name_max_characters
        if not 1 <= len(name.strip()) <= longest:
            raise RequestRefused(codes.BAD_NAME, f"name does not have 1 to {longest} characters")
        if not valid_id_number(id_number):
            raise RequestRefused(codes.BAD_ID_NUMBER, "idNum is not 18 characters with a birth date and a check digit")

    def portrait_of(self, request: IdentityRequest) -> Portrait:
        """The portrait enrolled under this number and name.

        Raises:
            RequestRefused: 2005 unknown number, 2006 another name, 2007 no photo.
        """
        enrolled = self._persons.find(request.id_number)
        if enrolled is None:
            raise RequestRefused(codes.UNKNOWN_ID_NUMBER, "nobody is enrolled under this idNum")
        if not enrolled.name_matches(request.name):
            raise RequestRefused(codes.NAME_NOT_MATCHING, "another name is enrolled under this idNum")
        if enrolled.portrait is None:
            raise RequestRefused(codes.NO_LIBRARY_PHOTO, "this person was enrolled without a photo")
        return enrolled.portrait

    def look_at(self, portrait: Portrait) -> Look:
        """Its kept embedding; of another engine the photo is looked at anew. The photo is never part of the answer.

        Raises:
            RequestRefused: 2009, the engine refuses it.
        """
        if portrait.engine != self._engine.name:
            portrait = self._renewed(portrait)
        if portrait.embedding is None:
            detail = f"the engine refuses the library's photo with errcode {portrait.errcode}"
            raise RequestRefused(codes.LIBRARY_PHOTO_UNUSABLE, detail)
        return Look(None, portrait.embedding)

    def enrol(self, id_number: str, name: str, file: bytes | None) -> Enrolment:
        """Enrol, or replace who was enrolled under the same number.

        Args:
            id_number: As ``check_form`` wants it.
            name: Likewise.
            file: A photo; None: without one.

        Raises:
            RequestRefused: 2002, 2003; 2101 or 2102, the file is no photo that is decoded: nobody is enrolled.
        """
        self.check_form(id_number, name)
        if file is None:
            return Enrolment(self._persons.enrol(id_number, name, None), None)
        with blamed_on("image"):
            picture = self._engine.decode(file)
        portrait, refused = self._looked_at(file, picture)
        return Enrolment(self._persons.enrol(id_number, name, portrait), refused)

    def enrol_demo(self) -> tuple[Enrolment, ...]:
        """Enrol the persons that ship; again does no harm."""
        return tuple(
            self.enrol(person.id_number, person.name, None if person.portrait is None else photo(person.portrait))
            for person in DEMO_PERSONS
        )

    def _renewed(self, portrait: Portrait) -> Portrait:
        try:
            return self._looked_at(portrait.file, self._engine.decode(portrait.file))[0]
        except MediaRefused as error:
            return replace(portrait, embedding=None, errcode=error.errcode)

    def _looked_at(self, file: bytes, picture: Picture) -> tuple[Portrait, Refused | None]:
        look = self._engine.look(picture)
        refused = None if look.seen is None else look.seen.refused
        errcode = codes.HANDLED if refused is None else refused.errcode
        return Portrait(file, look.embedding, self._engine.name, errcode), refused
