"""The History's charts, each with a title that says what it counts and a sentence when there is nothing to draw."""

import plotly.graph_objects as go
import streamlit as st

from facematch import codes
from facematch.analytics import figures
from facematch.ui.data import Report
from facematch.ui.formats import duration, percent
from facematch.ui.numbers import numbers
from facematch.ui.words import Speaker


def totals(report: Report, say: Speaker) -> None:
    """The selection in six numbers."""
    counts = report.totals
    cells = {
        "total.calls": f"{counts.calls:,}",
        "total.failure_rate": percent(counts.failed, counts.calls),
        "total.passed": f"{counts.passed:,}",
        "total.not_passed": f"{counts.not_passed:,}",
        "total.p50": duration(report.latency.p50_ms),
        "total.p95": duration(report.latency.p95_ms),
    }
    numbers(cells, say, width=118)


def charts(report: Report, say: Speaker) -> None:
    """Where calls ended, failure rate, scores by verdict and by label, error codes, latency."""
    everything = report.scores.all
    is_scored = any(everything.passed) or any(everything.not_passed)
    drawn = (
        (
            "funnel",
            figures.funnel(report.funnel, say),
            bool(report.funnel.calls),
        ),
        ("failures", figures.failure_rate(report.failures, say), bool(report.failures.buckets)),
        ("scores", figures.scores_by_verdict(everything, say), is_scored),
        ("labels", figures.scores_by_label(report.scores, say), is_scored),
        (
            "errors",
            figures.error_codes(report.errors, say.or_itself, lambda errcode: _meaning(errcode, say)),
            bool(report.errors),
        ),
        ("latency", figures.latency(report.latency, say), bool(report.latency.bins)),
    )
    for row in (drawn[:2], drawn[2:4], drawn[4:]):
        height = max(figure.layout.height for _, figure, _ in row)
        for column, (name, figure, is_filled) in zip(st.columns(2), row, strict=True):
            with column, st.container(border=True, height="stretch"):
                st.markdown(f"**{say(f'chart.{name}.title')}**")
                st.caption(say(f"chart.{name}.help"))
                if is_filled:
                    chart(name, figure.update_layout(height=height), say)
                else:
                    st.info(say(f"chart.{name}.empty"))


def chart(name: str, figure: go.Figure, say: Speaker) -> None:
    """One figure; its title is what a reader who cannot see it is told."""
    config = {"displayModeBar": False}  # it covers the legend on a phone
    st.plotly_chart(figure, key=f"chart_{name}", config=config, alt=say(f"chart.{name}.title"))


def _meaning(errcode: int, say: Speaker) -> str | None:
    known = codes.find(errcode)
    return None if known is None else known.words(say.language).meaning
