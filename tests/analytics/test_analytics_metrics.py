"""Rates against worked examples and against plain Python."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facematch.analytics.metrics import best_accuracy, bin_edge, error_rates, percentile, wilson

SCORES = st.lists(st.integers(0, 100), max_size=40)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),  # Wilson's formula with z = 1.96
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (1, 100, 0.0018, 0.0545),
    ],
)
def test_the_wilson_interval_of_known_examples(k, n, low, high):
    assert wilson(k, n) == pytest.approx((low, high), abs=5e-5)


def test_without_trials_nothing_is_known():
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("k", "n"), [(-1, 5), (6, 5), (1, 0)])
def test_what_is_no_fraction_is_refused(k, n):
    with pytest.raises(ValueError, match="no fraction"):
        wilson(k, n)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_is_symmetric(fraction):
    k, n = fraction
    low, high = wilson(k, n)

    assert 0 <= low <= k / n <= high <= 1
    assert wilson(n - k, n) == pytest.approx((1 - high, 1 - low))


def test_percentiles_of_two_equal_bins():
    assert percentile([0, 20], [1, 1], 0.5) == pytest.approx(math.exp(1 / 20))
    assert percentile([0, 20], [1, 1], 0.75) == pytest.approx(math.exp(20.5 / 20))
    assert percentile([0, 20], [1, 1], 1.0) == pytest.approx(math.exp(21 / 20))
    assert percentile([0, 20], [1, 1], 0.0) == pytest.approx(1.0)


def test_without_calls_there_is_no_percentile():
    assert (percentile([], [], 0.5), percentile([3], [0], 0.5)) == (None, None)


@given(st.lists(st.floats(1, 60_000), min_size=1, max_size=200), st.sampled_from([0.5, 0.95, 0.99]))
def test_a_percentile_lies_in_the_bin_of_the_exact_one(latencies, fraction):
    bins, counts = np.unique(np.floor(np.log(latencies) * 20).astype(int), return_counts=True)
    exact = sorted(latencies)[max(0, math.ceil(fraction * len(latencies)) - 1)]
    at = math.floor(math.log(exact) * 20)

    assert bin_edge(at) * 0.999999 <= percentile(bins, counts, fraction) <= bin_edge(at + 1) * 1.000001


def test_a_score_at_the_threshold_is_a_match():
    rates = error_rates([70, 69, 90, 95], [70, 10], 70)

    assert (rates.fnmr, rates.false_non_matches, rates.mated) == (0.25, 1, 4)
    assert (rates.fmr, rates.false_matches, rates.non_mated) == (0.5, 1, 2)


def test_a_rate_of_no_scores_is_not_known():
    assert (error_rates([], [1], 0).fnmr, error_rates([1], [], 0).fmr) == (None, None)


def test_a_score_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="NaN"):
        error_rates([float("nan")], [1], 0)


@given(SCORES, SCORES, st.integers(-1, 101))
def test_error_rates_are_what_counting_gives(mated, non_mated, threshold):
    rates = error_rates(mated, non_mated, threshold)

    assert rates.false_non_matches == sum(score < threshold for score in mated)
    assert rates.false_matches == sum(score >= threshold for score in non_mated)


def test_the_best_accuracy_of_a_small_example():
    assert best_accuracy([60, 80, 90], [10, 20, 70]) == (pytest.approx(5 / 6), 60.0)
    assert best_accuracy([80], [20]) == (1.0, 80.0)


def test_the_best_threshold_may_be_above_every_score():
    accuracy, threshold = best_accuracy([], [50, 60])

    assert accuracy == 1.0
    assert threshold > 60


def test_no_scores_have_no_best_accuracy():
    with pytest.raises(ValueError, match="no scores"):
        best_accuracy([], [])


@given(SCORES, SCORES.filter(bool))
def test_no_threshold_does_better_than_the_best_and_no_lower_one_as_well(mated, non_mated):
    def accuracy(at: float) -> float:
        right = sum(score >= at for score in mated) + sum(score < at for score in non_mated)
        return right / (len(mated) + len(non_mated))

    best, threshold = best_accuracy(mated, non_mated)
    everywhere = {at: accuracy(at) for at in (*mated, *non_mated, threshold)}

    assert best == accuracy(threshold) == max(everywhere.values())
    assert threshold == min(at for at, value in everywhere.items() if value == best)
