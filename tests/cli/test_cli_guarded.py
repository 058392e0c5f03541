"""A check of the doctor's that breaks: its own failure, and not the end of the others."""

from collections.abc import Iterator

import pytest

from facematch.cli.check import Check, guarded
from facematch.cli.words import Speaker
from facematch.errors import LogUnavailable

NUMBER = "190001198002290033"


def breaks(error: Exception) -> Iterator[Check]:
    yield Check("first", "ok", "found before it broke")
    raise error


def test_what_was_found_before_it_broke_is_kept_and_its_place_is_told_without_its_text() -> None:
    first, broken = guarded("log", lambda: breaks(ValueError(NUMBER)), Speaker("en"))

    assert (first.name, first.status) == ("first", "ok")
    assert (broken.name, broken.status) == ("log", "fail")
    assert "(ValueError) at test_cli_guarded.py:" in (broken.remedy or "")
    assert NUMBER not in f"{broken}"


@pytest.mark.parametrize(("language", "said"), [("en", "the call log is no SQLite file"), ("zh", "不是 SQLite 文件")])
def test_an_error_of_ours_says_itself_what_is_wrong(language: str, said: str) -> None:
    look = lambda: breaks(LogUnavailable("the call log is no SQLite file"))  # noqa: E731
    _, broken = guarded("log", look, Speaker(language))  # type: ignore[arg-type]

    assert (broken.status, broken.remedy) == ("fail", said)


def test_what_does_not_break_is_passed_on_as_it_is() -> None:
    found = Check("clock", "warn", "late")

    assert list(guarded("clock", lambda: found, Speaker("en"))) == [found]
