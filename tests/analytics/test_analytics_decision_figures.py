"""The charts of decisions: where calls ended, scores by label, another threshold."""

import pytest

from facematch.analytics import figures
from facematch.analytics.layers import ORDER, funnel
from facematch.analytics.queries import ScoreHistogram, Scores, what_if_curve

NOTHING = ScoreHistogram((0,) * 101, (0,) * 101, ())
MATED = ScoreHistogram((0,) * 80 + (3,) + (0,) * 20, (0,) * 60 + (1,) + (0,) * 40, (70.0,))
NON_MATED = ScoreHistogram(NOTHING.passed, (0,) * 20 + (4,) + (0,) * 80, (70.0,))
SCORES = Scores(MATED, NON_MATED, NOTHING)
UNLABELLED = Scores(NOTHING, NOTHING, MATED)
EMPTY_FUNNEL = funnel({}, passed=0, not_passed=0, accepted=0, live_codes=0)
FUNNEL = funnel({"liveness": 2, "system": 1}, passed=5, not_passed=1, accepted=1, live_codes=0)


def say(key: str, **_: object) -> str:
    return f"<{key}>"


def draw_what_if(scores, say):
    return figures.what_if(what_if_curve(scores), 70, say)


FULL = [(figures.funnel, FUNNEL), (figures.scores_by_label, SCORES), (draw_what_if, SCORES)]
EMPTY = [
    (figures.funnel, EMPTY_FUNNEL),
    (figures.scores_by_label, Scores(NOTHING, NOTHING, NOTHING)),
    (draw_what_if, Scores(NOTHING, NOTHING, NOTHING)),
]


@pytest.mark.parametrize(("draw", "result"), EMPTY)
def test_an_empty_result_has_named_axes_and_no_made_up_numbers(draw, result):
    figure = draw(result, say)

    assert len(figure.data) == 0
    assert (figure.layout.xaxis.showticklabels, figure.layout.yaxis.showticklabels) == (False, False)
    assert figure.layout.xaxis.title.text.startswith("<chart.")
    assert figure.layout.yaxis.title.text.startswith("<chart.")


@pytest.mark.parametrize(("draw", "result"), FULL + EMPTY)
def test_the_page_shows_through_and_the_chart_can_be_sent(draw, result):
    figure = draw(result, say)

    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert figure.to_json().startswith("{")


@pytest.mark.parametrize(("draw", "result"), FULL)
def test_no_two_series_differ_by_colour_alone(draw, result):
    names = [trace.name for trace in draw(result, say).data]
    looks = [
        (trace.marker.color, trace.marker.pattern.shape) if trace.type == "bar" else trace.line.dash
        for trace in draw(result, say).data
    ]
    stripes = {name: look[1] for name, look in zip(names, looks, strict=True) if isinstance(look, tuple)}

    assert len(set(names)) == len(names)
    assert len(set(looks)) == len(looks)
    assert all((stripe == "/") == ("not_passed" in name or "ended" in name) for name, stripe in stripes.items())


def test_the_funnel_shows_who_went_on_and_who_ended_and_what_the_rest_was_answered():
    went_on, ended = figures.funnel(FUNNEL, say).data
    answers = ["<chart.passed>", "<chart.not_passed>", "<outcome.accepted>", "<endpoint.validate_data>"]

    assert list(went_on.customdata) == [*(f"<layer.{layer}>" for layer in ORDER), *answers]
    assert went_on.x == (10, 10, 10, 10, 8, 8, 8, 8, 8, 7, 5, 1, 1, 0)
    assert ended.x == (0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0)


def test_scores_have_a_series_for_each_label_and_verdict_that_occurs():
    figure = figures.scores_by_label(SCORES, say)
    bars = {trace.name: dict(zip(trace.x, trace.y, strict=True)) for trace in figure.data if trace.type == "bar"}

    assert bars == {
        "<chart.mated> · <chart.not_passed>": {60: 1},
        "<chart.mated> · <chart.passed>": {80: 3},
        "<chart.non_mated> · <chart.not_passed>": {20: 4},
    }
    assert figure.data[-1].name == "<chart.threshold> 70"


def test_the_curves_of_another_threshold_are_marked_at_the_chosen_one():
    passing, fnmr, fmr, line = draw_what_if(SCORES, say).data

    assert [trace.name for trace in (passing, fnmr, fmr)] == ["<chart.passing>", "<chart.fnmr>", "<chart.fmr>"]
    assert (passing.y[0], passing.y[70], passing.y[100]) == (1.0, 0.375, 0.0)
    assert (fnmr.y[60], fnmr.y[61], fmr.y[20], fmr.y[21]) == (0.0, 0.25, 1.0, 0.0)
    assert fnmr.text[61].startswith("1 / 4<br>4.6% – 69.9%")  # Wilson's interval
    assert (line.name, line.x) == ("<chart.threshold> 70", (70, 70))


def test_without_labels_there_are_no_error_rates_to_draw():
    assert [trace.name for trace in draw_what_if(UNLABELLED, say).data] == ["<chart.passing>", "<chart.threshold> 70"]
