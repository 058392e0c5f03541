"""A log that is busy holds no call longer than the call allows, and the row is written all the same."""

import logging
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager

import pytest
from log_places import until

from facematch.errors import LogUnavailable, LogWaiting
from facematch.log import CallLog

PATIENCE_S = 8.0  # SQLite's own is 10 s

# The main thread ends, and the calls go on.
OUTLIVES = """
import sys, threading
from pathlib import Path
from facematch.log import CallLog
log = CallLog(Path(sys.argv[1]))
def work():
    threading.main_thread().join()
    for number in range(3):
        with log.recording(env="e", endpoint="match", mode="photo", request_id=f"r{number}") as draft:
            pass
        print(draft.id, log.trouble, flush=True)
threading.Thread(target=work).start()
"""
# The main thread ends while its row waits for the file, which is free soon after.
ENDS_EARLY = """
import sqlite3, sys, threading, time
from pathlib import Path
from facematch.log import CallLog
log = CallLog(Path(sys.argv[1]))
lock = sqlite3.connect(sys.argv[1], isolation_level=None, check_same_thread=False)
lock.execute("BEGIN IMMEDIATE")
with log.recording(env="e", endpoint="match", mode="photo", request_id="r", by=time.monotonic()) as draft:
    pass
print(draft.id, log.trouble, flush=True)
threading.Timer(1.0, lock.execute, ["ROLLBACK"]).start()
"""


@pytest.fixture
def silent_url():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"postgresql://u@127.0.0.1:{server.getsockname()[1]}/log?connect_timeout=3"


@contextmanager
def held(path):
    """Another program writes into the file and takes its time."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def record(log, call, name, by_s):
    """A call that waits for its row until *by_s* from now; its draft and the seconds that took."""
    start = time.monotonic()
    with log.recording(**call | {"request_id": name}, by=start + by_s) as draft:
        draft.score = 12.5
    return draft, time.monotonic() - start


def test_a_call_goes_on_when_its_time_is_over_and_its_row_is_written_when_the_file_is_free(log, rows, call, path):
    with held(path):
        draft, took_s = record(log, call, "1", 0.5)
        trouble, before = log.trouble, rows()
    until(lambda: log.trouble is None)

    assert 0.4 < took_s < PATIENCE_S
    assert (draft.id, before) == (None, [])
    assert isinstance(trouble, LogUnavailable)
    assert not isinstance(trouble, LogWaiting)  # that is about a server, and rows that wait in a file
    assert "is written when it is free" in str(trouble)
    assert [(row["request_id"], row["score"]) for row in rows()] == [("1", 12.5)]


def test_a_row_has_a_moment_even_after_the_time_of_its_call(log, rows, call):
    drafts = [record(log, call, str(number), -60)[0] for number in range(20)]

    assert [draft.id for draft in drafts] == [row["id"] for row in rows()] == list(range(1, 21))
    assert log.trouble is None


def test_a_call_that_asks_when_to_go_on_is_answered_after_its_block(log, call, path):
    moments = []
    with held(path):
        start = time.monotonic()
        with log.recording(**call, by=lambda: moments[-1]):
            moments.append(time.monotonic() + 0.3)
        took_s = time.monotonic() - start

    assert 0.25 < took_s < PATIENCE_S


def test_a_call_without_a_time_waits_until_its_row_is_written(log, rows, call, path):
    with held(path) as other:
        threading.Timer(0.6, other.execute, ["ROLLBACK"]).start()
        with log.recording(**call) as draft:
            pass

    assert (draft.id, len(rows()), log.trouble) == (1, 1, None)


def test_rows_are_written_in_the_order_of_their_calls(log, rows, call, path):
    with held(path):
        for number in range(5):
            record(log, call, str(number), 0)
    with log.recording(**call | {"request_id": "last"}):
        pass

    assert [row["request_id"] for row in rows()] == ["0", "1", "2", "3", "4", "last"]
    assert log.trouble is None


def test_what_is_changed_after_the_call_is_not_in_its_row(log, rows, call, path):
    with held(path):
        draft, _ = record(log, call, "1", 0)
        draft.score, draft.extra["later"] = 99.0, True
    until(lambda: log.trouble is None)

    assert [(row["score"], row["extra"]) for row in rows()] == [(12.5, None)]


def test_a_busy_log_is_reported_once(log, call, path, caplog):
    with caplog.at_level(logging.WARNING, "facematch.log"), held(path):
        for number in range(3):
            record(log, call, str(number), 0)

    assert [told.message for told in caplog.records] == ["the call log is busy: the call is written when it is free"]


def test_a_row_that_fails_after_its_call_went_on_says_why(log, call, path):
    with held(path) as other:
        record(log, call, "1", 0)
        other.execute("CREATE TRIGGER refuse BEFORE INSERT ON calls BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        other.execute("COMMIT")
        until(lambda: "disk full" in str(log.trouble))

    assert "cannot be written" in str(log.trouble)


def test_closing_the_log_waits_for_the_rows_that_are_under_way(path, call):
    log = CallLog(path)
    with held(path) as other:
        record(log, call, "1", 0)
        threading.Timer(0.6, other.execute, ["ROLLBACK"]).start()
        log.close()
        written = other.execute("SELECT count(*) FROM calls").fetchone()

    assert (written, log.trouble) == ((1,), None)


def test_a_log_that_was_closed_takes_the_next_row(log, rows, call):
    log.close()
    with log.recording(**call) as draft:
        pass

    assert ([row["id"] for row in rows()], log.trouble) == ([draft.id], None)


def test_a_row_under_way_outlives_the_end_of_the_program(path):
    command = [sys.executable, "-c", ENDS_EARLY, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=os.environ)

    assert (done.returncode, done.stderr) == (0, "the call log is busy: the call is written when it is free\n")
    assert done.stdout == "None the call log is busy: the call is written when it is free\n"
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT request_id FROM calls").fetchall() == [("r",)]


def test_a_call_does_not_wait_for_a_server_that_takes_connections_and_is_silent(tmp_path, call, silent_url):
    log = CallLog(silent_url, spool=tmp_path / "spool.db")
    log._store._silent_until = 0.0  # as it is some seconds later: the next call asks again
    draft, took_s = record(log, call, "1", 0.3)
    trouble = log.trouble
    log.close()

    assert draft.id is None
    assert took_s < 2.9  # a connection alone is waited for 3 s
    assert "busy" in str(trouble)


def test_a_thread_that_outlives_the_main_thread_still_writes_its_rows(tmp_path):
    command = [sys.executable, "-c", OUTLIVES, str(tmp_path / "calls.db")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    assert done.stdout == "1 None\n2 None\n3 None\n"
