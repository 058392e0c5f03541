"""The History's charts: each says what it counts, has its numbers as a table, and leads to the calls it counts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from facematch.analytics import figures
from facematch.analytics.report import Report
from facematch.ui.formats import duration, percent
from facematch.ui.history import state as history_state
from facematch.ui.history.address import Address
from facematch.ui.history.chart_tables import Changes, Table, meaning, tables
from facematch.ui.numbers import numbers
from facematch.ui.words import Speaker

CHARTS = ("funnel", "failures", "scores", "labels", "errors", "latency")
_CONFIG = {"displayModeBar": False}  # it covers the legend on a phone


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
    numbers(cells, say)


def charts(report: Report, address: Address, say: Speaker) -> None:
    """Where calls ended, failure rate, scores by verdict and by label, error codes, latency."""
    st.caption(say("chart.click"))
    behind = tables(report, say)
    drawn = {name: drawing(report, say) for name, drawing in drawings().items()}
    for row in (CHARTS[:2], CHARTS[2:4], CHARTS[4:]):
        height = max(drawn[name].layout.height for name in row)
        for column, name in zip(st.columns(2), row, strict=True):
            with column, st.container(border=True, height="stretch"):
                _heading(name, say)
                if behind[name].rows and is_filled(name, report):
                    _linked(name, drawn[name].update_layout(height=height), behind[name], address, say)
                    table(name, behind[name], say, address=address)
                else:
                    st.info(say(f"chart.{name}.empty"))


def drawings() -> Mapping[str, Callable[[Report, Speaker], go.Figure]]:
    """How each chart is drawn."""
    return {
        "funnel": lambda r, say: figures.funnel(r.funnel, say),
        "failures": lambda r, say: figures.failure_rate(r.failures, say),
        "scores": lambda r, say: figures.scores_by_verdict(r.scores.all, say),
        "labels": lambda r, say: figures.scores_by_label(r.scores, say),
        "errors": lambda r, say: figures.error_codes(r.errors, say.or_itself, lambda code: meaning(code, say)),
        "latency": lambda r, say: figures.latency(r.latency, say),
    }


def is_filled(name: str, report: Report) -> bool:
    """Whether there is anything to draw."""
    return bool(report.funnel.calls) if name == "funnel" else True


def chart(name: str, figure: go.Figure, say: Speaker) -> None:
    """One figure; its title is what a reader who cannot see it is told."""
    st.plotly_chart(figure, key=f"chart_{name}", config=_CONFIG, alt=say(f"chart.{name}.title"))


def table(name: str, numbers_of: Table, say: Speaker, *, address: Address | None = None) -> None:
    """The numbers of a chart, and for those who do not click into charts a way to the calls of a line.

    Drawn when it is opened: the tables have ten times the cells that the charts have bars.
    """
    box = st.expander(say("chart.as_table"), icon=":material/table:", key=f"table_{name}", on_change="rerun")
    if not box.open:
        return
    with box:
        if address is not None and numbers_of.leads:
            _choice(name, numbers_of, address, say)
        lines = pd.DataFrame(numbers_of.rows, columns=list(numbers_of.heads))
        st.table(lines, hide_index=True, border="horizontal")


def _heading(name: str, say: Speaker) -> None:
    st.markdown(f"**{say(f'chart.{name}.title')}**")
    st.caption(say(f"chart.{name}.help"))


def _linked(name: str, figure: go.Figure, behind: Table, address: Address, say: Speaker) -> None:
    """A click into the chart narrows the selection. Each click has a new key: the browser would keep the old one."""
    key = f"chart_{name}_{st.session_state.get(_clicks(name), 0)}"
    st.plotly_chart(
        figure,
        key=key,
        config=_CONFIG,
        alt=say(f"chart.{name}.title"),
        on_select=lambda: _clicked(name, st.session_state[key], behind, address, say),
        selection_mode="points",
    )


def _clicked(name: str, event: Any, behind: Table, address: Address, say: Speaker) -> None:
    places = [(point.get("curve_number"), point.get("point_index")) for point in event["selection"]["points"]]
    found = [behind.points[place] for place in places if place in behind.points]
    if places:
        st.session_state[_clicks(name)] = st.session_state.get(_clicks(name), 0) + 1
    if found:
        _narrow(address, found[0], say)


def _narrow(address: Address, changes: Changes, say: Speaker) -> None:
    if not changes:
        st.toast(say("chart.no_calls"))
        return
    values: dict[str, Any] = dict(changes)
    history_state.narrow(address, replace(address, **values))


def _choice(name: str, numbers_of: Table, address: Address, say: Speaker) -> None:
    key = f"_lead_{name}"

    def choose() -> None:
        chosen = st.session_state[key]
        st.session_state[key] = None
        if chosen is not None:
            _narrow(address, numbers_of.leads[chosen], say)

    there = [place for place, lead in enumerate(numbers_of.leads) if lead]
    st.selectbox(
        say("chart.calls_of"),
        there,
        format_func=lambda place: numbers_of.rows[place][0],
        key=key,
        index=None,
        placeholder=say("chart.calls_of.choose"),
        on_change=choose,
    )


def _clicks(name: str) -> str:
    return f"history.clicks.{name}"
