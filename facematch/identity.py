"""What makes an ID number one: GB 11643-1999."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from typing import Literal

CHARACTERS = 18
_BODY, _LAST = re.compile(r"[0-9]{17}"), re.compile(r"[0-9X]")
_DIGITS = re.compile(r"[0-9]*")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"  # ISO 7064 MOD 11-2
_BIRTH_YEARS = range(1850, 2101)
_MONTHS = range(1, 13)

Part = Literal["length", "characters", "birth_date", "check_digit"]
State = Literal["right", "wrong", "open"]


@dataclass(frozen=True, slots=True)
class PartCheck:
    """How one part of a number that may still be typed is; nothing of the number is in it."""

    part: Part
    state: State  # open: not enough was typed, or it cannot be read yet
    reason: str  # right, later, unreadable, short, long, letter, last, year, month, day or misfit
    number: int | None = None  # of length: the characters; of characters: which one is wrong, from 1


def parts(text: str) -> tuple[PartCheck, ...]:
    """Check *text*, as ``normalised`` gives it, part by part; the form on screen does the same in the browser."""
    return (_length(text), _characters(text), _birth_date(text), _check_digit(text))


def valid_id_number(text: str) -> bool:
    """Whether *text* is 18 characters with a birth date that exists and the right check character, X or x."""
    return all(each.state == "right" for each in parts(text[:-1] + text[-1:].replace("x", "X")))


def normalised(id_number: str) -> str:
    """The one spelling of an ID number, for digests: half-width, X in upper case, no surrounding white space."""
    return unicodedata.normalize("NFKC", id_number).strip().upper()


def _length(text: str) -> PartCheck:
    typed = len(text)
    if typed == CHARACTERS:
        return PartCheck("length", "right", "right", typed)
    return PartCheck("length", *(("wrong", "long") if typed > CHARACTERS else ("open", "short")), typed)


def _characters(text: str) -> PartCheck:
    """The first that is wrong; an X is a digit of its own, at the end only."""
    for place, character in enumerate(text[:CHARACTERS], 1):
        is_last = place == CHARACTERS
        if not (_LAST if is_last else _DIGITS).fullmatch(character):
            return PartCheck("characters", "wrong", "last" if is_last else "letter", place)
    return PartCheck("characters", "right" if text else "open", "right" if text else "later")


def _birth_date(text: str) -> PartCheck:
    """Year, month and day, each as soon as it is there."""
    year, month, day = text[6:10], text[10:12], text[12:14]
    if not _DIGITS.fullmatch(year + month + day):
        return PartCheck("birth_date", "open", "unreadable")
    if len(year) == 4 and int(year) not in _BIRTH_YEARS:  # noqa: PLR2004 - digits of a year
        return PartCheck("birth_date", "wrong", "year")
    if len(month) == 2 and int(month) not in _MONTHS:  # noqa: PLR2004
        return PartCheck("birth_date", "wrong", "month")
    if len(day) < 2:  # noqa: PLR2004
        return PartCheck("birth_date", "open", "later")
    is_day = 1 <= int(day) <= monthrange(int(year), int(month))[1]
    return PartCheck("birth_date", "right", "right") if is_day else PartCheck("birth_date", "wrong", "day")


def _check_digit(text: str) -> PartCheck:
    if len(text) < CHARACTERS:
        return PartCheck("check_digit", "open", "later")
    if len(text) > CHARACTERS or not (_BODY.fullmatch(text[:-1]) and _LAST.fullmatch(text[-1])):
        return PartCheck("check_digit", "open", "unreadable")
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=False))
    fits = text[-1] == _CHECK_CHARACTERS[total % 11]
    return PartCheck("check_digit", "right", "right") if fits else PartCheck("check_digit", "wrong", "misfit")
