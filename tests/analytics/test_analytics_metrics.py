"""Rates against worked examples and against plain Python."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facematch.analytics.metrics import Share, best_accuracy, error_rates, percentile, wilson

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


def test_a_percentile_lies_between_the_middles_of_two_bins():
    low, high = (0.1 * math.exp(middle / 170) for middle in (0.5, 1000.5))

    assert percentile([0, 1000], [1, 1], 0.0) == pytest.approx(low)
    assert percentile([0, 1000], [1, 1], 0.5) == pytest.approx((low + high) / 2)
    assert percentile([0, 1000], [1, 1], 1.0) == pytest.approx(high)
    assert percentile([0, 1000], [3, 1], 0.5) == pytest.approx(low)
    assert percentile([0, 1000], [3, 2], 0.75) == pytest.approx(high)  # the fourth of five


def test_without_calls_there_is_no_percentile():
    assert (percentile([], [], 0.5), percentile([3], [0], 0.5)) == (None, None)


def in_bins(latencies):
    """Numbers and counts of the log's bins, as its SQL numbers them."""
    return np.unique(np.floor(np.log(np.asarray(latencies) / 0.1) * 170).astype(int), return_counts=True)


@given(st.lists(st.floats(0.1, 600_000), min_size=1, max_size=300), st.floats(0, 1))
def test_a_percentile_is_within_three_in_a_thousand_of_the_exact_one_whatever_the_latencies(latencies, fraction):
    exact = np.percentile(latencies, fraction * 100)

    assert percentile(*in_bins(latencies), fraction) == pytest.approx(exact, rel=0.003)


@pytest.mark.parametrize("shape", ["lognormal", "uniform", "spikes", "two humps"])
@pytest.mark.parametrize("fraction", [0.01, 0.5, 0.95, 0.99, 0.999])
def test_so_it_is_for_a_hundred_thousand_calls(shape, fraction):
    random, n = np.random.default_rng(5), 100_000
    latencies = {
        "lognormal": random.lognormal(6, 0.8, n),
        "uniform": random.uniform(0.1, 5000, n),
        "spikes": random.choice([0.1, 12.5, 400.0, 30_000.0], n, p=[0.3, 0.2, 0.45, 0.05]),
        "two humps": np.concatenate([random.normal(200, 5, n // 2), random.normal(9000, 100, n // 2)]),
    }[shape]

    assert percentile(*in_bins(latencies), fraction) == pytest.approx(
        np.percentile(latencies, fraction * 100), rel=0.003
    )


def test_a_share_of_nothing_has_no_rate_and_any_is_possible():
    assert (Share(0, 0).rate, Share(0, 0).interval) == (None, (0.0, 1.0))
    assert (Share(1, 100).rate, Share(1, 100).interval) == (0.01, wilson(1, 100))


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
