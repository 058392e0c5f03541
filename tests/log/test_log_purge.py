"""Retention: old calls go, the trends they made stay, and who writes meanwhile loses nothing."""

import threading

import pytest
from past_calls import NOON, UNTIDY, cells_in, counted, put, rows_of, told_by, writers
from sqlalchemy import delete, select

from facematch.errors import LogTooNew
from facematch.log import CallLog
from facematch.log import purge as purging
from facematch.log.purge import Due, Purged, due, purge
from facematch.log.rebuild import check
from facematch.log.reviews import review
from facematch.log.rollups import DAY_MS
from facematch.log.schema import calls, purged, reviews

MIDNIGHT = NOON - DAY_MS // 2


@pytest.fixture
def place(database_place):
    return database_place


def before_ms(log):
    with log.reading() as db:
        return {row.env: row.before_ms for row in db.execute(select(purged)).all()}


def test_without_a_retention_nothing_goes(log):
    put(log, 0)

    assert purge(log, (), NOON) == Purged({}, finished=True, untidy=None)
    assert (len(rows_of(log)), before_ms(log)) == (1, {})


def test_calls_older_than_whole_days_of_utc_go_and_no_later_ones(log):
    for ts_ms in (MIDNIGHT - 2 * DAY_MS - 1, MIDNIGHT - 2 * DAY_MS, NOON - 2 * DAY_MS, NOON):
        put(log, ts_ms)

    assert purge(log, (("*", 2.0),), NOON) == Purged({"test": 1}, finished=True, untidy=UNTIDY[log.form])
    assert [row["ts_ms"] for row in rows_of(log)] == [MIDNIGHT - 2 * DAY_MS, NOON - 2 * DAY_MS, NOON]
    assert before_ms(log) == {"test": MIDNIGHT - 2 * DAY_MS}


def test_each_environment_has_its_own_days_and_those_not_named_the_others(log):
    for env in ("embedded", "qa:443", "kept"):
        for age in (1, 10, 100):
            put(log, NOON - age * DAY_MS, env=env)
    result = purge(log, (("embedded", 5.0), ("kept", 1000.0), ("*", 50.0)), NOON)

    assert (result.deleted, result.total) == ({"embedded": 2, "qa:443": 1}, 3)
    left = {(row["env"], (NOON - row["ts_ms"]) // DAY_MS) for row in rows_of(log)}
    assert left == {("embedded", 1), ("qa:443", 1), ("qa:443", 10), ("kept", 1), ("kept", 10), ("kept", 100)}
    assert before_ms(log) == {"embedded": MIDNIGHT - 5 * DAY_MS, "qa:443": MIDNIGHT - 50 * DAY_MS}


def test_an_environment_without_an_entry_keeps_its_calls(log):
    put(log, 0, env="one")
    put(log, 0, env="other")

    assert purge(log, (("one", 1.0),), NOON).deleted == {"one": 1}
    assert [row["env"] for row in rows_of(log)] == ["other"]


def test_zero_days_keep_the_calls_of_today(log):
    put(log, MIDNIGHT - 1)
    put(log, MIDNIGHT)

    assert purge(log, (("*", 0.0),), NOON).total == 1
    assert [row["ts_ms"] for row in rows_of(log)] == [MIDNIGHT]


def test_what_would_go_is_told_without_deleting(log):
    for age in (1, 10, 11):
        put(log, NOON - age * DAY_MS)

    assert due(log, (("*", 5.0),), NOON) == (Due("test", MIDNIGHT - 5 * DAY_MS, 2),)
    assert due(log, (("*", 50.0),), NOON) == ()
    assert len(rows_of(log)) == 3


def test_the_cells_outlive_the_rows_and_the_reviews_go_with_them(log):
    old, new = put(log, NOON - 10 * DAY_MS), put(log, NOON)
    for row in (old, new):
        review(log, row, "identity", "different", "QA")
    before = cells_in(log)
    purge(log, (("*", 5.0),), NOON)

    assert cells_in(log) == before
    assert check(log) == ()
    with log.reading() as db:
        assert db.execute(select(reviews.c.call_id)).scalars().all() == [new]


def test_a_call_that_arrives_late_is_counted_and_goes_with_the_next_purge(log):
    put(log, NOON - 10 * DAY_MS)
    purge(log, (("*", 5.0),), NOON)
    put(log, NOON - 10 * DAY_MS)  # it waited in a spool
    before = cells_in(log)

    assert purge(log, (("*", 5.0),), NOON).total == 1
    assert cells_in(log) == before
    assert [sum(cells.values()) for cells in before.values()] == [2, 2, 2]


def test_a_longer_retention_later_on_does_not_take_the_mark_back(log):
    put(log, NOON - 10 * DAY_MS)
    purge(log, (("*", 5.0),), NOON)
    put(log, NOON - 30 * DAY_MS)
    purge(log, (("*", 20.0),), NOON)

    assert before_ms(log) == {"test": MIDNIGHT - 5 * DAY_MS}


def test_a_purge_that_is_stopped_goes_on_next_time(log, monkeypatch):
    monkeypatch.setattr(purging, "BATCH_ROWS", 10)
    for i in range(35):
        put(log, NOON - 10 * DAY_MS + i)
    put(log, NOON)
    before, stop = cells_in(log), threading.Event()
    stop.set()
    first, second = purge(log, (("*", 5.0),), NOON, stop), purge(log, (("*", 5.0),), NOON)

    assert (first, second) == (Purged({"test": 10}, False, "stopped"), Purged({"test": 25}, True, UNTIDY[log.form]))
    assert [row["ts_ms"] for row in rows_of(log)] == [NOON]
    assert cells_in(log) == before


def test_calls_of_one_moment_fill_more_than_a_batch_and_all_go(log, monkeypatch):
    monkeypatch.setattr(purging, "BATCH_ROWS", 3)
    for env in ("a", "b") * 10:
        put(log, NOON - 10 * DAY_MS, env=env)

    assert purge(log, (("a", 5.0),), NOON).deleted == {"a": 10}
    assert {row["env"] for row in rows_of(log)} == {"b"}


def test_another_deletion_takes_its_row_out_of_the_cells(log):
    old, new = put(log, NOON - 10 * DAY_MS), put(log, NOON)
    put(log, NOON)
    purge(log, (("*", 5.0),), NOON)
    with log.writing() as db:
        db.execute(delete(calls).where(calls.c.id == new))

    assert {row["id"] for row in rows_of(log)}.isdisjoint({old, new})
    assert [sum(cells.values()) for cells in cells_in(log).values()] == [2, 2, 2]
    assert check(log) == ()


def new_rows(log):
    return [row for row in rows_of(log) if row["request_id"] != "old"]


def test_a_purge_beside_six_writing_processes_costs_them_nothing(log, database_place, monkeypatch):
    monkeypatch.setattr(purging, "BATCH_ROWS", 200)
    with log.writing() as db:
        db.exec_driver_sql(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000) "
            "INSERT INTO calls (ts_ms, env, endpoint, mode, request_id, outcome, client_version) "
            "SELECT i, 'env 0', 'match', 'photo', 'old', 'ok', '0' FROM n"
        )
    with writers(database_place, 6, rows=60) as processes:
        before = len(new_rows(log))
        result = purge(log, (("*", 5.0),), NOON)
        after = len(new_rows(log))
        told = told_by(processes)

    assert after > before
    assert result.deleted == {"env 0": 4000}
    assert [trouble for _, trouble in told] == ["None"] * 360
    assert {row["id"] for row in rows_of(log)} == {number for number, _ in told}
    assert check(log) == ()
    newer = counted(rows_of(log))
    assert sum(cells_in(log)["r_call"].values()) == 4000 + sum(newer["r_call"].values())


def test_a_log_of_a_newer_version_is_not_purged(path):
    log = CallLog(path)
    put(log, 0)
    with log.writing() as db:
        db.exec_driver_sql("PRAGMA user_version = 999")
    log.close()
    log = CallLog(path)

    with pytest.raises(LogTooNew):
        purge(log, (("*", 5.0),), NOON)
    assert len(rows_of(log)) == 1
    log.close()
