"""A score range, a text, a time taken and where calls ended select the same calls by cells as by rows."""

from itertools import product

import pytest

from facematch import codes
from facematch.analytics import ends, queries
from facematch.analytics.queries import Selection
from facematch.analytics.taken import still_there
from facematch.log.purge import purge
from facematch.log.rollups import DAY_MS

HOUR_MS = 3_600_000
FAILED = [
    {"outcome": "biz_error", "errcode": codes.NO_FACE},
    {"outcome": "biz_error", "errcode": codes.LIVENESS_NOT_PASSED},
    {"outcome": "biz_error", "errcode": codes.WRONG_DIGITS},
    {"outcome": "biz_error", "errcode": codes.UNKNOWN_ID_NUMBER},
    {"outcome": "biz_error", "errcode": 98_765},  # of no catalogue
    {"outcome": "bad_response", "errcode": 0},
    {"outcome": "request_invalid", "errcode": codes.NO_FACE},
    {"outcome": "http_error", "http_status": 413},
    {"outcome": "http_error", "http_status": 401},
    {"outcome": "http_error", "http_status": 502},
    {"outcome": "http_error"},
    {"outcome": "timeout"},
]


@pytest.fixture
def of_all_ends(add):
    """One call of each kind; then answers of each kind, some with scores."""
    for number, columns in enumerate(FAILED):
        add(ts_ms=number * HOUR_MS, latency_ms=10.0, **columns)
    for success, score, label in ((1, 80.0, 1), (1, 100.0, None), (0, 79.9, 0), (0, 20.0, None), (None, None, None)):
        add(ts_ms=HOUR_MS + 5, success=success, score=score, label=label, latency_ms=500.0)
    add(endpoint="validate_data", ts_ms=7)


def by_layer(db, sel):
    found = queries.funnel(db, sel)
    layers = {step.layer: step.ended for step in found.steps}
    answers = (found.passed, found.not_passed, found.accepted, found.live_codes)
    return layers | dict(zip(ends.ANSWERS, answers, strict=True))


def test_each_bar_of_the_funnel_selects_as_many_calls_as_it_counts(of_all_ends, db):
    drawn = by_layer(db, Selection())

    assert sum(drawn.values()) == len(FAILED) + 6
    for end, count in drawn.items():
        sel = Selection(ends=(end,))
        assert queries.totals(db, sel).calls == count == len(queries.newest(db, sel))
        assert by_layer(db, sel) == {**dict.fromkeys(drawn, 0), end: count}


@pytest.mark.parametrize("pair", list(product(ends.ENDS[::3], ends.ENDS[1::4])))
def test_two_ends_together_are_both(of_all_ends, db, pair):
    drawn = by_layer(db, Selection())
    sel = Selection(ends=pair)

    assert queries.totals(db, sel).calls == sum(drawn[end] for end in set(pair))


@pytest.mark.parametrize("end", ends.ENDS)
def test_scores_and_times_of_an_end_are_those_of_its_calls(of_all_ends, db, end):
    sel = Selection(ends=(end,))
    rows = queries.newest(db, sel)
    scored = [row for row in rows if row.score is not None]

    histogram = queries.scores(db, sel).all
    assert sum(histogram.passed) + sum(histogram.not_passed) == len(scored)
    timed = [row for row in rows if row.latency_ms is not None and row.outcome != "request_invalid"]
    assert queries.latency(db, sel).calls == len(timed)


@pytest.mark.parametrize(
    ("score", "found"),
    [((80.0, 81.0), [80.0]), ((79.5, 80.0), [79.9]), ((100.0, 100.0), [100.0]), ((80.0, 80.0), [80.0]),
     ((80.0, 100.0), [80.0, 100.0]), ((0.0, 100.0), [20.0, 79.9, 80.0, 100.0]), ((81.0, 99.0), [])],
)  # fmt: skip
def test_a_score_range_holds_its_low_end_and_of_its_high_ends_only_100(of_all_ends, db, score, found):
    sel = Selection(score=score)

    assert sorted(row.score for row in queries.newest(db, sel)) == found
    assert queries.totals(db, sel).calls == len(found)
    histogram = queries.scores(db, sel).all
    assert sum(histogram.passed) + sum(histogram.not_passed) == len(found)


def test_a_bar_of_the_chart_of_times_selects_as_many_calls_as_it_counts(of_all_ends, db):
    bins = queries.latency(db, Selection()).bins
    assert [each.calls for each in bins] == [11, 5]

    for each in bins:
        found = queries.newest(db, Selection(latency_ms=(each.low_ms, each.high_ms)))
        assert len(found) == each.calls


@pytest.mark.parametrize(
    ("text", "found"),
    [("100%", ["a"]), ("%", ["a"]), ("_", ["b"]), ("/", ["c"]), ("NO FACE", ["a"]), ("人脸", ["b"]), ("'; --", []),
     ("9000", ["a", "c"]), ("r-", ["a", "b", "c"])],
)  # fmt: skip
def test_a_text_is_sought_as_it_is_in_what_names_a_call_and_in_the_servers_words(add, db, text, found):
    add(request_id="r-a", errmsg="no face, 100% sure", trace_no="9000a")
    add(request_id="r-b", errmsg="没有_人脸")
    add(request_id="r-c", errmsg="a/b", trace_no="x9000", subject_mask="not sought: NO FACE")

    assert sorted(row.request_id[-1] for row in queries.newest(db, Selection(text=text))) == found
    assert queries.totals(db, Selection(text=text)).calls == len(found)


def test_a_whole_trace_no_or_request_id_names_its_calls(add, db):
    add(2, request_id="one", trace_no="100")
    add(request_id="two", trace_no="1000")

    assert [len(queries.named(db, text)) for text in ("100", "one", "two", "10", "")] == [2, 2, 1, 0, 0]
    found = queries.newest(db, Selection(ids=queries.named(db, "100")))
    assert {row.trace_no for row in found} == {"100"}
    assert queries.newest(db, Selection(ids=())) == ()


def test_of_calls_that_a_purge_deleted_none_is_to_be_taken_away(log, add):
    for day in range(4):
        for env in ("test", "kept"):
            add(2, ts_ms=day * DAY_MS, env=env)
    purge(log, (("test", 1.0),), 3 * DAY_MS)
    with log.reading() as db:
        for sel, left in (
            (Selection(), 12),
            (Selection(envs=("test",)), 4),
            (Selection(envs=("kept",)), 8),
            (Selection(until_ms=DAY_MS), 2),
            (Selection(until_ms=DAY_MS, envs=("test",)), 0),
            (Selection(since_ms=2 * DAY_MS), 8),
            (Selection(text="r"), 12),
        ):
            assert still_there(db, sel, queries.totals(db, sel).calls) == left


def test_rows_are_not_asked_where_no_purge_can_have_deleted_any(log, add):
    add(2, ts_ms=3 * DAY_MS)
    add(1, ts_ms=0)
    purge(log, (("*", 1.0),), 3 * DAY_MS)
    with log.reading() as db:
        untouched = Selection(since_ms=2 * DAY_MS), Selection(envs=("other",)), Selection(text="r")

        assert [still_there(db, sel, 77) for sel in untouched] == [77, 77, 77]
