"""What makes an ID number one: GB 11643-1999."""

import re
import unicodedata
from datetime import date

_FORM = re.compile(r"[0-9]{17}[0-9Xx]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"  # ISO 7064 MOD 11-2
_BIRTH_YEARS = range(1850, 2101)


def valid_id_number(text: str) -> bool:
    """Whether *text* is 18 characters with a birth date that exists and the right check character, X or x."""
    if not _FORM.fullmatch(text):
        return False
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=False))
    return born.year in _BIRTH_YEARS and text[17].upper() == _CHECK_CHARACTERS[total % 11]


def normalised(id_number: str) -> str:
    """The one spelling of an ID number, for digests: half-width, X in upper case, no surrounding white space."""
    return unicodedata.normalize("NFKC", id_number).strip().upper()
