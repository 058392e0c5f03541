"""The log for other programs, without harm to the log, to spreadsheets, or to those whom it is about."""

import ast
import csv
import io
import json
import sqlite3
import threading
from pathlib import Path

import pytest
from past_calls import NOON, put, rows_of

import facematch
from facematch.errors import LogUnavailable
from facematch.log import CallLog, export
from facematch.log.export import Span, copy_bytes, copy_to, csv_pages, jsonl_pages
from facematch.log.rollups import DAY_MS
from facematch.log.schema import calls

DIGESTS = {"req_digest", "ref_digest", "probe_digest", "subject_hmac", "key_id", "uid"}
PACKAGE = Path(facematch.__file__).parent


@pytest.fixture
def place(database_place):
    return database_place


def from_csv(log, span=Span()):  # noqa: B008 - frozen
    return list(csv.DictReader(io.StringIO("".join(csv_pages(log, span)), newline="")))


def from_jsonl(log, span=Span()):  # noqa: B008
    return [json.loads(line) for page in jsonl_pages(log, span) for line in page.splitlines()]


def test_every_column_but_the_digests_is_there(log):
    put(log, subject_hmac=b"1" * 16, ref_digest=b"2" * 16, key_id="k1", uid="u", extra='{"cosine": 0.5}', errmsg="说")
    columns = {column.name for column in calls.columns} - DIGESTS

    (in_csv,), (in_json,) = from_csv(log), from_jsonl(log)
    assert set(in_csv) == set(in_json) == columns
    assert (in_csv["score"], in_csv["errmsg"], in_csv["label"]) == ("81.5", "说", "")
    assert (in_json["score"], in_json["success"], in_json["attack"]) == (81.5, True, None)
    assert in_json["extra"] == {"cosine": 0.5}


def test_an_empty_log_is_a_header_or_nothing(log):
    assert ("".join(csv_pages(log, Span())).count("\n"), list(jsonl_pages(log, Span()))) == (1, [])


def test_a_span_and_an_environment_choose_the_calls_in_order_of_time(log):
    times = [NOON + DAY_MS, NOON, NOON, NOON - DAY_MS]
    ids = [put(log, ts_ms, env=env) for env in ("a", "b") for ts_ms in times]

    assert [row["id"] for row in from_jsonl(log, Span(env="a"))] == [ids[3], ids[1], ids[2], ids[0]]
    since_noon = from_jsonl(log, Span(since_ms=NOON, until_ms=NOON + DAY_MS))
    assert [row["id"] for row in since_noon] == [ids[1], ids[2], ids[5], ids[6]]


def test_pages_lose_and_double_no_call_while_others_are_written(log, monkeypatch):
    monkeypatch.setattr(export, "PAGE_ROWS", 7)
    ids = [put(log, NOON + i // 5) for i in range(50)]
    found = []
    for page in jsonl_pages(log, Span()):
        put(log, NOON + 3)
        found += [json.loads(line)["id"] for line in page.splitlines()]

    assert found == ids


def test_nothing_is_held_open_between_pages(log, monkeypatch, database_place):
    monkeypatch.setattr(export, "PAGE_ROWS", 2)
    for _ in range(6):
        put(log)
    pages = jsonl_pages(log, Span())
    next(pages)

    log.tidy()  # fails when somebody reads
    assert len(list(pages)) == 2


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "＠x"])
def test_a_formula_is_a_text_in_a_spreadsheet(log, text):
    put(log, errmsg=text, trace_no="12-3", status="ok =")

    (row,) = from_csv(log)
    assert (row["errmsg"], row["trace_no"], row["status"]) == (f"'{text}", "12-3", "ok =")
    assert from_jsonl(log)[0]["errmsg"] == text


def test_negative_numbers_stay_numbers(log):
    put(log, score=-1.5, errcode=-7)

    (row,) = from_csv(log)
    assert (row["score"], row["errcode"]) == ("-1.5", "-7")


def test_quotes_commas_and_lines_come_back_as_they_were(log):
    put(log, errmsg='a "b", c', status="d\r\ne")

    (row,) = from_csv(log)
    assert (row["errmsg"], row["status"]) == ('a "b", c', "d\r\ne")


def test_a_log_in_a_server_has_no_file_to_copy(log, tmp_path):
    if log.form != "postgresql":
        copy_to(log, tmp_path / "copy.db")
        assert (tmp_path / "copy.db").exists()
        return
    with pytest.raises(LogUnavailable, match="no file"):
        copy_to(log, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_a_copy_is_a_log_of_one_moment_for_its_owner_alone(path, tmp_path):
    log = CallLog(path)
    for i in range(300):
        put(log, request_id=f"{i}")
    stop, target = threading.Event(), tmp_path / "out" / "copy.db"

    def write() -> None:
        while not stop.is_set():
            put(log)

    writer = threading.Thread(target=write)
    writer.start()
    copy_to(log, target)
    stop.set()
    writer.join()

    assert [file.name for file in target.parent.iterdir()] == ["copy.db"]
    assert target.stat().st_mode & 0o777 == 0o600
    copy = CallLog(target)
    found = rows_of(copy)
    assert found == rows_of(log)[: len(found)]
    assert len(found) >= 300
    with copy.reading() as db:
        assert db.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    copy.close()
    log.close()


def test_the_bytes_for_a_download_are_such_a_copy(path, tmp_path):
    log = CallLog(path)
    put(log)
    (tmp_path / "got.db").write_bytes(copy_bytes(log))
    got = sqlite3.connect(tmp_path / "got.db")

    assert got.execute("SELECT count(*), max(score) FROM calls").fetchone() == (1, 81.5)
    got.close()
    log.close()


def test_a_copy_overwrites_nothing_least_of_all_the_log(path, tmp_path):
    log = CallLog(path)
    put(log)
    (tmp_path / "mine.txt").write_text("mine")
    for target in (path, tmp_path / "mine.txt"):
        with pytest.raises(FileExistsError):
            copy_to(log, target)

    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert len(rows_of(log)) == 1
    log.close()


def test_a_copy_that_fails_leaves_nothing_behind(path, tmp_path):
    log = CallLog(path)
    log.close()
    path.unlink()
    with pytest.raises(LogUnavailable):
        copy_to(log, tmp_path / "copy.db")

    assert not (tmp_path / "copy.db").exists()


OPENS = {"open", "read_bytes", "read_text", "write_bytes", "write_text", "copy", "copy2", "copyfile", "copyfileobj"}
LOGS = ("log_path", "log_spool_path", "log.place", "calls.db", "spool.db")


def openings(source: str) -> list[str]:
    """Calls that open or copy a file, and what they say of which."""
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    named = [(getattr(node.func, "attr", None) or getattr(node.func, "id", ""), node) for node in found]
    return [ast.unparse(node) for name, node in named if name in OPENS]


def test_nothing_but_sqlite_opens_a_log():
    """Whoever opens and closes the file drops the locks of all connections of the process, and rows are lost."""
    in_log = {path.name: openings(path.read_text()) for path in sorted((PACKAGE / "log").glob("*.py"))}
    elsewhere = [text for path in PACKAGE.rglob("*.py") for text in openings(path.read_text())]

    assert {name: texts for name, texts in in_log.items() if texts} == {
        "export.py": ["target.read_bytes()"],
        "spool.py": ["os.open(self._lock, os.O_RDWR)"],  # a file beside the log, which SQLite never opens
    }
    assert [text for text in elsewhere if any(log in text for log in LOGS)] == []
    assert openings("settings.log_path.read_bytes()\nshutil.copy(log.place, x)\nopen(p)\nmatch(p)") == [
        "settings.log_path.read_bytes()", "shutil.copy(log.place, x)", "open(p)",
    ]  # fmt: skip
