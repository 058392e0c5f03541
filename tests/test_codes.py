"""The catalogue agrees with the service's specification, and its words are usable in both languages."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from facematch import codes
from facematch.limits import Limits

# errcode: (layer, retry), copied by hand from the specification of the embedded service.
SPECIFIED = {
    0: ("decision", "no"),
    1: ("request", "no"),
    2: ("request", "no"),
    3: ("request", "no"),
    4: ("system", "yes"),
    16: ("policy", "later"),
    202: ("source", "yes"),
    1001: ("system", "yes"),
    1002: ("liveness", "yes"),
    1003: ("liveness", "yes"),
    1004: ("acquisition", "yes"),
    1005: ("liveness", "yes"),
    1101: ("acquisition", "yes"),
    1102: ("acquisition", "yes"),
    1103: ("challenge", "yes"),
    1104: ("source", "no"),
    1105: ("source", "yes"),
    1106: ("acquisition", "yes"),
    1107: ("source", "yes"),
    1108: ("acquisition", "yes"),
    1109: ("challenge", "yes"),
    1120: ("source", "yes"),
    1121: ("source", "yes"),
    1130: ("challenge", "new_code"),
    1131: ("challenge", "new_code"),
    1132: ("challenge", "new_code"),
    1133: ("challenge", "new_code"),
    1201: ("acquisition", "yes"),
    1202: ("acquisition", "yes"),
    2001: ("system", "yes"),
    2002: ("request", "no"),
    2003: ("request", "no"),
    2004: ("acquisition", "yes"),
    2005: ("reference", "no"),
    2006: ("identity", "no"),
    2007: ("reference", "no"),
    2009: ("reference", "no"),
    2010: ("acquisition", "yes"),
    2012: ("acquisition", "yes"),
    2101: ("source", "no"),
    2102: ("source", "no"),
    2103: ("acquisition", "yes"),
    2104: ("acquisition", "yes"),
    40101: ("authorization", "no"),
    40102: ("authorization", "no"),
}
STARRED = {1120, 1121, 1130, 1131, 1132, 1133, 2101, 2102, 2103, 2104, 40101, 40102}

PAGE = Path(__file__).parents[1] / "docs" / "error_codes.md"

each_code = pytest.mark.parametrize("code", codes.CATALOGUE.values(), ids=lambda code: str(code.errcode))


def test_the_catalogue_files_every_code_as_specified():
    assert {n: (code.layer, code.retry) for n, code in codes.CATALOGUE.items()} == SPECIFIED


def test_the_codes_of_our_own_are_marked():
    assert {n for n, code in codes.CATALOGUE.items() if code.ours} == STARRED


def test_every_code_has_one_named_constant():
    constants = [value for name, value in vars(codes).items() if name.isupper() and isinstance(value, int)]

    assert sorted(constants) == sorted(SPECIFIED)


def test_no_words_are_left_over_from_a_removed_code():
    assert set(codes.EN) == set(codes.ZH) == set(SPECIFIED)


@each_code
def test_a_code_says_something_of_its_own_in_both_languages(code):
    english = (code.en.meaning, code.en.cause, code.en.remedy)
    chinese = (code.zh.meaning, code.zh.cause, code.zh.remedy)

    assert all(text.strip() == text != "" for text in (*english, *chinese))
    assert not set(english) & set(chinese)
    assert all(text.isascii() or "×" in text for text in english)
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in text) for text in chinese)


@each_code
def test_a_meaning_is_a_short_clause_and_the_rest_are_sentences(code):
    assert len(code.en.meaning) <= 60
    assert len(code.zh.meaning) <= 20
    assert not code.en.meaning.endswith(".")
    assert not code.zh.meaning.endswith("。")
    assert all(text.endswith(".") for text in (code.en.cause, code.en.remedy))
    assert all(text.endswith("。") for text in (code.zh.cause, code.zh.remedy))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_two_codes_have_the_same_meaning(language):
    meanings = [code.words(language).meaning for code in codes.CATALOGUE.values()]

    assert len(set(meanings)) == len(meanings)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_limits_named_in_the_words_are_the_defaults(language):
    limits = Limits()

    def cause(errcode: int) -> str:
        return codes.CATALOGUE[errcode].words(language).cause

    assert f"{limits.image_min_side_px} " in cause(codes.BAD_SIZE)
    assert f"{limits.image_max_side_px}" in cause(codes.BAD_SIZE)
    assert f"{limits.image_max_base64_bytes // 2**20} MiB" in cause(codes.BAD_SIZE)
    assert f"{limits.body_max_bytes // 2**20} MiB" in cause(codes.BAD_SIZE)
    assert f"{limits.face_min_px} " in cause(codes.POOR_QUALITY)
    assert f"{limits.video_max_base64_bytes // 2**20} MiB" in cause(codes.BAD_VIDEO_SIZE)
    assert f"{limits.video_max_side_px} " in cause(codes.BAD_VIDEO_SIZE)
    assert f"{limits.video_min_short_px}×{limits.video_min_long_px}" in cause(codes.TOO_FEW_PIXELS)


def test_words_are_given_in_the_language_asked_for():
    code = codes.CATALOGUE[codes.SEVERAL_FACES]

    assert code.words("en") is code.en
    assert code.words("zh") is code.zh


def test_an_unknown_code_is_not_found():
    assert codes.find(codes.NO_FACE) is codes.CATALOGUE[2010]
    assert codes.find(987654) is None


def test_the_catalogue_cannot_be_changed():
    with pytest.raises(TypeError):
        codes.CATALOGUE[0] = codes.CATALOGUE[1]


def test_the_page_of_error_codes_is_what_the_catalogue_prints():
    assert PAGE.read_text(encoding="utf-8") == codes.page(), (
        "docs/error_codes.md is out of step: python -m facematch.codes > docs/error_codes.md"
    )


def test_the_command_prints_the_page_in_utf_8_on_an_ascii_terminal():
    run = subprocess.run(
        [sys.executable, "-m", "facematch.codes"],
        cwd=PAGE.parents[1],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )

    assert run.stdout.decode() == codes.page()


def test_every_row_of_the_page_has_five_cells():
    rows = [line for line in codes.page().splitlines() if line.startswith("| ")][2:]

    assert len(rows) == len(SPECIFIED)
    assert {row.count("|") for row in rows} == {6}
