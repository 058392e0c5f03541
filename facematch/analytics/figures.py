"""Charts of what the queries found. No Streamlit; every word comes from the caller.

No background and no font is set: a chart takes those of the page it stands on. Two series never differ by colour
alone, but also by pattern, symbol or dash, and by name.
"""

import re
import textwrap
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import plotly.graph_objects as go

from facematch.analytics import axes
from facematch.analytics.canvas import COLOURS, Say, blank, mark, without_ticks
from facematch.analytics.metrics import wilson
from facematch.analytics.rows import ErrorCount, FailuresOverTime, Funnel, Latency, LatencyBin
from facematch.analytics.score_figures import scores_by_label, scores_by_verdict, what_if

Meaning = Callable[[int], str | None]  # an errcode's words in the operator's language; None when it is not known

__all__ = [
    "COLOURS", "Meaning", "Say", "error_codes", "error_name", "failure_rate", "funnel", "latency", "scores_by_label",
    "scores_by_verdict", "what_if",
]  # fmt: skip

_SPARSE = 24  # up to so many points in time do not crowd each other
_ERRORS_SHOWN = 15  # more bars than this no longer fit their labels
_ERRORS_ROOM = 4  # fewer bars than this are not drawn thicker
_FUNNEL_PX = 420  # fourteen bars
_LABEL_COLUMNS = 24  # of a Latin letter's width
_HOVER_COLUMNS = 30
_LEAST_MS = 0.1  # nothing is at 0 on a logarithmic axis
_AREA = "rgba(204, 121, 167, 0.38)"  # the mark's colour, seen through
_MARKED = 3  # fewer calls are hidden by the lines of their own percentiles


def failure_rate(failures: FailuresOverTime, say: Say) -> go.Figure:
    """Share of failed calls per hour or day, with its 95 % Wilson interval: as bars, or areas where these are many."""
    figure = blank(say("chart.time"), say("chart.failure_rate"))
    figure.update_layout(legend_itemsizing="constant")  # the interval's stroke, a point on the chart, to be seen
    figure.update_yaxes(tickformat=".0%", range=[-0.03, 1.03], dtick=0.2, zeroline=False)
    if not failures.buckets:
        return without_ticks(figure)
    times = [_on_clock(bucket.start_ms, failures.utc_offset_min) for bucket in failures.buckets]
    rates = [bucket.failed / bucket.calls for bucket in failures.buckets]
    bounds = [wilson(bucket.failed, bucket.calls) for bucket in failures.buckets]
    figure.update_xaxes(axes.time(times, failures.width))
    if len(times) <= _SPARSE:
        figure.add_trace(_intervals(times, rates, bounds, say("chart.interval")))
    else:
        figure.add_trace(_areas(times, bounds, axes.WIDTHS[failures.width], say("chart.interval")))
    figure.add_trace(_rates(times, rates, say("chart.failure_rate")))
    told = [
        f"{bucket.failed} / {bucket.calls}<br>{low:.1%} – {high:.1%}"
        for bucket, (low, high) in zip(failures.buckets, bounds, strict=True)
    ]
    hover = f"%{{x|{axes.MOMENT[failures.width]}}}<br>%{{y:.1%}}<br>%{{text}}<extra></extra>"
    return figure.update_traces(text=told, hovertemplate=hover, selector={"mode": "lines+markers"})


def error_codes(errors: Sequence[ErrorCount], say: Say, meaning: Meaning) -> go.Figure:
    """How often each kind of failure occurred, the most frequent on top; at most fifteen kinds."""
    figure = blank(say("chart.calls"), say("chart.errcode")).update_yaxes(showgrid=False, zeroline=False)
    shown = list(errors)[:_ERRORS_SHOWN]
    if not shown:
        return without_ticks(figure)
    names, counts = [error_name(each, say, meaning) for each in shown], [each.calls for each in shown]
    # Places, not names, are the axis: two kinds whose labels are cut alike stay two bars.
    labels = {"tickvals": list(range(len(shown))), "ticktext": [_cut(name) for name in names]}
    figure.update_yaxes(labels, range=[max(len(shown), _ERRORS_ROOM) - 0.5, -0.5])
    top = max(counts)
    figure.update_xaxes(axes.whole(top), range=[0, top * 1.25])  # a quarter for the number beside the longest bar
    told = [_told(each, name, say) for each, name in zip(shown, names, strict=True)]
    return figure.add_trace(_kinds(counts, told))


def latency(result: Latency, say: Say) -> go.Figure:
    """Calls by how long they took, on a logarithmic axis, with the median and the 95th percentile."""
    figure = blank(say("chart.latency_ms"), say("chart.calls")).update_xaxes(type="log")
    if not result.bins:
        return without_ticks(figure)
    lows = [max(each.low_ms, _LEAST_MS) for each in result.bins]
    counts = [each.calls for each in result.bins]
    figure.add_trace(_latency_bars(result.bins, lows))
    figure.update_xaxes(axes.milliseconds(lows[0], result.bins[-1].high_ms)).update_yaxes(axes.whole(max(counts)))
    for name, value, dash in (("p50", result.p50_ms, "dot"), ("p95", result.p95_ms, "dash")):
        if value is not None and result.calls >= _MARKED:
            mark(figure, value, max(counts), f"{name} {value:,.0f} ms", dash)
    return figure


def funnel(result: Funnel, say: Say) -> go.Figure:
    """How many calls came to each layer and ended there, and below them what the rest was answered."""
    figure = blank(say("chart.calls"), say("chart.layer")).update_yaxes(showgrid=False, zeroline=False)
    if not result.calls:
        return without_ticks(figure)
    answers = {
        say("chart.passed"): result.passed,
        say("chart.not_passed"): result.not_passed,
        say("outcome.accepted"): result.accepted,
        say("endpoint.validate_data"): result.live_codes,
    }
    names = [*(say(f"layer.{step.layer}") for step in result.steps), *answers]
    ended = [step.ended for step in result.steps] + [0] * len(answers)
    on = [step.reached - step.ended for step in result.steps] + list(answers.values())
    places, labels = list(range(len(names))), [_cut(_short(name)) for name in names]
    figure.update_yaxes(tickvals=places, ticktext=labels, range=[len(names) - 0.5, -0.5])
    figure.update_xaxes(axes.whole(result.calls), range=[0, result.calls * 1.02])
    figure.add_trace(_stage(on, names, COLOURS["passed"], "", say("chart.went_on")))
    figure.add_trace(_stage(ended, names, COLOURS["not_passed"], "/", say("chart.ended")))
    return figure.update_layout(barmode="stack", height=_FUNNEL_PX)


def _stage(counts: Sequence[int], names: Sequence[str], colour: str, pattern: str, name: str) -> go.Bar:
    return go.Bar(
        x=counts,
        y=list(range(len(counts))),
        orientation="h",
        width=0.7,
        name=name,
        marker={"color": colour, "pattern": {"shape": pattern, "size": 6}},
        customdata=names,
        hovertemplate="%{customdata}<br>%{x:,}",
    )


def _kinds(counts: Sequence[int], told: Sequence[str]) -> go.Bar:
    return go.Bar(
        x=counts,
        y=list(range(len(counts))),
        orientation="h",
        width=0.5,
        marker={"color": COLOURS["not_passed"]},
        text=[f"{n:,}" for n in counts],
        textposition="outside",
        textangle=0,
        constraintext="none",  # else the number shrinks with its bar
        cliponaxis=False,
        customdata=told,
        hovertemplate="%{customdata}<br>%{x:,}<extra></extra>",
        showlegend=False,
    )


def _latency_bars(bins: Sequence[LatencyBin], lows: Sequence[float]) -> go.Bar:
    return go.Bar(
        x=lows,
        y=[each.calls for each in bins],
        offset=0,
        width=[0.85 * (each.high_ms - low) for each, low in zip(bins, lows, strict=True)],  # a gap to the next
        marker={"color": COLOURS["time"], "line": {"width": 0}},
        text=[f"{_duration(each.low_ms)} – {_duration(each.high_ms)} ms" for each in bins],
        textposition="none",
        hovertemplate="%{text}<br>%{y:,}<extra></extra>",
        showlegend=False,
    )


def _duration(ms: float) -> str:
    return f"{ms:,.0f}" if ms >= 100 or not ms else f"{ms:.3g}"  # noqa: PLR2004


def _rates(times: Sequence[datetime], rates: Sequence[float], name: str) -> go.Scatter:
    is_sparse = len(times) <= _SPARSE
    look = {"line": {"color": COLOURS["not_passed"], "width": 2}, "marker": {"size": 8 if is_sparse else 3}}
    return go.Scatter(x=times, y=rates, mode="lines+markers", name=name, **look)


def _intervals(
    times: Sequence[datetime], rates: Sequence[float], bounds: Sequence[tuple[float, float]], name: str
) -> go.Scatter:
    """Error bars as a series of its own, so that the legend names them; its symbol is an upright stroke."""
    pairs = list(zip(rates, bounds, strict=True))
    colour = COLOURS["mark"]
    return go.Scatter(
        x=times,
        y=rates,
        mode="markers",
        marker={"symbol": "line-ns", "size": 1, "line": {"color": colour, "width": 2}},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [high - rate for rate, (_, high) in pairs],
            "arrayminus": [rate - low for rate, (low, _) in pairs],
            "color": colour,
            "thickness": 2,
            "width": 3,
        },
        name=name,
        hoverinfo="skip",
    )


def _areas(times: Sequence[datetime], bounds: Sequence[tuple[float, float]], width: timedelta, name: str) -> go.Scatter:
    """One box a bucket, side by side; none where there were no calls."""
    x, y, half = list[datetime | None](), list[float | None](), width / 2
    for moment, (low, high) in zip(times, bounds, strict=True):
        left, right = moment - half, moment + half
        x += [left, left, right, right, left, None]
        y += [low, high, high, low, low, None]
    line = {"width": 0, "color": COLOURS["mark"]}
    return go.Scatter(x=x, y=y, mode="lines", fill="toself", fillcolor=_AREA, line=line, name=name, hoverinfo="skip")


def error_name(error: ErrorCount, say: Say, meaning: Meaning) -> str:
    """Its errcode and what that means; its outcome where there is none."""
    outcome = say(f"outcome.{error.outcome}")
    if error.errcode is None:
        return outcome
    known = meaning(error.errcode) if error.errcode else None  # 0 says that nothing is wrong, and yet it failed
    return f"{error.errcode} {known or outcome}"


def _cut(label: str) -> str:
    """At most 24 columns, an ideograph being two wide."""
    room, kept = _LABEL_COLUMNS, ""
    for letter in label:
        room -= 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if room < 0:
            return kept[:-1].rstrip() + "…"
        kept += letter
    return label


def _short(name: str) -> str:
    """A layer without what explains it; hovering tells the whole."""
    return re.split("[:（]", name)[0]


def _told(error: ErrorCount, name: str, say: Say) -> str:
    lines = textwrap.wrap(name, _HOVER_COLUMNS)
    outcome = say(f"outcome.{error.outcome}")
    return "<br>".join(lines if outcome in name else [*lines, outcome])


def _on_clock(start_ms: int, utc_offset_min: int) -> datetime:
    """Without a zone: plotly would turn it back to UTC."""
    return (datetime.fromtimestamp(start_ms / 1000, UTC) + timedelta(minutes=utc_offset_min)).replace(tzinfo=None)
