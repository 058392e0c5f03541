"""``verify-id`` and ``log forget``: where an ID number and a name may come from, and where they may not go."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from facematch.samples import DEMO_PERSONS
from facematch.service import Server

from .conftest import Rows, Run

PERSON = DEMO_PERSONS[4]  # enrolled by nobody here: 2005
PATIENCE_S = 60


@pytest.fixture(autouse=True)
def photo_at_hand(remote: Server) -> None:
    Path("selfie.jpg").write_bytes(b"0.8")


def test_two_lines_of_standard_input_are_the_number_and_the_name(run: Run, logged: Rows) -> None:
    ended = run("verify-id", "selfie.jpg", "--json", said=f"{PERSON.id_number}\n{PERSON.name}\n")

    assert (ended.code, ended.json["error"]["errcode"]) == (3, 2005)
    assert [(row["endpoint"], row["subject_mask"]) for row in logged()] == [("match_idno", "1****************3")]


def test_variables_go_before_standard_input_and_are_no_settings(
    run: Run, monkeypatch: pytest.MonkeyPatch, logged: Rows
) -> None:
    monkeypatch.setenv("FACEMATCH_ID_NUMBER", PERSON.id_number)
    monkeypatch.setenv("FACEMATCH_NAME", PERSON.name)

    assert run("verify-id", "selfie.jpg", said="another\nperson\n").code == 3
    assert [row["subject_mask"] for row in logged()] == ["1****************3"]


def test_options_go_before_everything(run: Run, monkeypatch: pytest.MonkeyPatch, logged: Rows) -> None:
    monkeypatch.setenv("FACEMATCH_ID_NUMBER", "another")

    run("verify-id", "selfie.jpg", "--id-number", PERSON.id_number, "--name", PERSON.name)

    assert [row["subject_mask"] for row in logged()] == ["1****************3"]


@pytest.mark.parametrize("said", ["", "\n\n", f"{PERSON.id_number}\n"])
def test_who_says_nothing_has_used_it_wrongly(said: str, run: Run, logged: Rows) -> None:
    ended = run("verify-id", "selfie.jpg", "--json", said=said)

    assert (ended.code, ended.json["error"]["kind"]) == (2, "UsageWrong")
    assert logged() == []


def test_neither_number_nor_name_is_ever_told(run: Run, logged: Rows) -> None:
    said = f"{PERSON.id_number}\n{PERSON.name}\n"

    told = [run("verify-id", "selfie.jpg", *options, said=said) for options in ((), ("--json",))]
    told += [run("log", *command) for command in (("export",), ("show", "#1"), ("export", "--format", "jsonl"))]
    told.append(run("log", "forget", "--yes", said=said))

    assert [each.code for each in told] == [3, 3, 0, 0, 0, 0]
    whole = "".join(each.out + each.err for each in told)
    assert PERSON.id_number not in whole
    assert PERSON.name not in whole


def test_the_terminal_asks_and_shows_neither(data_dir: Path) -> None:
    """A terminal of its own: what is typed there comes back only where it is echoed."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "facematch", "verify-id", "selfie.jpg", "--json"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=slave,
        start_new_session=True,  # without a controlling terminal getpass uses standard input and error
        text=True,
    )
    os.close(slave)
    seen = read_until(master, "ID number: ")
    os.write(master, f"{PERSON.id_number}\n".encode())
    seen += read_until(master, "Name: ")
    os.write(master, f"{PERSON.name}\n".encode())
    out, _ = process.communicate(timeout=PATIENCE_S)
    os.close(master)

    assert process.returncode == 3
    assert '"errcode": 2005' in out
    assert PERSON.id_number not in seen + out


def read_until(terminal: int, text: str) -> str:
    seen = ""
    while text not in seen:
        seen += os.read(terminal, 1024).decode()
    return seen


def test_a_person_is_forgotten_however_the_number_is_spelt(run: Run, logged: Rows) -> None:
    number = DEMO_PERSONS[2].id_number  # ends with X
    run("verify-id", "selfie.jpg", said=f"{number}\nA\n")
    run("verify-id", "selfie.jpg", said=f"{number.lower()}\nA\n")
    run("verify-id", "selfie.jpg", said=f"{PERSON.id_number}\nA\n")

    assert run("log", "forget", "--yes", "--json", said=f"{number}\n").json["deleted"] == 2
    assert [row["subject_mask"] for row in logged()] == ["1****************3"]


def test_nobody_is_forgotten_where_nobody_can_be_asked(run: Run, logged: Rows) -> None:
    run("verify-id", "selfie.jpg", said=f"{PERSON.id_number}\nA\n")

    assert run("log", "forget", said=f"{PERSON.id_number}\n").code == 2
    assert len(logged()) == 1
