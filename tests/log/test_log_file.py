"""The file of the log: private, opened by many at once, brought up to date, survives a killed process."""

import sqlite3
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

import facematch
from facematch.errors import LogUnavailable
from facematch.log import CallLog, database
from facematch.log.schema import APPLICATION_ID, MIGRATIONS, VERSION, calls

ROOT = Path(facematch.__file__).parents[1]

RACER = """
import sys
from pathlib import Path
from facematch.log import CallLog
print("ready", flush=True)
for line in sys.stdin:
    log = CallLog(Path(line.strip()))
    with log.recording(env="e", endpoint="match", mode="photo", request_id="r"):
        pass
    print(log.trouble, log.form, flush=True)
"""

WRITER = """
import sys
from pathlib import Path
from facematch.log import CallLog
log = CallLog(Path(sys.argv[1]))
while True:
    with log.recording(env="e", endpoint="match", mode="photo", request_id="r") as draft:
        pass
    print(draft.id, flush=True)
"""


def start(program: str, *args: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *args]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def count(path: Path) -> int:
    log = CallLog(path)
    with log.reading() as db:
        found = db.exec_driver_sql("SELECT count(*) FROM calls").scalar_one()
    log.close()
    return found


def test_the_file_and_its_companions_are_the_owners_alone(log, call, path):
    with log.recording(**call):
        pass

    found = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert found == {"calls.db": 0o600, "calls.db-wal": 0o600, "calls.db-shm": 0o600}
    assert [folder.stat().st_mode & 0o777 for folder in (path.parent, path.parent.parent)] == [0o700, 0o700]


def test_the_connections_are_set_up_as_designed(log):
    names = ("journal_mode", "secure_delete", "foreign_keys", "auto_vacuum", "user_version", "application_id")
    with log.reading() as db:
        found = [db.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]

    assert found == ["wal", 1, 1, 2, VERSION, APPLICATION_ID]
    assert (log.form, log.read_only) == ("wal", False)


def test_ten_processes_open_a_new_file_at_once_and_each_writes_its_row(tmp_path):
    with ExitStack() as stack:
        racers = [stack.enter_context(start(RACER)) for _ in range(10)]
        assert [racer.stdout.readline() for racer in racers] == ["ready\n"] * 10
        answers = []
        for lap in range(5):
            for racer in racers:
                racer.stdin.write(f"{tmp_path / str(lap) / 'calls.db'}\n")
                racer.stdin.flush()
            answers += [racer.stdout.readline() for racer in racers]

    assert answers == ["None wal\n"] * 50
    assert [count(tmp_path / str(lap) / "calls.db") for lap in range(5)] == [10] * 5


def test_eight_threads_open_a_new_file_at_once_and_each_writes_its_row(path, call):
    barrier, logs = threading.Barrier(8), []

    def work() -> None:
        barrier.wait()
        log = CallLog(path)
        with log.recording(**call):
            pass
        logs.append(log)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [log.trouble for log in logs] == [None] * 8
    assert count(path) == 8
    for log in logs:
        log.close()


def test_a_file_system_that_does_not_carry_wal_gets_a_rollback_journal(path, call):
    (path.parent / "calls.db-shm").mkdir(parents=True)  # the memory that WAL shares cannot be had
    log = CallLog(path)
    with log.recording(**call):
        pass

    assert (log.form, log.trouble) == ("delete", None)
    assert count(path) == 1
    log.close()


def test_no_row_that_was_acknowledged_is_lost_when_the_process_is_killed(path):
    with start(WRITER, str(path)) as writer:
        for _ in range(50):
            acknowledged = int(writer.stdout.readline())
        writer.kill()

    assert count(path) >= acknowledged >= 50


@pytest.mark.parametrize("version", range(VERSION + 1))
def test_a_file_of_every_older_version_is_brought_up_to_date_with_its_rows(path, call, version):
    path.parent.mkdir(parents=True)
    old = sqlite3.connect(path, isolation_level=None)
    for statement in MIGRATIONS[:version]:
        old.execute(statement)
    if version:
        old.execute(f"PRAGMA user_version = {version}")
        old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        row = "(1, 'e', 'match', 'photo', 'old', 'ok', '0')"
        columns = "(ts_ms, env, endpoint, mode, request_id, outcome, client_version)"
        old.execute(f"INSERT INTO calls {columns} VALUES {row}")  # noqa: S608
    old.close()
    log = CallLog(path)
    with log.recording(**call):
        pass

    with log.reading() as db:
        assert db.exec_driver_sql("PRAGMA user_version").scalar_one() == VERSION
        found = db.exec_driver_sql("SELECT request_id FROM calls ORDER BY id").scalars().all()
        indexes = db.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE type = 'index'").scalar_one()
    assert found == (["old", "r-1"] if version else ["r-1"])
    assert indexes == 13
    log.close()


def test_the_table_of_the_statements_is_the_table_in_the_file(log):
    with log.reading() as db:
        found = [(row[1], row[2]) for row in db.exec_driver_sql("PRAGMA table_info(calls)")]
        strict = db.exec_driver_sql("SELECT strict FROM pragma_table_list WHERE name = 'calls'").scalar_one()
        dialect = db.dialect

    assert found == [(column.name, column.type.compile(dialect)) for column in calls.columns]
    assert strict == 1


def test_a_file_in_the_place_of_the_folder_makes_the_log_unavailable(path):
    path.parent.parent.write_text("in the way")

    with pytest.raises(LogUnavailable, match="no call log"):
        CallLog(path)


def test_a_folder_in_the_place_of_the_file_makes_the_log_unavailable(path):
    path.mkdir(parents=True)

    with pytest.raises(LogUnavailable, match="unable to open"):
        CallLog(path)


def test_a_file_that_is_no_database_is_refused_and_left_as_it_was(path):
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a database " * 100)

    with pytest.raises(LogUnavailable, match="not a database"):
        CallLog(path)
    assert path.read_bytes() == b"not a database " * 100


def test_another_programs_database_is_refused_and_left_as_it_was(path):
    path.parent.mkdir(parents=True)
    theirs = sqlite3.connect(path)
    theirs.execute("CREATE TABLE customers (name TEXT)")
    theirs.close()

    with pytest.raises(LogUnavailable, match="another program"):
        CallLog(path)
    theirs = sqlite3.connect(path)
    assert theirs.execute("SELECT name FROM sqlite_master").fetchall() == [("customers",)]
    theirs.close()


def test_a_path_with_signs_that_mean_something_in_an_address_is_just_a_path(tmp_path, call):
    log = CallLog(tmp_path / "50% of?it#1" / "日志.db")
    with log.recording(**call):
        pass

    assert [file.name for file in (tmp_path / "50% of?it#1").glob("*.db")] == ["日志.db"]
    assert log.trouble is None
    log.close()


def test_a_reader_does_not_create_a_file_that_was_deleted(log, path):
    path.unlink()
    log.close()

    with pytest.raises(LogUnavailable), log.reading() as db:
        db.exec_driver_sql("SELECT 1")
    assert not path.exists()


def test_logarithms_are_there_even_when_sqlite_was_built_without():
    raw = sqlite3.connect(":memory:")
    raw.create_function("ln", 1, None)  # what a build without mathematics looks like: ln() is an error
    database.provide_mathematics(raw)

    assert raw.execute("SELECT ln(1), ln(0), ln(NULL), round(ln(10), 6)").fetchone() == (0.0, None, None, 2.302585)
    raw.close()
