"""Small logs with answers worked out by hand."""

import math

import pytest
from sqlalchemy import event

from facematch.analytics import queries
from facematch.analytics.queries import (
    Bucket,
    Choices,
    ErrorCount,
    FailuresOverTime,
    Selection,
    Totals,
)

ALL = Selection()
HOUR_MS, DAY_MS = 3_600_000, 86_400_000


def test_totals_keep_the_verdict_and_the_outcome_apart(add, db):
    add(3, ts_ms=10, success=1)
    add(2, ts_ms=20, success=0)
    add(1, ts_ms=30, outcome="biz_error", errcode=2012)

    assert queries.totals(db, ALL) == Totals(calls=6, ok=5, failed=1, passed=3, not_passed=2, first_ms=10, last_ms=30)


def test_an_empty_log_has_empty_answers_of_the_same_shape(db):
    assert queries.totals(db, ALL) == Totals(0, 0, 0, 0, 0, None, None)
    assert queries.score_histogram(db, ALL).passed == (0,) * 101
    assert queries.failures_over_time(db, ALL).buckets == ()
    assert queries.latency(db, ALL) == queries.Latency((), 0, None, None, None)
    assert (queries.error_counts(db, ALL), queries.newest(db, ALL)) == ((), ())
    assert queries.choices(db) == Choices((), (), ())


@pytest.mark.parametrize(
    ("selection", "calls"),
    [
        (Selection(since_ms=20), 3),
        (Selection(until_ms=20), 1),
        (Selection(since_ms=20, until_ms=30), 1),
        (Selection(envs=("prod",)), 2),
        (Selection(envs=("prod", "test")), 4),
        (Selection(endpoints=("match_idno",)), 1),
        (Selection(outcomes=("timeout",)), 1),
        (Selection(outcomes=("ok", "timeout")), 4),
        (Selection(envs=("test",), outcomes=("timeout",)), 0),
        (Selection(envs=("'; DROP TABLE calls; --",)), 0),
    ],
)
def test_a_selection_bounds_what_is_counted(add, db, selection, calls):
    add(ts_ms=10)
    add(ts_ms=20, endpoint="match_idno")
    add(ts_ms=30, env="prod")
    add(ts_ms=40, env="prod", outcome="timeout")

    assert queries.totals(db, selection).calls == calls


def test_scores_are_counted_by_point_and_verdict(add, db):
    add(2, score=100, success=1, threshold=70)
    add(1, score=70.9, success=1, threshold=70)
    add(3, score=0, success=0, threshold=70)
    add(1, score=69.99, success=0, threshold=65.5)
    add(1, score=50)  # no verdict
    add(1, success=0)  # no score
    histogram = queries.score_histogram(db, ALL)

    assert {point: n for point, n in enumerate(histogram.passed) if n} == {100: 2, 70: 1}
    assert {point: n for point, n in enumerate(histogram.not_passed) if n} == {0: 3, 69: 1}
    assert (len(histogram.passed), len(histogram.not_passed)) == (101, 101)
    assert histogram.thresholds == (65.5, 70.0)


def test_a_short_span_is_counted_by_the_hour(add, db):
    add(2, ts_ms=10 * HOUR_MS)
    add(1, ts_ms=11 * HOUR_MS - 1, outcome="timeout")
    add(1, ts_ms=13 * HOUR_MS, outcome="biz_error")
    buckets = (Bucket(10 * HOUR_MS, 3, 1), Bucket(13 * HOUR_MS, 1, 1))

    assert queries.failures_over_time(db, ALL) == FailuresOverTime("hour", 0, buckets)


def test_a_long_span_is_counted_by_the_operators_day(add, db):
    add(1, ts_ms=10 * DAY_MS + 15 * HOUR_MS)  # 23:00 in Shanghai
    add(2, ts_ms=10 * DAY_MS + 16 * HOUR_MS, outcome="timeout")  # midnight
    add(1, ts_ms=20 * DAY_MS)
    ahead_ms = 8 * HOUR_MS
    days = ((10, 1, 0), (11, 2, 2), (20, 1, 0))
    buckets = tuple(Bucket(day * DAY_MS - ahead_ms, calls, failed) for day, calls, failed in days)

    assert queries.failures_over_time(db, ALL, utc_offset_min=480) == FailuresOverTime("day", 480, buckets)


@pytest.mark.parametrize(("span_ms", "width"), [(72 * HOUR_MS, "hour"), (72 * HOUR_MS + 1, "day")])
def test_the_selected_span_decides_the_width_of_a_bucket(add, db, span_ms, width):
    add(ts_ms=DAY_MS)

    assert queries.failures_over_time(db, Selection(since_ms=0, until_ms=span_ms)).width == width


def test_half_hour_zones_have_their_own_hours(add, db):
    add(ts_ms=10 * HOUR_MS + 29 * 60_000)
    add(ts_ms=10 * HOUR_MS + 30 * 60_000)
    buckets = queries.failures_over_time(db, ALL, utc_offset_min=330).buckets

    assert [bucket.start_ms for bucket in buckets] == [int(9.5 * HOUR_MS), int(10.5 * HOUR_MS)]


def test_errors_are_counted_by_outcome_and_code(add, db):
    add(1, ts_ms=1, outcome="biz_error", errcode=2012)
    add(2, ts_ms=5, outcome="biz_error", errcode=2010)
    add(3, ts_ms=9, outcome="timeout")
    add(9, ts_ms=9, errcode=0)

    assert queries.error_counts(db, ALL) == (
        ErrorCount("timeout", None, 3, 9),
        ErrorCount("biz_error", 2010, 2, 5),
        ErrorCount("biz_error", 2012, 1, 1),
    )


def test_latencies_are_binned_by_their_logarithm(add, db):
    add(2, latency_ms=0.25)
    add(1, latency_ms=1.0)
    add(4, latency_ms=100.0)
    add(5, latency_ms=5.0, outcome="request_invalid")  # nothing was sent
    add(1)  # not measured
    latency = queries.latency(db, ALL)
    low, high = math.exp(92 / 20), math.exp(93 / 20)  # 20 ln 100 = 92.1

    assert [(b.low_ms, b.calls) for b in latency.bins] == [(0.0, 3), (low, 4)]
    assert latency.bins[1].high_ms == high
    assert latency.calls == 7
    assert latency.p50_ms == pytest.approx(math.exp((92 + 0.5 / 4) / 20))  # 3.5 of 7: an eighth into the second bin
    assert latency.p99_ms == pytest.approx(math.exp((92 + 3.93 / 4) / 20))


def test_latencies_of_all_endpoints_and_modes_are_binned_together(add, db):
    add(2, latency_ms=100.0)
    add(1, latency_ms=100.0, mode="LIP")
    add(1, latency_ms=1000.0, endpoint="match_idno")

    assert [b.calls for b in queries.latency(db, ALL).bins] == [3, 1]


def test_percentiles_lie_within_a_bin_of_the_exact_ones(add, db):
    for ms in range(50, 1050):
        add(latency_ms=float(ms))
    latency = queries.latency(db, ALL)

    assert latency.p50_ms == pytest.approx(550, rel=0.01)
    assert latency.p95_ms == pytest.approx(1000, rel=0.01)


def test_the_newest_calls_come_by_the_page_each_once(add, db):
    for ts_ms in (30, 10, 20, 20, 40):
        add(ts_ms=ts_ms)
    first = queries.newest(db, ALL, limit=2)
    second = queries.newest(db, ALL, limit=2, before_id=first[-1].id)
    third = queries.newest(db, ALL, limit=2, before_id=second[-1].id)

    assert [[row.id for row in page] for page in (first, second, third)] == [[5, 1], [4, 3], [2]]
    assert queries.newest(db, ALL, limit=2, before_id=third[-1].id) == ()


def test_pages_follow_the_selection(add, db):
    add(3, ts_ms=1, outcome="timeout")
    add(3, ts_ms=2)
    rows = queries.newest(db, Selection(outcomes=("timeout",)), before_id=3)

    assert [row.id for row in rows] == [2, 1]


def test_a_call_is_found_by_its_row_and_by_its_trace_number(add, db):
    add(trace_no="45646513218465123", success=1, extra='{"cosine": 0.5}', ref_digest=b"0" * 16, subject_mask="1*X")
    found = queries.call(db, id=1)

    assert found == queries.call(db, trace_no="45646513218465123")
    assert (found.success, found.extra, found.subject_mask, found.score) == (True, {"cosine": 0.5}, "1*X", None)
    assert not hasattr(found, "ref_digest")


def test_an_unknown_call_is_none(add, db):
    add()

    assert (queries.call(db, id=2), queries.call(db, trace_no="1"), queries.call(db)) == (None, None, None)


def test_of_several_calls_with_one_trace_number_the_latest_is_found(add, db):
    add(2, trace_no="7")

    assert queries.call(db, trace_no="7").id == 2


def test_the_attempts_of_a_call_come_in_order(add, db):
    add(request_id="a", attempt=2)
    add(request_id="a", attempt=1)
    add(request_id="b")

    assert [(row.id, row.attempt) for row in queries.attempts(db, "a")] == [(2, 1), (1, 2)]


def test_the_choices_are_what_occurs(add, db):
    add(env="prod", outcome="timeout")
    add(endpoint="match_idno")

    assert queries.choices(db) == Choices(("prod", "test"), ("match", "match_idno"), ("ok", "timeout"))


@pytest.mark.parametrize(
    ("question", "plan"),
    [
        (lambda db: queries.newest(db, ALL), "SCAN calls USING INDEX ix_ts"),
        (lambda db: queries.newest(db, ALL, before_id=3), "SEARCH calls USING INDEX ix_ts (ts_ms<?)"),
        (lambda db: queries.newest(db, Selection(since_ms=5)), "SEARCH calls USING INDEX ix_ts (ts_ms>?)"),
        (lambda db: queries.call(db, id=3), "SEARCH calls USING INTEGER PRIMARY KEY (rowid=?)"),
        (lambda db: queries.call(db, trace_no="3"), "SEARCH calls USING INDEX ix_trace (trace_no=?)"),
        (lambda db: queries.attempts(db, "3"), "SEARCH calls USING INDEX ix_request (request_id=?)"),
        (lambda db: queries.error_counts(db, ALL), "SCAN calls USING COVERING INDEX ix_fail"),
    ],
)
def test_what_a_page_asks_often_goes_by_an_index(db, question, plan):
    asked = []
    event.listen(db, "before_cursor_execute", lambda _db, _cursor, sql, values, *_: asked.append((sql, values)))
    question(db)
    sql, values = next(each for each in asked if each[0].startswith("SELECT"))
    steps = [row[3] for row in db.exec_driver_sql("EXPLAIN QUERY PLAN " + sql, values)]

    assert steps[0] == plan
    assert "USE TEMP B-TREE FOR ORDER BY" not in steps or plan.endswith(("(request_id=?)", "ix_fail"))
