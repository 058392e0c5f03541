"""The commands on the log, each against a log that calls have filled."""

import csv
import io
import json
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from facematch.cli import logs
from facematch.log import CallLog, sqlite_file
from facematch.log.rollups import DAY_MS
from facematch.log.schema import r_call

from .conftest import Rows, Run


@pytest.fixture(autouse=True)
def filled(call_log: CallLog) -> Iterator[CallLog]:
    """Four calls: one today, and one 10, 100 and 1000 days ago, the last of another environment."""
    with closing(call_log):
        for days, env in ((0, "a"), (10, "a"), (100, "a"), (1000, "b")):
            with call_log.recording(env=env, endpoint="match", mode="photo", request_id=f"r{days}") as draft:
                draft.ts_ms -= days * DAY_MS
                draft.trace_no, draft.success, draft.score = f"t{days}", True, 80.0
        yield call_log


def test_csv_is_the_default_and_goes_to_standard_output(run: Run) -> None:
    ended = run("log", "export")

    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert (ended.code, ended.err) == (0, "")
    assert [row["trace_no"] for row in rows] == ["t1000", "t100", "t10", "t0"]


def test_json_lines_of_one_environment_and_span(run: Run, logged: Rows) -> None:
    hundred = next(row["ts_ms"] for row in logged() if row["trace_no"] == "t100")
    day = datetime.fromtimestamp(hundred / 1000, UTC).date()
    ended = run("log", "export", "--format", "jsonl", "--env", "a", "--since", str(day))

    assert [json.loads(line)["trace_no"] for line in ended.out.splitlines()] == ["t100", "t10", "t0"]


def test_a_file_is_new_and_its_owners_alone(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "calls.csv"

    told = run("log", "export", "--output", str(target), "--json").json
    again = run("log", "export", "--output", str(target), "--json")

    assert told == {"file": str(target), "format": "csv", "bytes": target.stat().st_size, "exit_code": 0}
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert (again.code, again.json["error"]["kind"]) == (5, "NotSaved")


def test_a_copy_of_the_file_is_whole(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"

    assert run("log", "export", "--format", "sqlite", "--output", str(target)).code == 0

    with closing(sqlite3.connect(target)) as db:
        assert db.execute("SELECT count(*) FROM calls").fetchone() == (4,)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json",),
        ("--format", "sqlite"),
        ("--format", "sqlite", "--output", "x.db", "--env", "a"),
        ("--since", "soon"),
    ],
)
def test_an_export_that_contradicts_itself_ends_with_2(arguments: tuple[str, ...], run: Run) -> None:
    assert run("log", "export", *arguments).code == 2
    assert not Path("x.db").exists()


def test_a_dry_run_says_what_is_due_and_deletes_nothing(run: Run, logged: Rows) -> None:
    told = run("log", "purge", "--days", "50", "--dry-run", "--json").json

    assert [(each["env"], each["rows"]) for each in told["due"]] == [("a", 1), ("b", 1)]
    assert told["deleted"] == 0
    assert len(logged()) == 4


def test_a_purge_takes_one_environment_or_what_the_settings_say(
    run: Run, logged: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACEMATCH_RETENTION_DAYS", "a=50")

    assert run("log", "purge", "--yes", "--json").json["by_environment"] == {"a": 1}
    assert run("log", "purge", "--days", "5", "--env", "b", "--yes").out.startswith("1 calls deleted")
    assert [row["trace_no"] for row in logged()] == ["t0", "t10"]


@pytest.mark.parametrize("arguments", [("--days", "50"), (), ("--days", "-1")])
def test_a_purge_needs_a_yes_and_a_retention(arguments: tuple[str, ...], run: Run, logged: Rows) -> None:
    assert run("log", "purge", *arguments, "--json").json["exit_code"] == 2
    assert len(logged()) == 4


def test_a_large_file_is_written_anew_only_when_that_is_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "_REWRITTEN_PAGES", 0)
    large = run("log", "purge", "--days", "500", "--yes", "--json")
    nothing_due = run("log", "purge", "--days", "500", "--yes", "--json")
    compact = run("log", "purge", "--days", "500", "--compact", "--json")
    forgot = [run("log", "forget", "--yes", *each, "--json", said="1\n").json for each in ((), ("--compact",))]

    assert (large.json["deleted"], large.json["untidy"], large.json["tidied"]) == (1, "large", False)
    assert "--compact" in large.err
    assert (nothing_due.json, nothing_due.err) == ({"due": [], "deleted": 0, "exit_code": 0}, "")
    assert (compact.code, compact.json["deleted"], compact.json["tidied"], compact.err) == (0, 0, True, "")
    assert [told["untidy"] for told in forgot] == ["large", None]


def test_a_log_that_is_read_may_keep_copies_and_the_command_says_so(run: Run, filled: CallLog) -> None:
    with filled.reading() as db:
        db.exec_driver_sql("SELECT count(*) FROM calls").scalar_one()
        held = run("log", "purge", "--days", "50", "--yes", "--json")

    assert (held.code, held.json["deleted"], held.json["untidy"]) == (0, 2, "busy")
    assert "run the command again with --compact" in held.err


def test_counts_that_are_wrong_are_found_and_made_anew(run: Run, filled: CallLog) -> None:
    assert run("log", "rebuild", "--check", "--json").json == {"differences": [], "exit_code": 0}

    with filled.writing() as db:
        db.execute(r_call.update().where(r_call.c.env == "b").values(n=7))
    found = run("log", "rebuild", "--check", "--json")

    assert found.code == 1
    assert [(each["table"], each["counted"], each["rows"]) for each in found.json["differences"]] == [("r_call", 7, 1)]
    assert run("log", "rebuild", "--json").json["days"] == 4
    assert run("log", "rebuild", "--check").code == 0


def test_a_review_is_written_and_shown_with_who_said_it(run: Run, logged: Rows) -> None:
    told = run("log", "review", "t100", "identity", "different", "--who", "anna", "--json").json
    run("log", "review", f"#{told['call']}", "presentation", "live", "--who", "ben")
    shown = run("log", "show", "t100", "--json").json

    assert (told["who"], told["word"]) == ("anna", "different")
    assert [(each["kind"], each["word"], each["who"]) for each in shown["reviews"]] == [
        ("identity", "different", "anna"),
        ("presentation", "live", "ben"),
    ]
    assert [(row["label"], row["attack"]) for row in logged() if row["trace_no"] == "t100"] == [(0, 0)]


def test_the_latest_word_of_a_kind_is_taken_back(run: Run, logged: Rows) -> None:
    for word in ("same", "different"):
        run("log", "review", "t100", "identity", word)
    run("log", "review", "t100", "presentation", "live")
    told = run("log", "review", "t100", "identity", "--withdraw", "--json")

    assert (told.code, told.json["withdrawn"]) == (0, True)
    assert [(row["label"], row["attack"]) for row in logged() if row["trace_no"] == "t100"] == [(1, 0)]
    assert run("log", "review", "t100", "identity", "--withdraw").code == 0
    ended = run("log", "review", "t100", "identity", "--withdraw", "--json")
    assert (ended.code, ended.json["error"]["kind"]) == (5, "NoSuchReview")


def test_a_reviewer_who_gives_no_name_is_the_one_who_has_logged_in(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "clara")

    assert run("log", "review", "t10", "identity", "unknown", "--json").json["who"] == "clara"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "t5"), 5),
        (("show", "#99"), 5),
        (("show", "#x"), 2),
        (("show", f"#{2**63}"), 2),
        (("review", "t5", "identity", "same"), 5),
        (("review", "t10", "identity", "attack"), 2),
        (("review", "t10", "colour", "same"), 2),
        (("review", "t10", "identity"), 2),
        (("review", "t10", "identity", "same", "--withdraw"), 2),
        (("review", "t10", "identity", "--withdraw", "--who", "anna"), 2),
        (("review", "t5", "identity", "--withdraw"), 5),
    ],
)
def test_a_call_that_is_not_there_and_a_word_that_does_not_fit(
    arguments: tuple[str, ...], code: int, run: Run, logged: Rows
) -> None:
    ended = run("log", *arguments, "--json")

    assert ended.code == ended.json["exit_code"] == code
    assert {row["label"] for row in logged()} == {None}


def test_a_call_is_shown_in_lines_that_a_person_reads(run: Run) -> None:
    lines = run("log", "show", "t100").out.splitlines()

    assert "trace_no        t100" in lines
    assert any(line.startswith("ts_ms           ") and line.endswith(" UTC") for line in lines)


def test_a_log_of_another_program_ends_with_5(run: Run, data_dir: Path, filled: CallLog) -> None:
    filled.close()
    (data_dir / "log" / "calls.db").write_bytes(b"not a database, " * 64)

    ended = run("log", "export", "--format", "jsonl", "--output", "x.jsonl", "--json")

    assert (ended.code, ended.json["error"]["kind"]) == (5, "LogUnavailable")
    assert not Path("x.jsonl").exists()


def test_a_bug_ends_with_5_and_its_place(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's own exit code would be 1: not the same person."""
    monkeypatch.setattr(logs, "check", None)
    ended = run("log", "rebuild", "--check", "--json")

    assert (ended.code, ended.json["error"]["kind"]) == (5, "TypeError")
    assert "logs.py:" in ended.err
