"""Two selections on the same axes, in shares, for they differ in size; told apart by pattern or dash and by colour."""

import itertools
from collections.abc import Sequence

import plotly.graph_objects as go

from facematch.analytics import axes
from facematch.analytics.canvas import COLOURS, Say, blank, without_ticks
from facematch.analytics.rows import Latency, ScoreHistogram

POINTS = 5  # of score in one bar
_LOOKS = ({"colour": COLOURS["passed"], "pattern": "", "dash": "solid"},
          {"colour": COLOURS["not_passed"], "pattern": "/", "dash": "dash"})  # fmt: skip
_BAR_PX, _AXES_PX = 26, 130
_LEAST_MS = 0.1
_LABEL_LETTERS = 22
Names = tuple[str, str]
Pair = tuple[Sequence[float], Sequence[float]]


def shares(labels: Sequence[str], pair: Pair, names: Names, say: Say) -> go.Figure:
    """A bar for each side and label, the first on top; shares in [0, 1]."""
    figure = blank(say("chart.share"), "").update_yaxes(showgrid=False, zeroline=False)
    places = list(range(len(labels)))
    for side, name, look in zip(pair, names, _LOOKS, strict=True):
        figure.add_trace(_bar(list(side), places, name, look, flat=True))
    short = [text if len(text) <= _LABEL_LETTERS else text[: _LABEL_LETTERS - 1] + "…" for text in labels]
    figure.update_yaxes(tickvals=places, ticktext=short, range=[len(labels) - 0.5, -0.5], title=None)
    figure.update_xaxes(tickformat=".0%", rangemode="tozero", nticks=5)
    return figure.update_layout(barmode="group", height=_BAR_PX * len(labels) + _AXES_PX)


def scores(pair: tuple[ScoreHistogram, ScoreHistogram], names: Names, say: Say) -> go.Figure:
    """Share of the scored calls of each side, by five points of score."""
    figure = blank(say("chart.score"), say("chart.share")).update_xaxes(range=[0, 101], tick0=0, dtick=20)
    for histogram, name, look in zip(pair, names, _LOOKS, strict=True):
        counts = by_points(histogram)
        if total := sum(counts):
            middles = [POINTS * place + POINTS / 2 for place in range(len(counts))]
            figure.add_trace(_bar([n / total for n in counts], middles, name, look, flat=False))
    if not figure.data:
        return without_ticks(figure)
    return figure.update_yaxes(tickformat=".0%", nticks=6).update_layout(barmode="group", bargap=0.1)


def latency(pair: tuple[Latency, Latency], names: Names, say: Say) -> go.Figure:
    """Share of the calls of each side that were over within a time: further left is faster."""
    figure = blank(say("chart.latency_ms"), say("chart.within")).update_xaxes(type="log")
    for side, name, look in zip(pair, names, _LOOKS, strict=True):
        if side.bins:
            done = itertools.accumulate(each.calls for each in side.bins)
            x = [max(side.bins[0].low_ms, _LEAST_MS), *(each.high_ms for each in side.bins)]
            y = [0.0, *(n / side.calls for n in done)]
            line = {"color": look["colour"], "dash": look["dash"], "width": 3}
            hover = "%{x:,.0f} ms<br>%{y:.1%}"
            figure.add_trace(go.Scatter(x=x, y=y, mode="lines", line=line, name=name, hovertemplate=hover))
    if not figure.data:
        return without_ticks(figure)
    ends = [end for trace in figure.data for end in (trace.x[0], trace.x[-1])]
    figure.update_xaxes(axes.milliseconds(min(ends), max(ends)))
    return figure.update_yaxes(tickformat=".0%", range=[-0.02, 1.02], dtick=0.2)


def by_points(histogram: ScoreHistogram) -> list[int]:
    """Scored calls by five points, whatever the verdict; the last also holds the score 100. Twenty counts."""
    both = [a + b for a, b in zip(histogram.passed, histogram.not_passed, strict=True)]
    counts = [sum(both[start : start + POINTS]) for start in range(0, len(both) - 1, POINTS)]
    counts[-1] += both[-1]
    return counts


def _bar(values: list[float], places: Sequence[float], name: str, look: dict[str, str], *, flat: bool) -> go.Bar:
    colour = look["colour"]
    marker = {"color": colour, "pattern": {"shape": look["pattern"], "size": 6}, "line": {"color": colour, "width": 1}}
    return go.Bar(
        x=values if flat else places,
        y=places if flat else values,
        orientation="h" if flat else "v",
        name=name,
        marker=marker,
        hovertemplate="%{x:.1%}" if flat else "%{y:.1%}",
    )
