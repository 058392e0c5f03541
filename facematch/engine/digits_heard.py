"""Digits in what a recogniser wrote down, in English and in Mandarin. Pure text."""

import re
import unicodedata

_ENGLISH = (
    ("0", "zero oh o nought"),
    ("1", "one won"),
    ("2", "two to too"),
    ("3", "three"),
    ("4", "four for fore"),
    ("5", "five"),
    ("6", "six"),
    ("7", "seven"),
    ("8", "eight ate"),
    ("9", "nine niner"),
)
_MANDARIN = (
    ("0", "零〇○洞"),
    ("1", "一幺壹么"),
    ("2", "二两兩贰"),
    ("3", "三叁"),
    ("4", "四肆"),
    ("5", "五伍"),
    ("6", "六陆"),
    ("7", "七柒拐"),
    ("8", "八捌"),
    ("9", "九玖"),
)
_WORDS = {word: digit for digit, words in _ENGLISH for word in words.split()}
_CHARACTERS = {character: digit for digit, characters in _MANDARIN for character in characters}
_PIECES = re.compile(r"[a-z]+|[0-9]|[^\sa-z0-9]")


def digits_in(text: str, language: str) -> str:
    """Every digit that *text* names, in order; other words are passed over.

    Args:
        text: As written by the recogniser: "3 8 0 5", "three eight oh five.", "三八零五".
        language: "en" or "zh"; a figure is a digit in both.
    """
    known = _WORDS if language == "en" else _CHARACTERS
    pieces = _PIECES.findall(unicodedata.normalize("NFKC", text).lower())
    return "".join(piece if piece.isdecimal() and piece.isascii() else known.get(piece, "") for piece in pieces)
