"""Axes cover the data, and their ticks are few, whole and the same in every language."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facematch.analytics import axes

MIDNIGHT = datetime(2026, 11, 22)  # noqa: DTZ001


@given(st.integers(1, 10**9))
def test_counts_have_at_most_seven_ticks_all_at_whole_numbers(top):
    step = axes.whole(top)["dtick"]

    assert step == int(step) >= 1
    assert top // step <= 6


def test_ticks_of_counts_are_at_round_numbers():
    assert [axes.whole(top)["dtick"] for top in (1, 6, 7, 55, 61, 5000)] == [1, 1, 2, 10, 20, 1000]


@pytest.mark.parametrize(
    ("low_ms", "high_ms", "labels"),
    [
        (99.5, 104.6, ("50", "100", "200")),  # one call
        (80.0, 300.0, ("50", "100", "200")),
        (90.0, 12_000.0, ("100", "200", "500", "1,000", "2,000", "5,000", "10,000")),
        (7.0, 5_500.0, ("10", "30", "100", "300", "1,000", "3,000")),
        (0.95, 60_000.0, ("1", "10", "100", "1,000", "10,000")),
    ],
)
def test_milliseconds_are_labelled_with_full_numbers(low_ms, high_ms, labels):
    assert tuple(axes.milliseconds(low_ms, high_ms)["ticktext"]) == labels


@given(st.floats(0.95, 1e5), st.floats(1.001, 1e5))
def test_the_axis_of_milliseconds_holds_the_data_a_decade_and_labelled_ticks(low_ms, factor):
    axis = axes.milliseconds(low_ms, low_ms * factor)
    left, right = (10**bound for bound in axis["range"])

    assert left < low_ms < low_ms * factor < right
    assert right / left >= 10 * 0.999999
    assert all(left * 0.999999 <= tick <= right * 1.000001 for tick in axis["tickvals"])
    assert len(axis["tickvals"]) == len(axis["ticktext"]) >= 2


@pytest.mark.parametrize(("width", "most"), [("hour", 72), ("day", 365 * 6)])
def test_time_has_few_ticks_at_whole_hours_or_days(width, most):
    unit = {"hour": timedelta(hours=1), "day": timedelta(days=1)}[width]
    steps = [axes.time([MIDNIGHT, MIDNIGHT + units * unit], width)["dtick"] for units in range(most + 1)]
    unit_ms = unit / timedelta(milliseconds=1)

    assert all(step % unit_ms == 0 for step in steps)
    assert all(units * unit_ms / step <= 6 for units, step in enumerate(steps))
    assert all(before <= after for before, after in pairwise(steps))


def test_a_single_hour_and_a_single_day_have_one_tick_in_the_middle():
    for width, unit in (("hour", timedelta(hours=1)), ("day", timedelta(days=1))):
        left, right = axes.time([MIDNIGHT], width)["range"]

        assert MIDNIGHT - unit < left < MIDNIGHT < right < MIDNIGHT + unit


@pytest.mark.parametrize("width", ["hour", "day"])
def test_dates_are_written_in_digits_alone(width):
    axis = axes.time([MIDNIGHT], width)
    written = MIDNIGHT.strftime(axis["tickformat"] + axis["hoverformat"])

    assert not any(letter.isalpha() for letter in written)
