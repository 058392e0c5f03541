"""Charts show the numbers they were given, in the caller's words, on any background."""

from datetime import datetime

import pytest

from facematch.analytics import figures
from facematch.analytics.rows import (
    Bucket,
    ErrorCount,
    FailuresOverTime,
    Latency,
    LatencyBin,
    ScoreHistogram,
)

NONE = (0,) * 101
SCORES = ScoreHistogram((0,) * 80 + (3,) + (0,) * 20, (4,) + (0,) * 79 + (1,) + (0,) * 20, (70.0,))
FAILURES = FailuresOverTime("hour", 480, (Bucket(0, 10, 5), Bucket(3_600_000, 10, 0)))
ERRORS = (ErrorCount("biz_error", 2012, 3, 1), ErrorCount("timeout", None, 1, 1))
LATENCY = Latency((LatencyBin(0.0, 1.05, 1), LatencyBin(99.5, 104.6, 4)), 5, 100.0, 104.0, 104.5, ())

FULL = [
    (figures.scores_by_verdict, SCORES),
    (figures.failure_rate, FAILURES),
    (figures.error_codes, ERRORS),
    (figures.latency, LATENCY),
]
EMPTY = [
    (figures.scores_by_verdict, ScoreHistogram(NONE, NONE, ())),
    (figures.failure_rate, FailuresOverTime("hour", 0, ())),
    (figures.error_codes, ()),
    (figures.latency, Latency((), 0, None, None, None, ())),
]


def say(key: str, **_: object) -> str:
    return f"<{key}>"


@pytest.mark.parametrize(("draw", "result"), EMPTY)
def test_an_empty_result_is_an_empty_chart_with_named_axes(draw, result):
    figure = draw(result, say)

    assert len(figure.data) == 0
    assert figure.layout.xaxis.title.text.startswith("<chart.")
    assert figure.layout.yaxis.title.text.startswith("<chart.")


@pytest.mark.parametrize(("draw", "result"), FULL + EMPTY)
def test_the_page_shows_through_and_chooses_the_font(draw, result):
    layout = draw(result, say).layout

    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert layout.font.to_plotly_json() == {}


@pytest.mark.parametrize(("draw", "result"), FULL)
def test_a_chart_can_be_sent_to_the_browser(draw, result):
    assert draw(result, say).to_json().startswith("{")


def test_scores_are_stacked_by_verdict_with_a_line_at_the_threshold():
    figure = figures.scores_by_verdict(SCORES, say)
    not_passed, passed, line = figure.data

    assert (not_passed.name, passed.name) == ("<chart.not_passed>", "<chart.passed>")
    assert (passed.y[80], not_passed.y[80], not_passed.y[0]) == (3, 1, 4)
    assert passed.marker.pattern.shape != not_passed.marker.pattern.shape
    assert (line.name, line.x, line.y) == ("<chart.threshold> 70", (70.0, 70.0), (0, 4))


def test_the_failure_rate_is_drawn_on_the_operators_clock_within_its_interval():
    low, high, rate = figures.failure_rate(FAILURES, say).data

    assert rate.x == (datetime(1970, 1, 1, 8), datetime(1970, 1, 1, 9))  # noqa: DTZ001
    assert rate.y == (0.5, 0.0)
    assert (low.y[0], high.y[0]) == pytest.approx((0.2366, 0.7634), abs=5e-5)
    assert rate.text == ("5 / 10", "0 / 10")


def test_each_kind_of_failure_has_a_bar_with_its_name_and_number():
    (bars,) = figures.error_codes(ERRORS, say).data

    assert bars.y == ("<outcome.biz_error> 2012", "<outcome.timeout>")
    assert (bars.x, bars.text) == ((3, 1), ("3", "1"))


def test_only_the_most_frequent_kinds_of_failure_are_drawn():
    many = [ErrorCount("biz_error", code, 100 - code, 0) for code in range(40)]
    (bars,) = figures.error_codes(many, say).data

    assert bars.x == tuple(range(100, 85, -1))


def test_latencies_are_drawn_from_edge_to_edge_with_their_percentiles():
    bars, median, p95 = figures.latency(LATENCY, say).data

    assert [low + width for low, width in zip(bars.x, bars.width, strict=True)] == pytest.approx([1.05, 104.6])
    assert (median.name, p95.name) == ("p50 100", "p95 104")
    assert median.line.dash != p95.line.dash


@pytest.mark.parametrize("background", ["#FFFFFF", "#0E1A2B"])
@pytest.mark.parametrize("colour", figures.COLOURS.values())
def test_every_colour_stands_out_on_white_and_on_dark_navy(colour, background):
    lighter, darker = sorted((luminance(colour), luminance(background)), reverse=True)

    assert (lighter + 0.05) / (darker + 0.05) >= 3  # WCAG 2.2, 1.4.11


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
