"""Which errcodes a reader looks for: by number, word, layer and whether a retry helps. Both languages count."""

import functools
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from facematch import codes
from facematch.codes import Code
from facematch.ui.words import CATALOGUE

Concerned = Literal["none", "request", "token", "either", "probe", "library", "code", "service"]

_CONCERNED: dict[Concerned, tuple[int, ...]] = {
    "none": (codes.HANDLED,),
    "request": (codes.MISSING_PARAMETER, codes.BAD_VALUE, codes.NOT_JSON, codes.BAD_NAME, codes.BAD_ID_NUMBER),
    "token": (codes.RATE, codes.NO_TOKEN, codes.BAD_TOKEN),
    "library": (
        *(codes.UNKNOWN_ID_NUMBER, codes.NAME_NOT_MATCHING, codes.NO_LIBRARY_PHOTO),
        codes.LIBRARY_PHOTO_UNUSABLE,
    ),
    "code": (codes.NO_LIVE_CODE, codes.UNKNOWN_LIVE_CODE, codes.EXPIRED_LIVE_CODE, codes.USED_LIVE_CODE),
    "service": (codes.INTERNAL, codes.LIVENESS_NOT_RUN, codes.COMPARISON_FAILED),
    "either": (
        *(codes.PHOTO_NOT_FETCHED, codes.TOO_DARK, codes.TOO_BRIGHT, codes.NO_FACE, codes.SEVERAL_FACES),
        *(codes.NOT_DECODABLE, codes.BAD_SIZE, codes.POOR_QUALITY, codes.FACE_COVERED),
    ),
}
_SIDES = {number: concerned for concerned, numbers in _CONCERNED.items() for number in numbers}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader asks for; an empty part stands for all."""

    text: str = ""
    layers: tuple[str, ...] = ()
    retries: tuple[str, ...] = ()
    only_seen: bool = False

    @property
    def is_everything(self) -> bool:
        """Whether nothing is asked for in particular."""
        return self == Wanted()


def concerned(code: Code) -> Concerned:
    """What the code is about: a photo of either side, the probe's video, the library, …"""
    return _SIDES.get(code.errcode, "probe")  # the others are what a video can be refused for


def found(wanted: Wanted, seen: Collection[int]) -> tuple[Code, ...]:
    """The catalogue's entries that fit, by number; *seen* are the errcodes that occurred."""
    return tuple(
        code
        for code in codes.CATALOGUE.values()
        if (not wanted.layers or code.layer in wanted.layers)
        and (not wanted.retries or code.retry in wanted.retries)
        and (not wanted.only_seen or code.errcode in seen)
        and says(wanted.text, _said(code), code.errcode)
    )


def says(text: str, said: str, errcode: int | None = None) -> bool:
    """Whether *said*, folded, has every word of *text*; digits are meant as the beginning of an errcode."""
    return all(
        str(errcode).startswith(word) if word.isdigit() and errcode is not None else word in said
        for word in folded(text).split()
    )


def folded(text: str) -> str:
    """Case and width do not count in a search."""
    return unicodedata.normalize("NFKC", text).casefold()


@functools.cache
def _said(code: Code) -> str:
    words = [text for each in (code.en, code.zh) for text in (each.meaning, each.cause, each.remedy)]
    named = [said[key] for said in CATALOGUE.values() for key in (f"layer.{code.layer}", f"codes.retry.{code.retry}")]
    return folded("\n".join((*words, *named, code.layer)))
