"""Invented persons for the ID library, so that every answer of an identity check can be seen at once.

Nobody has these numbers: in GB/T 2260 the area codes of North China begin with 11 to 15, and none begins with 19.
Names and birth dates are invented, check characters are right. The portraits are the shipped test pictures; they do
not show persons of these names.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One invented person."""

    id_number: str
    name: str
    portrait: str | None  # file name, for samples.photo(); None: enrolled without one
    probe: str | None  # another picture of the same face, or the best there is; None: nothing to compare with
    expected: int  # the errcode that an identity check with number, name and probe gives


DEMO_PERSONS: tuple[DemoPerson, ...] = (
    DemoPerson("190001196102030010", "演示甲", "obama_2.jpg", "obama_3.jpg", 0),
    DemoPerson("190001195806070024", "演示乙", "biden_1.jpg", "biden_1.jpg", 0),
    DemoPerson("19000119740816004X", "Demo A", "eileen_collins_1.png", "eileen_collins_1.png", 0),
    DemoPerson("190001196611090062", "Demo B", "grace_hopper_1.jpg", "grace_hopper_1.jpg", 0),
    DemoPerson("190001198002290033", "演示丙", None, "obama_1.jpg", 2007),
    DemoPerson("190001198904120084", "Demo C", "blurred.jpg", "obama_1.jpg", 2009),
)
