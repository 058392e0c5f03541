"""Charts of scores: their spread by verdict and by label, and what another threshold would do."""

import itertools
from collections.abc import Sequence

import plotly.graph_objects as go

from facematch.analytics import axes
from facematch.analytics.canvas import COLOURS, Say, blank, mark, without_ticks
from facematch.analytics.metrics import Share
from facematch.analytics.rows import ScoreHistogram, Scores, WhatIf

_DASHES = ("dash", "dot", "longdashdot", "solid")  # of thresholds, so that two are told apart
_PATTERNS = {"not_passed": "/", "passed": ""}
_LABELS_PX = 440  # its legend takes up to seven lines
_LABELS = {"mated": COLOURS["passed"], "non_mated": COLOURS["not_passed"], "unlabelled": COLOURS["time"]}


def scores_by_verdict(histogram: ScoreHistogram, say: Say) -> go.Figure:
    """Counts per point of score, stacked by verdict, a line at each threshold."""
    figure = blank(say("chart.score"), say("chart.calls"))
    for verdict, counts in (("not_passed", histogram.not_passed), ("passed", histogram.passed)):
        if any(counts):
            figure.add_trace(_bars(counts, COLOURS[verdict], _PATTERNS[verdict], say(f"chart.{verdict}")))
    return _on_points(figure, histogram, say)


def scores_by_label(scores: Scores, say: Say) -> go.Figure:
    """The same stacked by label, each label's colour plain where the call passed and striped where it did not."""
    figure = blank(say("chart.score"), say("chart.calls"))
    for (label, colour), part in zip(_LABELS.items(), scores.parts, strict=True):
        for verdict, counts in (("not_passed", part.not_passed), ("passed", part.passed)):
            if any(counts):
                name = f"{say(f'chart.{label}')} · {say(f'chart.{verdict}')}"
                figure.add_trace(_bars(counts, colour, _PATTERNS[verdict], name))
    return _on_points(figure, scores.all, say).update_layout(height=_LABELS_PX)


def what_if(curve: Sequence[WhatIf], chosen: int, say: Say) -> go.Figure:
    """Share of calls that would pass, FNMR and FMR over the threshold, a line at the *chosen* one."""
    figure = blank(say("chart.threshold"), say("chart.share")).update_xaxes(range=[-1, 101], tick0=0, dtick=20)
    figure.update_yaxes(tickformat=".0%", range=[-0.03, 1.03], dtick=0.2, zeroline=False)
    lines = (
        ("passing", [Share(each.passing, each.judged) for each in curve], COLOURS["time"], "solid"),
        ("fnmr", [each.fnmr for each in curve], COLOURS["passed"], "dash"),
        ("fmr", [each.fmr for each in curve], COLOURS["not_passed"], "dot"),
    )
    for name, shares, colour, dash in lines:
        if any(share.of for share in shares):
            figure.add_trace(_line(curve, shares, {"color": colour, "dash": dash}, say(f"chart.{name}")))
    if not figure.data:
        return without_ticks(figure)
    mark(figure, chosen, 1, f"{say('chart.threshold')} {chosen}", "longdash")
    return figure


def _on_points(figure: go.Figure, histogram: ScoreHistogram, say: Say) -> go.Figure:
    top = max(a + b for a, b in zip(histogram.passed, histogram.not_passed, strict=True))
    for dash, threshold in zip(itertools.cycle(_DASHES), histogram.thresholds):
        mark(figure, threshold, top, f"{say('chart.threshold')} {threshold:g}", dash)
    figure.update_xaxes(range=[0, 101], tick0=0, dtick=20).update_layout(barmode="stack")
    return figure.update_yaxes(axes.whole(top)) if top else without_ticks(figure)


def _bars(counts: Sequence[int], colour: str, pattern: str, name: str) -> go.Bar:
    """Outlined, for a bar a few pixels wide shows little of its pattern; none for 0, whose outline would show."""
    points = [point for point, n in enumerate(counts) if n]
    return go.Bar(
        x=points,
        y=[counts[point] for point in points],
        name=name,
        marker={"color": colour, "pattern": {"shape": pattern, "size": 6}, "line": {"color": colour, "width": 1}},
        offset=0,
        width=1,
        hovertemplate="%{x}<br>%{y:,}",
    )


def _line(curve: Sequence[WhatIf], shares: Sequence[Share], line: dict[str, str], name: str) -> go.Scatter:
    bounds = [share.interval for share in shares]
    told = [
        f"{share.count:,} / {share.of:,}<br>{low:.1%} – {high:.1%}"
        for share, (low, high) in zip(shares, bounds, strict=True)
    ]
    return go.Scatter(
        x=[each.threshold for each in curve],
        y=[share.rate for share in shares],
        mode="lines",
        line=line,
        name=name,
        text=told,
        hovertemplate="%{x}<br>%{y:.2%}<br>%{text}",
    )
