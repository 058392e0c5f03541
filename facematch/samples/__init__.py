"""Photos that ship, so that every form has an example one click away.

The six portraits are works of the United States government in the public domain: photos/LICENCES.csv has the evidence.
They are test pictures: no endorsement of this product by the persons shown or by any agency is meant.
The other files are made from them (photos/DERIVED.csv says how) and show what a face service refuses.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Literal

from facematch.samples.persons import DEMO_PERSONS, DemoPerson

__all__ = ["DEMO_PERSONS", "PAIRS", "SOURCES", "DemoPerson", "SamplePair", "Source", "photo"]


@dataclass(frozen=True, slots=True)
class Source:
    """Whom an original portrait shows, and who took it."""

    person: str
    credit: str


@dataclass(frozen=True, slots=True)
class SamplePair:
    """Two shipped photos and what comparing them gives."""

    key: str
    reference: str  # file name, for photo()
    probe: str
    expected: Literal["match", "no_match"] | int  # an int is the errcode of the refusal


def photo(name: str) -> bytes:
    """The bytes of the shipped file *name*, for example ``"obama_1.jpg"``."""
    return resources.files(__name__).joinpath("photos", name).read_bytes()


def _sources() -> Mapping[str, Source]:
    rows = csv.DictReader(photo("LICENCES.csv").decode().splitlines())
    return MappingProxyType({row["file"]: Source(row["name"], row["credit"]) for row in rows})


SOURCES: Mapping[str, Source] = _sources()

PAIRS: tuple[SamplePair, ...] = (
    SamplePair("same_person", "obama_2.jpg", "obama_3.jpg", "match"),
    SamplePair("same_person_years_apart", "obama_2.jpg", "obama_1.jpg", "match"),
    SamplePair("different_persons", "obama_3.jpg", "biden_1.jpg", "no_match"),
    SamplePair("different_women", "eileen_collins_1.png", "grace_hopper_1.jpg", "no_match"),
    SamplePair("sideways", "obama_2.jpg", "sideways.jpg", "match"),
    SamplePair("no_face", "obama_1.jpg", "no_face.jpg", 2010),
    SamplePair("two_faces", "two_faces.jpg", "obama_1.jpg", 2012),
    SamplePair("blurred", "obama_2.jpg", "blurred.jpg", 2103),
    SamplePair("tiny", "obama_2.jpg", "tiny.jpg", 2103),
    SamplePair("dark", "obama_2.jpg", "dark.jpg", 1201),
    SamplePair("not_a_photo", "obama_1.jpg", "not_a_photo.jpg", 2101),
)
