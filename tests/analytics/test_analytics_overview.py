"""What the Overview asks of the log: differences with their intervals, the slowest calls, neighbours, first steps."""

import pytest
from sqlalchemy import insert

from facematch.analytics import one_call, overview, queries
from facematch.analytics.metrics import Share
from facematch.analytics.overview import Moved
from facematch.analytics.rows import Selection
from facematch.log import CallLog
from facematch.log.reviews import review
from facematch.log.rollups import HOUR_MS
from facematch.log.schema import calls

USUAL = {"env": "embedded", "endpoint": "match", "mode": "photo", "outcome": "ok", "client_version": "1"}
START_MS = 1_000 * HOUR_MS


@pytest.fixture
def log(tmp_path):
    held = CallLog(tmp_path / "calls.db")
    yield held
    held.close()


def write(log, *rows):
    with log.writing() as db:
        for number, row in enumerate(rows):
            db.execute(insert(calls), {"request_id": f"r{number}", "ts_ms": START_MS + number, **USUAL, **row})


def ask(log, question, *args):
    with log.reading() as db:
        return question(db, *args)


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [  # Newcombe 1998, Statistics in Medicine 17:873, table II, method 10
        ((56, 70), (48, 80), (0.2000, 0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.6000, 0.1705, 0.8090)),
        ((6, 7), (2, 7), (0.5714, 0.0582, 0.8062)),
        ((5, 56), (0, 29), (0.0893, -0.0381, 0.1926)),
    ],
)
def test_the_interval_of_a_difference_is_newcombes(now, before, expected):
    moved = Moved(Share(*now), Share(*before))

    assert moved.points == pytest.approx(expected, abs=0.0001)
    assert moved.is_beyond_chance == (expected[1] > 0)


def test_an_empty_period_has_no_difference():
    moved = Moved(Share(1, 2), Share(0, 0))

    assert moved.points is None
    assert not moved.is_beyond_chance


def test_nothing_is_said_of_the_slowest_of_few_calls(log):
    write(log, *({"latency_ms": 100.0} for _ in range(99)))

    assert ask(log, overview.slow_time, Selection()).ms is None


def test_the_slowest_calls_are_apart_only_when_their_intervals_do_not_touch(log):
    for env, factor in (("slow", 3.0), ("quick", 1.0), ("same", 1.02)):
        write(log, *({"env": env, "latency_ms": factor * (100 + number)} for number in range(120)))
    slow, quick, same = (ask(log, overview.slow_time, Selection(envs=(env,))) for env in ("slow", "quick", "same"))

    assert quick.ms == pytest.approx(213, rel=0.01)
    assert slow.is_apart_from(quick)
    assert not same.is_apart_from(quick)


def test_departures_are_counted_by_clause(log):
    write(log, {"extra": '{"drift": ["a", "b"]}'}, {"extra": '{"drift": ["a"]}'}, {"extra": '{"engine": "x"}'}, {})

    assert ask(log, overview.drift, Selection()) == {"a": 2, "b": 1}


def test_the_log_knows_which_first_steps_are_done(log):
    nothing = ask(log, overview.first_steps)
    assert (nothing.compared, nothing.failed, nothing.is_reviewed, nothing.calls) == (None, None, False, 0)
    write(log, {"success": 1, "score": 90.0}, {"outcome": "biz_error", "errcode": 2010})
    review(log, 1, "identity", "same")
    done = ask(log, overview.first_steps)

    assert done.are_done
    assert (done.compared.id, done.failed.errcode, done.calls) == (1, 2010, 2)


def test_neighbours_are_those_of_the_selection_also_hours_away(log):
    failed = {"outcome": "biz_error", "errcode": 2010}
    write(log, failed, {}, {}, {**failed, "ts_ms": START_MS + 5 * HOUR_MS}, {"ts_ms": START_MS + 6 * HOUR_MS})
    middle = ask(log, lambda db: queries.call(db, id=2))
    of_all = ask(log, one_call.neighbours, Selection(), middle)
    of_failures = ask(log, one_call.neighbours, Selection(errcodes=(2010,)), middle)
    newest = ask(log, one_call.neighbours, Selection(), ask(log, lambda db: queries.call(db, id=5)))

    assert (of_all.newer.id, of_all.older.id) == (3, 1)
    assert (of_failures.newer.id, of_failures.older.id) == (4, 1)
    assert (newest.newer, newest.older.id) == (None, 4)
