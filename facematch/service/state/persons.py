"""The library of enrolled persons: whoever reads the database without its key learns no number, name or face."""

import hmac
import secrets
import unicodedata
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row, select

from facematch.local import Person
from facematch.log.privacy import mask_id, mask_name, storable
from facematch.service.state.database import Database
from facematch.service.state.keys import StateKey
from facematch.service.state.schema import persons
from facematch.service.state.times import iso

_MASKED = select(
    *(persons.c.id, persons.c.number_mask, persons.c.name_mask, persons.c.enrolled_ms),
    persons.c.portrait.is_not(None).label("photo"),
    persons.c.embedding.is_not(None).label("embedded"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """A photo of the library and what the engine made of it."""

    file: bytes = field(repr=False)
    embedding: NDArray[np.float32] | None = field(repr=False)  # (128,); None: the engine refused the photo
    engine: str  # which one
    errcode: int = 0  # of the refusal


@dataclass(frozen=True, slots=True, eq=False)
class Enrolled:
    """A person who was found by ID number."""

    id: str
    portrait: Portrait | None = field(repr=False)
    _names: "_Names" = field(repr=False)

    def name_matches(self, name: str) -> bool:
        """Is *name* the enrolled one? Width, case and outer white space do not count."""
        return self._names.match(name)


@dataclass(frozen=True, slots=True)
class _Names:
    key: StateKey
    number: bytes  # its digest
    kept: bytes  # the enrolled name's digest

    def match(self, name: str) -> bool:
        return hmac.compare_digest(name_digest(self.key, self.number, name), self.kept)


class Persons:
    """Found by the keyed digest of the ID number; photo and embedding are encrypted and bound to their row."""

    def __init__(self, database: Database, key: StateKey) -> None:
        self._database = database
        self._key = key

    def enrol(self, id_number: str, name: str, portrait: Portrait | None) -> Person:
        """Keep the person; whoever was enrolled under the number is replaced and keeps the id."""
        row = self._row(id_number, name, portrait)
        same = persons.c.number_digest == row["number_digest"]
        with self._database.writing() as db:
            known = db.execute(select(persons.c.id).where(same)).scalar_one_or_none()
            row |= {"id": known or secrets.token_hex(8), "enrolled_ms": self._database.now_ms(db)}
            db.execute(persons.delete().where(same))
            db.execute(persons.insert(), row)
            enrolled = _person(db.execute(_MASKED.where(same)).one())
        if known is not None:
            self._database.forget_deleted()
        return enrolled

    def find(self, id_number: str) -> Enrolled | None:
        """The person of that number.

        Raises:
            StateUnavailable: The row was tampered with.
        """
        number = number_digest(self._key, id_number)
        with self._database.reading() as db:
            row = db.execute(select(persons).where(persons.c.number_digest == number)).one_or_none()
        if row is None:
            return None
        return Enrolled(row.id, self._portrait(row), _Names(self._key, number, row.name_digest))

    def all(self) -> tuple[Person, ...]:
        """Everybody, masked, in the order of enrolment."""
        with self._database.reading() as db:
            return tuple(map(_person, db.execute(_MASKED.order_by(persons.c.enrolled_ms, persons.c.id)).all()))

    def delete(self, person_id: str) -> bool:
        """Remove the person and every byte about them; False when there is none of that id."""
        with self._database.writing() as db:
            found = db.execute(persons.delete().where(persons.c.id == storable(person_id, 64))).rowcount == 1
        if found:
            self._database.forget_deleted()
        return found

    def _row(self, id_number: str, name: str, portrait: Portrait | None) -> dict[str, Any]:
        number = number_digest(self._key, id_number)
        return {
            "number_digest": number,
            "name_digest": name_digest(self._key, number, name),
            "number_mask": storable(mask_id(id_number), 64),
            "name_mask": storable(mask_name(_plain(name)), 64),
            **self._sealed(number, portrait),
        }

    def _sealed(self, number: bytes, portrait: Portrait | None) -> dict[str, Any]:
        if portrait is None:
            return {"portrait": None, "embedding": None, "engine": None, "errcode": 0}
        embedding = portrait.embedding
        return {
            "portrait": self._key.seal(portrait.file, number + b"portrait"),
            "embedding": None
            if embedding is None
            else self._key.seal(embedding.astype("<f4").tobytes(), _embedding_place(number, portrait.engine)),
            "engine": portrait.engine,
            "errcode": portrait.errcode,
        }

    def _portrait(self, row: Row[Any]) -> Portrait | None:
        if row.portrait is None:
            return None
        file = self._key.unseal(row.portrait, row.number_digest + b"portrait")
        if row.embedding is None:
            return Portrait(file, None, row.engine, row.errcode)
        numbers = self._key.unseal(row.embedding, _embedding_place(row.number_digest, row.engine))
        return Portrait(file, np.frombuffer(numbers, "<f4").astype(np.float32), row.engine, row.errcode)


def number_digest(key: StateKey, id_number: str) -> bytes:
    """Keyed: a plain digest of an ID number is undone in milliseconds."""
    return key.digest("id number", id_number.strip().upper().encode("utf-8", errors="surrogatepass"))


def name_digest(key: StateKey, number: bytes, name: str) -> bytes:
    """Bound to the number's digest, so that two persons of one name do not show as such."""
    return key.digest("name", number + _plain(name).casefold().encode("utf-8", errors="surrogatepass"))


def _embedding_place(number: bytes, engine: str) -> bytes:
    return number + b"embedding of " + engine.encode()


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip()


def _person(row: Row[Any]) -> Person:
    portrait: Literal["usable", "unusable", "none"] = "usable" if row.embedded else "unusable" if row.photo else "none"
    return Person(row.id, row.number_mask, row.name_mask, iso(row.enrolled_ms), portrait)
