"""docs/command_line.md: its examples are run, its exit codes are the program's, and no command is left out."""

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

import facematch
from facematch.cli import outcome
from facematch.cli.options import make_parser
from facematch.cli.words import Speaker
from facematch.client import FaceMatchClient
from facematch.client.environment import environment_name
from facematch.evaluation.reviewed import main as reviewed
from facematch.service import Server

from .conftest import Ended, Run

PAGE = (Path(facematch.__file__).parents[1] / "docs" / "command_line.md").read_text(encoding="utf-8")
CODES = {
    outcome.PASSED, outcome.NOT_SAME, outcome.USAGE, outcome.REFUSED, outcome.NO_ANSWER, outcome.HERE,
    outcome.INTERRUPTED,
}  # fmt: skip
NOT_HERE = ("fds:", "https://", "17953677258284650115")  # what this service has not got: refused, not wrong


def examples() -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines()]


def commands(parser: argparse.ArgumentParser, so_far: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    below = [each for each in parser._actions if isinstance(each, argparse._SubParsersAction)]
    if not below:
        yield so_far
    for action in below:
        for name, each in action.choices.items():
            yield from commands(each, (*so_far, name))


def words_of(example: str) -> tuple[list[str], str | None]:
    """The arguments, and the file that is to be standard input."""
    words = shlex.split(example, comments=True)[3:]
    inputs = words[words.index("<") + 1] if "<" in words else None
    ends = [words.index(sign) for sign in ("<", ">") if sign in words]
    return words[: min(ends, default=len(words))], inputs


def test_every_command_has_an_example() -> None:
    parser = make_parser(Speaker("en"))
    shown = {tuple(words_of(line)[0][:depth]) for line in examples() for depth in (1, 2)}

    assert len(list(commands(parser))) == 10
    assert [each for each in commands(parser) if each not in shown] == []


def test_the_table_of_exit_codes_is_the_programs() -> None:
    table = re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)

    assert [int(code) for code in table] == sorted(CODES)


def test_the_help_tells_the_same_exit_codes() -> None:
    for language in ("en", "zh"):
        told = Speaker(language)("help.exit_codes")  # type: ignore[arg-type]

        assert {int(number) for number in re.findall(r"(?<!\d)\d+(?= )", told)} == CODES


@pytest.fixture
def prepared(remote: Server, own_service: Server, tmp_path: Path, token: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The files and the person that the examples name; a live code in the place of theirs."""
    monkeypatch.setenv("FACEMATCH_URL", own_service.url)  # whom it has enrolled, other tests need not know
    (tmp_path / "selfie.jpg").write_bytes(b"0.9")
    (tmp_path / "clip.mp4").write_bytes(b"video 0.9")
    (tmp_path / "person.txt").write_text("190001196102030010\n演示甲\n", encoding="utf-8")
    with FaceMatchClient(own_service.url, token) as client:
        client.local.enrol_demo()
        return client.live_code().code


def test_the_examples_do_what_the_page_says(prepared: str, run: Run, tmp_path: Path) -> None:
    for line in (line for line in examples() if line.startswith("python -m facematch ")):
        words, inputs = words_of(line.replace("4071", prepared))
        said = (tmp_path / (inputs or "person.txt")).read_text(encoding="utf-8")
        ended: Ended = run(*words, said=said)

        expected = {0} if not any(part in line for part in NOT_HERE) else {3, 5}
        if words == ["log", "forget"]:
            expected = {2}  # asks, and here is nobody
        assert (line, ended.code in expected) == (line, True), ended


def test_the_evaluation_of_labels_runs_as_shown(prepared: str, run: Run, own_service: Server) -> None:
    line = next(line for line in examples() if line.startswith("python -m facematch.evaluation.reviewed "))
    run("match", "card.jpg", "selfie.jpg")
    run("log", "review", "#1", "identity", "same")
    own = {"embedded": environment_name(own_service.url), "2026-03-01": "2020-01-01"}

    assert reviewed([own.get(word, word) for word in words_of(line)[0]]) == 0
