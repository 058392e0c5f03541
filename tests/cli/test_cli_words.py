"""What the command line says: both languages whole, nothing unsaid, nothing said twice."""

import re
import string
from pathlib import Path

import pytest

from facematch.cli import words
from facematch.cli.outcome import failed, fault
from facematch.cli.words import CATALOGUE, Speaker, language_of
from facematch.errors import CallError, FaceMatchError, LogTooNew, StateUnavailable

SOURCE = "".join(path.read_text(encoding="utf-8") for path in Path(words.__file__).parent.glob("*.py"))


def test_both_languages_say_the_same_keys_with_the_same_placeholders() -> None:
    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}

    english, chinese = CATALOGUE["en"], CATALOGUE["zh"]
    assert english.keys() == chinese.keys()
    assert {key for key in english if places(english[key]) != places(chinese[key])} == set()


def test_every_key_that_is_asked_for_has_words() -> None:
    asked = set(re.findall(r"""say\(\s*"([\w.]+)\"""", SOURCE))

    assert len(asked) > 80
    assert asked - CATALOGUE["en"].keys() == set()


def test_no_words_are_never_said() -> None:
    made = ("error.", "help.log.")  # of a class's or a command's name
    said = [key for key in CATALOGUE["en"] if not key.startswith(made)]

    assert [key for key in said if len(re.findall(rf"""["']{re.escape(key)}["']""", SOURCE)) < 3] == []  # two tables


def errors(kind: type[FaceMatchError]) -> set[type[FaceMatchError]]:
    return {kind}.union(*(errors(each) for each in kind.__subclasses__()))


def test_every_error_has_a_number_and_words_in_both_languages() -> None:
    assert len(errors(FaceMatchError)) > 25
    for kind in errors(FaceMatchError):
        error = kind.__new__(kind, "why")
        FaceMatchError.__init__(error, "why")
        if isinstance(error, CallError):
            CallError.__init__(error, "why")
            vars(error).update(dict.fromkeys(("errcode", "errmsg", "status", "trace_no", "sent", "what")))
        for language in CATALOGUE:
            outcome = failed(error, Speaker(language))

            assert outcome.exit_code in (2, 3, 4, 5)
            assert outcome.complaints[0]


@pytest.mark.parametrize(
    ("env", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LC_ALL": "", "LANG": "zh"}, "zh"),
    ],
)
def test_the_language_is_that_of_the_locale(env: dict[str, str], language: str) -> None:
    assert language_of(env) == language


@pytest.mark.parametrize("error", [StateUnavailable("no state"), LogTooNew("a newer version")])
def test_what_is_wrong_here_ends_with_5_and_says_what(error: FaceMatchError) -> None:
    outcome = failed(error, Speaker("en"))

    assert outcome.exit_code == 5
    assert str(error) in outcome.complaints[0]


def test_a_bug_is_no_verdict_and_its_text_is_not_told() -> None:
    try:
        int("190001198002290033x")
    except ValueError as error:
        outcome = fault(error, Speaker("en"))

    assert outcome.exit_code == 5
    assert outcome.complaints[0].startswith("a fault of this program (ValueError)")
    assert outcome.complaints[-1].startswith("test_cli_words.py:")
    assert "190001198002290033" not in f"{outcome}"
