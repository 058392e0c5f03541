"""Retention is kept in the background, whatever goes wrong there."""

import threading
import time

from past_calls import NOON, put, rows_of

from facematch.errors import LogUnavailable
from facematch.log import CallLog
from facematch.log import purge as purging
from facematch.log.housekeeping import Housekeeping
from facematch.log.schema import calls

PATIENCE_S = 30.0


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE_S
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert condition()


def threads():
    return [thread for thread in threading.enumerate() if thread.name == "call-log-housekeeping"]


def test_old_calls_go_at_the_start_and_the_result_is_kept(log):
    put(log, NOON)
    keeper = Housekeeping(log, (("*", 5.0),))
    wait_for(lambda: keeper.last is not None)
    keeper.close()

    assert (keeper.last.purged.deleted, keeper.last.trouble) == ({"test": 1}, None)
    assert keeper.last.at_ms > NOON
    assert rows_of(log) == []
    assert threads() == []


def test_it_purges_again_after_the_pause(log):
    keeper = Housekeeping(log, (("*", 5.0),), every_s=0.05)
    wait_for(lambda: keeper.last is not None)
    put(log, NOON)

    wait_for(lambda: rows_of(log) == [])
    keeper.close()


def test_without_a_retention_there_is_no_thread(log):
    put(log, NOON)
    keeper = Housekeeping(log, ())

    assert threads() == []
    keeper.close()
    assert (keeper.last, len(rows_of(log))) == (None, 1)


def test_what_goes_wrong_is_kept_warned_of_once_and_it_goes_on(log, caplog):
    with log.writing() as db:
        db.exec_driver_sql("ALTER TABLE r_call RENAME TO elsewhere")
    keeper = Housekeeping(log, (("*", 5.0),), every_s=0.01)
    wait_for(lambda: keeper.last is not None)
    first = keeper.last
    wait_for(lambda: keeper.last is not first)

    assert isinstance(first.trouble, LogUnavailable)
    assert first.purged is None
    with log.writing() as db:
        db.exec_driver_sql("ALTER TABLE elsewhere RENAME TO r_call")
    wait_for(lambda: keeper.last.trouble is None)
    keeper.close()
    assert len(caplog.records) == 1


def test_close_stops_a_long_purge_and_the_next_one_goes_on(path, monkeypatch):
    monkeypatch.setattr(purging, "BATCH_ROWS", 1)
    log = CallLog(path)
    row = {"env": "test", "endpoint": "match", "mode": "photo", "request_id": "r", "outcome": "ok"}
    with log.writing() as db:
        db.execute(calls.insert(), [row | {"ts_ms": NOON, "client_version": "0"}] * 2000)
    keeper = Housekeeping(log, (("*", 5.0),))
    wait_for(lambda: len(rows_of(log)) < 2000)
    keeper.close()
    left = len(rows_of(log))

    assert threads() == []
    assert 0 < left < 2000
    assert keeper.last.purged.finished is False
    monkeypatch.setattr(purging, "BATCH_ROWS", 2000)
    again = Housekeeping(log, (("*", 5.0),))
    wait_for(lambda: again.last is not None)
    again.close()
    assert again.last.purged.deleted == {"test": left}
    log.close()
