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
LATENCY = Latency((LatencyBin(0.0, 0.106, 1), LatencyBin(99.5, 104.6, 4)), 5, 100.0, 104.0, 104.5)

MEANINGS = {
    2012: "Several faces",
    1107: "The video is empty, or its file size is out of bounds",
    2010: "照片中没有检测到完整的人脸",
}


def say(key: str, **_: object) -> str:
    return f"<{key}>"


def draw_errors(errors, say):
    return figures.error_codes(errors, say, MEANINGS.get)


FULL = [
    (figures.scores_by_verdict, SCORES),
    (figures.failure_rate, FAILURES),
    (draw_errors, ERRORS),
    (figures.latency, LATENCY),
]
EMPTY = [
    (figures.scores_by_verdict, ScoreHistogram(NONE, NONE, ())),
    (figures.failure_rate, FailuresOverTime("hour", 0, ())),
    (draw_errors, ()),
    (figures.latency, Latency((), 0, None, None, None)),
]


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


@pytest.mark.parametrize(("draw", "result"), EMPTY)
def test_an_empty_chart_shows_no_made_up_numbers(draw, result):
    layout = draw(result, say).layout

    assert (layout.xaxis.showticklabels, layout.yaxis.showticklabels) == (False, False)


def test_scores_are_stacked_by_verdict_with_a_line_at_the_threshold():
    figure = figures.scores_by_verdict(SCORES, say)
    not_passed, passed, line = figure.data

    assert (not_passed.name, passed.name) == ("<chart.not_passed>", "<chart.passed>")
    assert figure.layout.barmode == "stack"
    assert (dict(zip(passed.x, passed.y, strict=True)), dict(zip(not_passed.x, not_passed.y, strict=True))) == (
        {80: 3},
        {0: 4, 80: 1},
    )
    assert passed.marker.pattern.shape != not_passed.marker.pattern.shape
    assert (line.name, line.x, line.y) == ("<chart.threshold> 70", (70.0, 70.0), (0, 4))


def test_the_failure_rate_is_drawn_on_the_operators_clock_within_its_interval():
    interval, rate = figures.failure_rate(FAILURES, say).data

    assert rate.x == interval.x == (datetime(1970, 1, 1, 8), datetime(1970, 1, 1, 9))  # noqa: DTZ001
    assert rate.y == interval.y == (0.5, 0.0)
    assert rate.y[0] - interval.error_y.arrayminus[0] == pytest.approx(0.2366, abs=5e-5)
    assert rate.y[0] + interval.error_y.array[0] == pytest.approx(0.7634, abs=5e-5)
    assert rate.text == ("5 / 10<br>23.7% – 76.3%", "0 / 10<br>0.0% – 27.8%")


def test_a_single_hour_has_an_interval_too_and_a_legend_for_it():
    figure = figures.failure_rate(FailuresOverTime("hour", 0, (Bucket(0, 1, 0),)), say)

    assert [trace.name for trace in figure.data] == ["<chart.interval>", "<chart.failure_rate>"]
    assert figure.data[0].error_y.array[0] == pytest.approx(0.7935, abs=5e-5)
    assert figure.data[0].marker.symbol == "line-ns"


def test_the_failure_rate_is_always_drawn_from_none_to_all():
    low, high = figures.failure_rate(FAILURES, say).layout.yaxis.range

    assert -0.05 < low < 0
    assert 1 < high < 1.05


def test_each_kind_of_failure_has_a_bar_with_its_meaning_and_number():
    figure = draw_errors(ERRORS, say)

    assert figure.layout.yaxis.ticktext == ("2012 Several faces", "<outcome.timeout>")
    assert (figure.data[0].x, figure.data[0].text) == ((3, 1), ("3", "1"))
    assert figure.data[0].textangle == 0


def test_a_failure_whose_code_has_no_words_is_named_by_its_outcome():
    figure = draw_errors([ErrorCount("http_error", code, 1, 1) for code in (9999, 0, None)], str)

    assert figure.layout.yaxis.ticktext == ("9999 outcome.http_error", "0 outcome.http_error", "outcome.http_error")


def test_a_failure_with_errcode_0_does_not_read_as_a_success():
    figure = figures.error_codes([ErrorCount("bad_response", 0, 1, 1)], say, {0: "Handled"}.get)

    assert figure.layout.yaxis.ticktext == ("0 <outcome.bad_response>",)


def test_long_labels_are_cut_to_24_columns_and_told_in_full_on_hover():
    figure = draw_errors([ErrorCount("biz_error", code, 1, 1) for code in (1107, 2010)], say)

    assert figure.layout.yaxis.ticktext == ("1107 The video is empty…", "2010 照片中没有检测到…")
    assert figure.data[0].customdata[0].replace("<br>", " ") == f"1107 {MEANINGS[1107]} <outcome.biz_error>"
    assert figure.data[0].customdata[1] == f"2010 {MEANINGS[2010]}<br><outcome.biz_error>"


def test_kinds_of_failure_with_the_same_label_stay_apart():
    figure = figures.error_codes(
        [ErrorCount(name, 7, 2, 1) for name in ("biz_error", "http_error")], say, lambda _: "x"
    )

    assert figure.layout.yaxis.ticktext == ("7 x", "7 x")
    assert figure.data[0].y == figure.layout.yaxis.tickvals == (0, 1)


def test_only_the_most_frequent_kinds_of_failure_are_drawn():
    many = [ErrorCount("biz_error", code, 100 - code, 0) for code in range(40)]
    (bars,) = draw_errors(many, say).data

    assert bars.x == tuple(range(100, 85, -1))


def test_latencies_are_drawn_from_where_their_bin_begins_with_their_percentiles():
    bars, median, p95 = figures.latency(LATENCY, say).data

    assert bars.x == (0.1, 99.5)  # nothing is at 0 on a logarithmic axis
    assert bars.y == (1, 4)
    assert [low + width < high for low, width, high in zip(bars.x, bars.width, (0.106, 104.6), strict=True)] == [
        True
    ] * 2
    assert (median.name, p95.name) == ("p50 100 ms", "p95 104 ms")
    assert median.line.dash != p95.line.dash


def test_two_calls_are_not_hidden_by_the_lines_of_their_percentiles():
    figure = figures.latency(Latency((LatencyBin(99.5, 104.6, 2),), 2, 100.0, 104.0, 104.5), say)

    assert len(figure.data) == 1


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
