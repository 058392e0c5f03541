"""What another threshold would do, and to whom."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facematch.analytics import queries
from facematch.analytics.metrics import Share, error_rates
from facematch.analytics.queries import ScoreHistogram, Scores, Selection, WhatIf, what_if, what_if_curve

ALL = Selection()
DAY_MS = 86_400_000
COUNTS = st.dictionaries(st.integers(0, 100), st.integers(1, 1000), max_size=6).map(
    lambda points: tuple(points.get(point, 0) for point in range(101))
)
HISTOGRAMS = st.builds(ScoreHistogram, COUNTS, COUNTS, st.just((70.0,)))
SCORES = st.builds(Scores, HISTOGRAMS, HISTOGRAMS, HISTOGRAMS)


@pytest.fixture
def judged(add):
    """Eight calls judged at 70."""
    for score, label in ((95, 1), (70, 1), (69.9, 1), (72.5, 0), (71.9, None), (20, 0), (0, 0), (100, None)):
        add(score=score, success=int(score >= 70), label=label, threshold=70, ts_ms=int(score * 10))


def test_a_table_worked_by_hand(judged, db):
    scores = queries.scores(db, ALL)

    assert [what_if(scores, threshold) for threshold in (69, 70, 72, 100)] == [
        WhatIf(69, 8, passing=6, to_pass=1, to_fail=0, fnmr=Share(0, 3), fmr=Share(1, 3)),
        WhatIf(70, 8, passing=5, to_pass=0, to_fail=0, fnmr=Share(1, 3), fmr=Share(1, 3)),
        WhatIf(72, 8, passing=3, to_pass=0, to_fail=2, fnmr=Share(2, 3), fmr=Share(1, 3)),
        WhatIf(100, 8, passing=1, to_pass=0, to_fail=4, fnmr=Share(3, 3), fmr=Share(0, 3)),
    ]


@pytest.mark.parametrize(("threshold", "scores"), [(69, [69.9]), (70, []), (72, [71.9, 70]), (0, [69.9, 20, 0])])
def test_who_would_flip_the_latest_first(judged, db, threshold, scores):
    assert [row.score for row in queries.flips(db, ALL, threshold)] == scores


def test_scores_are_told_apart_by_label_and_verdict(judged, db):
    scores = queries.scores(db, ALL)
    told = [
        ({point for point, n in enumerate(part.passed) if n}, {point for point, n in enumerate(part.not_passed) if n})
        for part in scores.parts
    ]

    assert told == [({95, 70}, {69}), ({72}, {20, 0}), ({71, 100}, set())]
    assert {point for point, n in enumerate(scores.all.passed) if n} == {95, 70, 72, 71, 100}
    assert {point for point, n in enumerate(scores.all.not_passed) if n} == {69, 20, 0}


@given(SCORES, st.integers(0, 100))
def test_flips_are_the_difference_between_the_verdicts(scores, threshold):
    result, passed = what_if(scores, threshold), sum(scores.all.passed)

    assert result.passing == passed + result.to_pass - result.to_fail
    assert 0 <= result.to_fail <= passed
    assert result.judged == passed + sum(scores.all.not_passed)


@given(SCORES, st.integers(0, 100))
def test_error_rates_are_those_of_the_scores_themselves(scores, threshold):
    mated, non_mated = (
        [point for point in range(101) for _ in range(part.passed[point] + part.not_passed[point])]
        for part in (scores.mated, scores.non_mated)
    )
    exact, result = error_rates(mated, non_mated, threshold), what_if(scores, threshold)

    assert (result.fmr, result.fnmr) == (
        Share(exact.false_matches, exact.non_mated),
        Share(exact.false_non_matches, exact.mated),
    )


@given(SCORES)
def test_a_higher_threshold_passes_no_more_and_matches_fewer_strangers(scores):
    curve = what_if_curve(scores)

    assert [each.threshold for each in curve] == list(range(101))
    for lower, higher in itertools.pairwise(curve):
        assert higher.passing <= lower.passing
        assert higher.fmr.count <= lower.fmr.count
        assert higher.fnmr.count >= lower.fnmr.count


@pytest.mark.parametrize("threshold", [-1, 101])
def test_a_threshold_that_no_score_has_is_refused(threshold):
    none = ScoreHistogram((0,) * 101, (0,) * 101, ())

    with pytest.raises(ValueError, match="no threshold"):
        what_if(Scores(none, none, none), threshold)


@pytest.mark.parametrize("few", [True, False])
def test_few_old_flips_are_found_among_many_calls_by_their_score(add, db, few, monkeypatch):
    monkeypatch.setattr("facematch.analytics.flips._SHORT_WALK", 100)  # rows
    add(2 if few else 60, score=67, success=1, threshold=65, ts_ms=3 * DAY_MS)
    add(500, score=90, success=1, threshold=70, ts_ms=3 * DAY_MS + 1)
    add(5, score=67, success=0, threshold=70, ts_ms=9 * DAY_MS)
    rows = queries.flips(db, ALL, 70)

    assert [row.id for row in rows] == ([2, 1] if few else list(range(60, 10, -1)))
    assert [row.id for row in queries.flips(db, Selection(until_ms=3 * DAY_MS), 70)] == []


def test_flips_follow_every_filter(add, db):
    add(1, score=50, success=1, env="prod", errcode=0, label=1)
    add(1, score=50, success=1, errcode=5)
    add(1, score=50, success=1, ts_ms=DAY_MS + 5)
    add(1, score=50, success=1, outcome="biz_error")  # no verdict to flip
    asked = (
        Selection(envs=("prod",)), Selection(errcodes=(5,)), Selection(since_ms=DAY_MS), Selection(since_ms=DAY_MS + 6),
        Selection(labels=(1,)), Selection(labels=(-1,)), Selection(outcomes=("biz_error",)), ALL,
    )  # fmt: skip

    found = [[row.id for row in queries.flips(db, sel, 51)] for sel in asked]
    assert found == [[1], [2], [3], [], [1], [3, 2], [], [3, 2, 1]]
