"""Charts of what the queries found. No Streamlit; every word comes from the caller.

No background and no font is set: a chart takes those of the page it stands on. Two series never differ by colour
alone, but also by pattern or dash, and by name.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import plotly.graph_objects as go

from facematch.analytics.metrics import wilson
from facematch.analytics.rows import ErrorCount, FailuresOverTime, Latency, ScoreHistogram

Say = Callable[..., str]

# Okabe and Ito's palette, those of its colours with a contrast of 3 : 1 or more on white and on dark navy.
COLOURS = {"passed": "#0072B2", "not_passed": "#D55E00", "time": "#009E73", "mark": "#CC79A7"}
_HEIGHT_PX = 320
_FEW = 8
_CLEAR = "rgba(0,0,0,0)"
_ERRORS_SHOWN = 15  # more bars than this no longer fit their labels


def scores_by_verdict(histogram: ScoreHistogram, say: Say) -> go.Figure:
    """Counts per point of score, stacked by verdict, a line at each threshold."""
    figure = _figure(say("chart.score"), say("chart.calls"))
    points = list(range(len(histogram.passed)))
    for name, counts, pattern in (("not_passed", histogram.not_passed, "/"), ("passed", histogram.passed, "")):
        if any(counts):
            look = {"marker": {"color": COLOURS[name], "pattern": {"shape": pattern}}, "offset": 0, "width": 1}
            figure.add_trace(go.Bar(x=points, y=counts, name=say(f"chart.{name}"), **look))
    top = max((a + b for a, b in zip(histogram.passed, histogram.not_passed, strict=True)), default=0)
    for threshold in histogram.thresholds:
        _mark(figure, threshold, top, f"{say('chart.threshold')} {threshold:g}", "dash")
    _count_whole(figure, top)
    return figure.update_xaxes(range=[0, 101], dtick=10).update_layout(barmode="stack")


def failure_rate(failures: FailuresOverTime, say: Say) -> go.Figure:
    """Share of failed calls per hour or day, with its 95 % Wilson interval as a band."""
    figure = _figure(say("chart.time"), say("chart.failure_rate")).update_yaxes(tickformat=".0%")
    if not failures.buckets:
        return figure
    times = [_on_clock(bucket.start_ms, failures.utc_offset_min) for bucket in failures.buckets]
    bounds = [wilson(bucket.failed, bucket.calls) for bucket in failures.buckets]
    margin = timedelta(hours=12 if failures.width == "day" else 1)
    figure.update_xaxes(range=[times[0] - margin, times[-1] + margin]).update_yaxes(range=[0, 1.02])
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    figure.add_trace(go.Scatter(x=times, y=[low for low, _ in bounds], showlegend=False, **edge))
    band = {"fill": "tonexty", "fillcolor": "rgba(213,94,0,0.25)"}  # not_passed, a quarter opaque
    figure.add_trace(go.Scatter(x=times, y=[high for _, high in bounds], name=say("chart.interval"), **edge, **band))
    figure.add_trace(
        go.Scatter(
            x=times,
            y=[bucket.failed / bucket.calls for bucket in failures.buckets],
            mode="lines+markers",
            line={"color": COLOURS["not_passed"]},
            name=say("chart.failure_rate"),
            text=[f"{bucket.failed} / {bucket.calls}" for bucket in failures.buckets],
            hovertemplate="%{x}<br>%{y:.1%} (%{text})<extra></extra>",
        )
    )
    return figure


def error_codes(errors: Sequence[ErrorCount], say: Say) -> go.Figure:
    """How often each kind of failure occurred, the most frequent on top; at most fifteen kinds."""
    figure = _figure(say("chart.calls"), say("chart.errcode")).update_yaxes(type="category", autorange="reversed")
    shown = list(errors)[:_ERRORS_SHOWN]
    if not shown:
        return figure
    names = [f"{say(f'outcome.{e.outcome}')} {'' if e.errcode is None else e.errcode}".strip() for e in shown]
    numbers = [e.calls for e in shown]
    marker = {"color": COLOURS["not_passed"]}
    return figure.add_trace(
        go.Bar(x=numbers, y=names, orientation="h", text=numbers, marker=marker, showlegend=False, width=0.5)
    )


def latency(result: Latency, say: Say) -> go.Figure:
    """Calls by how long they took, on a logarithmic axis, with the median and the 95th percentile."""
    figure = _figure(say("chart.latency_ms"), say("chart.calls")).update_xaxes(type="log", dtick="D2")
    if not result.bins:
        return figure
    lows = [max(each.low_ms, 0.95) for each in result.bins]  # nothing is at 0 on this axis
    widths = [each.high_ms - low for each, low in zip(result.bins, lows, strict=True)]
    counts = [each.calls for each in result.bins]
    marker = {"color": COLOURS["time"], "line": {"width": 0}}
    figure.add_trace(go.Bar(x=lows, y=counts, offset=0, width=widths, marker=marker, showlegend=False))
    _count_whole(figure, max(counts))
    for name, value, dash in (("p50", result.p50_ms, "dot"), ("p95", result.p95_ms, "dash")):
        if value is not None:
            _mark(figure, value, max(counts), f"{name} {value:,.0f}", dash)
    return figure


def _figure(x: str, y: str) -> go.Figure:
    figure = go.Figure().update_layout(
        paper_bgcolor=_CLEAR,
        plot_bgcolor=_CLEAR,
        height=_HEIGHT_PX,
        margin={"l": 10, "r": 10, "t": 30, "b": 10},
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
    )
    return figure.update_xaxes(title=x).update_yaxes(title=y, rangemode="tozero")


def _count_whole(figure: go.Figure, top: int) -> None:
    """Few calls: no ticks at fractions of a call."""
    if top <= _FEW:
        figure.update_yaxes(dtick=1)


def _mark(figure: go.Figure, x: float, top: float, name: str, dash: str) -> None:
    """An upright line, named in the legend. A trace: plotly misplaces a shape's label on a logarithmic axis."""
    line = {"color": COLOURS["mark"], "dash": dash, "width": 3}
    figure.add_trace(go.Scatter(x=[x, x], y=[0, top], name=name, line=line, mode="lines", hoverinfo="name"))


def _on_clock(start_ms: int, utc_offset_min: int) -> datetime:
    """Without a zone: plotly would turn it back to UTC."""
    return (datetime.fromtimestamp(start_ms / 1000, UTC) + timedelta(minutes=utc_offset_min)).replace(tzinfo=None)
