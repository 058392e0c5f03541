"""Small logs with answers worked out by hand."""

import math

import numpy as np
import pytest

from facematch.analytics import queries
from facematch.analytics.queries import (
    Bucket,
    Choices,
    ErrorCount,
    FailuresOverTime,
    Selection,
    Totals,
)
from facematch.log.schema import calls

ALL = Selection()
PLAIN = {"ts_ms": 0, "env": "e", "endpoint": "match", "mode": "photo", "request_id": "r", "outcome": "ok"}
PLAIN |= {"client_version": "0"}
HOUR_MS, DAY_MS = 3_600_000, 86_400_000


def test_totals_keep_the_verdict_and_the_outcome_apart(add, db):
    add(3, ts_ms=10, success=1)
    add(2, ts_ms=20, success=0)
    add(1, ts_ms=30, outcome="biz_error", errcode=2012)

    assert queries.totals(db, ALL) == Totals(calls=6, ok=5, failed=1, passed=3, not_passed=2, first_ms=10, last_ms=30)


def test_an_empty_log_has_empty_answers_of_the_same_shape(db):
    assert queries.totals(db, ALL) == Totals(0, 0, 0, 0, 0, None, None)
    assert queries.scores(db, ALL).all.passed == (0,) * 101
    assert queries.failures_over_time(db, ALL).buckets == ()
    assert queries.latency(db, ALL) == queries.Latency((), 0, None, None, None)
    assert (queries.error_counts(db, ALL), queries.newest(db, ALL)) == ((), ())
    assert queries.choices(db) == Choices((), (), (), (), ())
    assert [(step.reached, step.ended) for step in queries.funnel(db, ALL).steps] == [(0, 0)] * 10
    assert (queries.liveness(db, ALL), queries.flips(db, ALL, 50), queries.reviews(db, 1)) == ((), (), ())


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
    histogram = queries.scores(db, ALL).all

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


def test_hours_are_those_of_utc_in_a_half_hour_zone_too(add, db):
    add(ts_ms=10 * HOUR_MS + 29 * 60_000)
    add(ts_ms=10 * HOUR_MS + 30 * 60_000)
    failures = queries.failures_over_time(db, ALL, utc_offset_min=330)

    assert (failures.buckets, failures.utc_offset_min) == ((Bucket(10 * HOUR_MS, 2, 0),), 330)


@pytest.mark.parametrize(("offset_min", "begins_at"), [(330, 19), (-210, 4), (345, 19), (480, 16), (0, 0), (-300, 5)])
def test_days_begin_with_the_first_hour_after_midnight(add, db, offset_min, begins_at):
    begin = 10 * DAY_MS + begins_at * HOUR_MS
    for ts_ms in (begin - 1, begin, begin + DAY_MS - 1, 30 * DAY_MS):
        add(ts_ms=ts_ms)
    failures = queries.failures_over_time(db, ALL, utc_offset_min=offset_min)

    assert Bucket(begin, 2, 0) in failures.buckets
    assert failures.utc_offset_min == offset_min // 60 * 60


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
    add(2, latency_ms=0.05)
    add(1, latency_ms=0.1)
    add(4, latency_ms=100.0)
    add(5, latency_ms=5.0, outcome="request_invalid")  # nothing was sent
    add(1)  # not measured
    latency = queries.latency(db, ALL)
    low, high = 0.1 * math.exp(1170 / 170), 0.1 * math.exp(1180 / 170)  # 170 ln 1000 = 1174.3

    assert [(b.low_ms, b.calls) for b in latency.bins] == [(0.0, 3), (pytest.approx(low), 4)]
    assert latency.bins[1].high_ms == pytest.approx(high)
    assert latency.calls == 7
    assert latency.p50_ms == pytest.approx(0.1 * math.exp(1174.5 / 170))  # the middle of bin 1174


def test_latencies_of_all_endpoints_and_modes_are_binned_together(add, db):
    add(2, latency_ms=100.0)
    add(1, latency_ms=100.0, mode="LIP")
    add(1, latency_ms=1000.0, endpoint="match_idno")

    assert [b.calls for b in queries.latency(db, ALL).bins] == [3, 1]


def test_percentiles_are_within_three_in_a_thousand_of_the_exact_ones(log, db):
    with log.writing() as writing:
        writing.execute(calls.insert(), [PLAIN | {"latency_ms": float(ms)} for ms in range(50, 1050)])
    latency = queries.latency(db, ALL)
    exact = np.percentile(range(50, 1050), (50, 95, 99))

    assert (latency.p50_ms, latency.p95_ms, latency.p99_ms) == pytest.approx(tuple(exact), rel=0.003)


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


def test_what_is_rare_is_found_page_by_page_between_much_else(add, db):
    for hour in (1, 5, 5, 9, 30):
        add(2, ts_ms=hour * HOUR_MS + 7, env="prod", outcome="biz_error", errcode=2012)
        add(3, ts_ms=hour * HOUR_MS + 9, errcode=0)
    wanted = Selection(envs=("prod",), errcodes=(2012,), until_ms=30 * HOUR_MS + 8)
    pages, before = [], None
    while page := queries.newest(db, wanted, limit=3, before_id=before):
        pages.append([row.id for row in page])
        before = page[-1].id

    assert pages == [[22, 21, 17], [16, 12, 11], [7, 6, 2], [1]]
    assert queries.newest(db, Selection(envs=("other",))) == ()
    assert queries.newest(db, ALL, before_id=99) == ()


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

    add(mode="LIP", outcome="biz_error", errcode=2012)
    outcomes = "biz_error", "ok", "timeout"

    assert queries.choices(db) == Choices(
        ("prod", "test"), ("match", "match_idno"), outcomes, ("LIP", "photo"), (2012,)
    )
