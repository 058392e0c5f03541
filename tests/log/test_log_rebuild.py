"""Cells always say what the rows say; where they do not, it is found and mended."""

import random
from dataclasses import replace

import pytest
from past_calls import NOON, cells_in, counted, put, rows_of, told_by, writers
from sqlalchemy import delete, insert, select, text, update

from facematch.errors import LogUnavailable
from facematch.log.rebuild import Difference, check, rebuild
from facematch.log.rollups import DAY_MS, HOUR_MS, NO_ERRCODE
from facematch.log.schema import calls, purged, r_call, r_latency, r_score


@pytest.fixture
def place(database_place):
    return database_place


def fill(log, rows=60):
    """Calls of five days, of every kind that cells tell apart."""
    chance = random.Random(4)  # noqa: S311
    for i in range(rows):
        put(
            log,
            NOON + chance.randrange(-2 * DAY_MS, 3 * DAY_MS),
            env=chance.choice(("a", "b")),
            outcome=chance.choice(("ok", "ok", "timeout")),
            errcode=chance.choice((None, 0, 2012)),
            success=chance.choice((None, 0, 1)),
            score=chance.choice((None, 0.0, 100.0, -3.0, chance.uniform(0, 100))),
            threshold=chance.choice((None, 70.0)),
            label=chance.choice((None, 0, 1)),
            latency_ms=chance.choice((None, 0.0, chance.lognormvariate(3, 2))),
            request_id=f"{i}",
        )


def change(log, statement):
    with log.writing() as db:
        db.execute(statement)


def test_an_empty_log_agrees_and_is_rebuilt_in_no_days(log):
    assert (check(log), rebuild(log)) == ((), 0)


def test_cells_are_what_the_rows_make(log):
    fill(log)

    assert cells_in(log) == counted(rows_of(log))
    assert check(log) == ()


def test_cells_are_what_the_rows_make_after_labels_and_deletions(log):
    fill(log)
    change(log, update(calls).where(calls.c.id % 3 == 0).values(label=1))
    change(log, update(calls).where(calls.c.id % 5 == 0).values(label=None))
    change(log, delete(calls).where(calls.c.id % 4 == 0))

    assert cells_in(log) == counted(rows_of(log))
    assert check(log) == ()


def test_a_late_label_moves_its_call_to_another_cell(log):
    row = put(log, label=None)
    labels = []
    for label in (1, 0, None):
        change(log, update(calls).where(calls.c.id == row).values(label=label))
        with log.reading() as db:
            labels.append(db.execute(select(r_score.c.label, r_score.c.n)).all())

    assert labels == [[(1, 1)], [(0, 1)], [(-1, 1)]]


TAMPERING = {
    "a cell that counts too many": update(r_call).where(r_call.c.n > 0).values(n=r_call.c.n + 7),
    "cells that are gone": delete(r_latency),
    "a cell of nothing": insert(r_score).values(
        day=1, env="x", endpoint="match", mode="photo", label=1, success=1, threshold=70.0, bin=3, n=4
    ),
}


@pytest.mark.parametrize("kind", TAMPERING)
def test_tampering_is_found_and_mended(log, kind):
    fill(log)
    change(log, TAMPERING[kind])
    found = check(log)

    assert found
    assert {difference.table for difference in found} == {TAMPERING[kind].table.name}
    assert rebuild(log) >= 5
    assert check(log) == ()
    assert cells_in(log) == counted(rows_of(log))


def test_a_difference_names_the_cell_and_both_counts(log):
    put(log)
    change(log, update(r_call).values(n=3))
    cell = {
        "hour": NOON // HOUR_MS, "env": "test", "endpoint": "match", "mode": "photo", "outcome": "ok",
        "errcode": 0, "success": 1,
    }  # fmt: skip

    (found,) = check(log)
    assert replace(found, cell=()) == Difference("r_call", (), counted=3, rows=1)
    assert dict(found.cell) == cell


def test_rows_that_no_cell_counts_are_found(log):
    put(log, errcode=None)
    change(log, delete(r_call))

    (difference,) = check(log)
    assert (difference.counted, difference.rows) == (0, 1)
    assert dict(difference.cell)["errcode"] == NO_ERRCODE


def test_the_cells_of_purged_days_stay(log):
    put(log, NOON - DAY_MS)
    put(log, NOON - DAY_MS, env="other")
    put(log, NOON)
    before = cells_in(log)
    change(log, insert(purged).values(env="test", before_ms=NOON - DAY_MS // 2))
    change(log, delete(calls).where(calls.c.ts_ms < NOON, calls.c.env == "test"))
    rebuild(log)

    assert cells_in(log) == before
    assert len(rows_of(log)) == 2
    assert check(log) == ()


def test_a_rebuild_that_cannot_fill_a_day_leaves_it_as_it_was(log):
    fill(log)
    before = cells_in(log)
    change(log, text("ALTER TABLE r_score RENAME TO elsewhere"))
    with pytest.raises(LogUnavailable, match="r_score"):
        rebuild(log)
    change(log, text("ALTER TABLE elsewhere RENAME TO r_score"))

    assert cells_in(log) == before


def test_cells_equal_the_rows_under_ten_writers_while_labels_change_rows_go_and_cells_are_rebuilt(log, database_place):
    chance, rounds = random.Random(1), 0  # noqa: S311
    with writers(database_place, 10, rows=60) as processes:
        while any(process.poll() is None for process in processes):
            with log.reading() as db:
                ids = db.execute(select(calls.c.id)).scalars().all()
            if ids:
                change(log, update(calls).where(calls.c.id.in_(chance.sample(ids, len(ids) // 5))).values(label=1))
                change(log, delete(calls).where(calls.c.id.in_(chance.sample(ids, len(ids) // 20))))
            rebuild(log)
            assert check(log) == ()
            rounds += 1
        told = told_by(processes)

    unwritten = [trouble for number, trouble in told if number is None]
    assert len(told) == 600
    if log.form == "postgresql":  # a rebuild locks the table day by day; without a spool a call gives way, and says so
        assert all("lock timeout" in trouble for trouble in unwritten)
    else:
        assert unwritten == []
    assert len(unwritten) < 300
    assert rounds > 1
    assert {row["id"] for row in rows_of(log)} <= {number for number, _ in told}
    assert cells_in(log) == counted(rows_of(log))
    assert check(log) == ()
