"""How far two shares are apart, and how two selections are drawn on the same axes."""

import pytest

from facematch.analytics import compared_figures as drawn
from facematch.analytics.metrics import Share, difference
from facematch.analytics.rows import Latency, LatencyBin, ScoreHistogram

NONE = (0,) * 101
NAMES = ("A · now", "B · before")
ONE = ScoreHistogram((0,) * 82 + (3,) + (0,) * 17 + (1,), (4, *NONE[1:]), ())


def say(key: str, **_: object) -> str:
    return f"<{key}>"


def test_the_interval_of_a_difference_is_newcombes():
    low, high = difference(Share(48, 80), Share(56, 70))  # method 10 of Newcombe 1998: 0.7 - 0.6 the other way about

    assert (low, high) == pytest.approx((0.0524, 0.3339), abs=2e-4)
    assert difference(Share(56, 70), Share(48, 80)) == pytest.approx((-high, -low))


@pytest.mark.parametrize("pair", [(Share(0, 0), Share(1, 2)), (Share(1, 2), Share(0, 0))])
def test_of_nothing_no_difference_is_known(pair):
    assert difference(*pair) == (-1.0, 1.0)


def test_equal_shares_differ_by_nothing_and_one_call_says_little():
    low, high = difference(Share(5, 10), Share(5, 10))
    assert low == pytest.approx(-high)

    low, high = difference(Share(0, 1), Share(1, 1))
    assert low < 0 < high <= 1


def test_both_sides_are_told_apart_without_colour():
    bars = drawn.shares(["x", "y"], ([0.5, 0.1], [0.2, 0.0]), NAMES, say).data
    lines = drawn.latency((Latency((LatencyBin(10, 20, 4),), 4, 1, 1, 1),) * 2, NAMES, say).data

    assert tuple(bar.name for bar in bars) == tuple(line.name for line in lines) == NAMES
    assert bars[0].marker.pattern.shape != bars[1].marker.pattern.shape
    assert lines[0].line.dash != lines[1].line.dash


def test_scores_of_both_sides_are_shares_of_their_own_calls():
    figure = drawn.scores((ONE, ScoreHistogram(NONE, NONE, ())), NAMES, say)

    assert [trace.name for trace in figure.data] == ["A · now"]
    assert dict(zip(figure.data[0].x, figure.data[0].y, strict=True))[82.5] == pytest.approx(3 / 8)
    assert (drawn.by_points(ONE)[0], drawn.by_points(ONE)[16], drawn.by_points(ONE)[19]) == (4, 3, 1)


def test_a_time_is_reached_by_all_calls_in_the_end():
    bins = (LatencyBin(0.0, 0.106, 1), LatencyBin(99.5, 104.6, 3))
    (line,) = drawn.latency((Latency(bins, 4, 1, 1, 1), Latency((), 0, None, None, None)), NAMES, say).data

    assert line.y == (0.0, 0.25, 1.0)
    assert line.x[0] == 0.1


@pytest.mark.parametrize("draw", [
    lambda: drawn.scores((ScoreHistogram(NONE, NONE, ()),) * 2, NAMES, say),
    lambda: drawn.latency((Latency((), 0, None, None, None),) * 2, NAMES, say),
])  # fmt: skip
def test_two_empty_sides_are_an_empty_chart_without_made_up_numbers(draw):
    figure = draw()

    assert len(figure.data) == 0
    assert figure.layout.yaxis.showticklabels is False
