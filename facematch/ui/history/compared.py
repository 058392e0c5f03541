"""Two selections side by side: numbers, what of their difference is more than chance, charts on the same axes."""

from collections import Counter
from dataclasses import dataclass

import plotly.graph_objects as go
import streamlit as st

from facematch.analytics import compared_figures as drawn
from facematch.analytics.figures import error_name
from facematch.analytics.metrics import Share, difference
from facematch.analytics.report import Report
from facematch.log import CallLog
from facematch.ui.formats import duration, offset_minutes, percent, plain
from facematch.ui.history import data
from facematch.ui.history.chart_tables import Table, meaning, rate
from facematch.ui.history.charts import chart, table
from facematch.ui.history.compare_choice import Sides
from facematch.ui.history.filter_chips import end_name
from facematch.ui.numbers import numbers
from facematch.ui.words import Speaker

_ERRORS_SHOWN = 12
Both = tuple[Report, Report]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that both sides have a share of."""

    name: str
    a: Share
    b: Share


def side_by_side(sides: Sides, log: CallLog, say: Speaker) -> None:
    """All of it; or why the two cannot be compared.

    Raises:
        LogUnavailable: The log cannot be read.
    """
    if sides.trouble is not None and sides.trouble != "compare.overlap":
        st.info(say(sides.trouble))
        return
    if sides.trouble is not None:
        st.warning(say(sides.trouble))
    offset = offset_minutes()
    both = (
        data.report(log, sides.a, utc_offset_min=offset),
        data.report(log, sides.b, utc_offset_min=offset),
    )
    _heads(sides, both, say)
    if not all(report.totals.calls for report in both):
        st.info(say("compare.empty"))
        return
    _differences(both, say, tested=sides.trouble is None)
    _charts(both, sides, say)


def headline(both: Both) -> tuple[Row, Row]:
    """Failure rate, and the share of verdicts that passed."""
    a, b = (report.totals for report in both)
    return (
        Row("failure_rate", Share(a.failed, a.calls), Share(b.failed, b.calls)),
        Row("pass_share", Share(a.passed, a.passed + a.not_passed), Share(b.passed, b.passed + b.not_passed)),
    )


def _heads(sides: Sides, both: Both, say: Speaker) -> None:
    columns = st.columns(2)
    for column, letter, name, report in zip(columns, "AB", sides.names, both, strict=True):
        with column, st.container(border=True, key=f"side_{letter.lower()}", height="stretch"):
            st.markdown(f"**{letter}** · {plain(name)}")
            counts, took = report.totals, report.latency
            cells = {
                "total.calls": f"{counts.calls:,}",
                "total.failure_rate": percent(counts.failed, counts.calls),
                "total.passed": f"{counts.passed:,}",
                "total.not_passed": f"{counts.not_passed:,}",
                "total.p50": duration(took.p50_ms),
                "total.p95": duration(took.p95_ms),
            }
            numbers(cells, say)


def _differences(both: Both, say: Speaker, *, tested: bool) -> None:
    with st.container(border=True, key="differences"):
        st.markdown(f"**{say('compare.differences')}**")
        for row in headline(both):
            st.markdown(said(row, say, tested=tested))
        st.caption(say("compare.caution"))


def said(row: Row, say: Speaker, *, tested: bool = True) -> str:
    """One difference in words, and whether it is more than chance."""
    name = say(f"compare.{row.name}")
    if row.a.rate is None or row.b.rate is None:
        return say("compare.unknown", name=name)
    told = say("compare.from_to", name=name, a=_percent(row.a), b=_percent(row.b), by=100 * (row.a.rate - row.b.rate))
    if not tested:
        return told
    low, high = difference(row.b, row.a)
    judged = "compare.more" if low > 0 or high < 0 else "compare.chance"
    return told + say("sentence.join") + say(judged, low=100 * low, high=100 * high)


def _charts(both: Both, sides: Sides, say: Speaker) -> None:
    a, b = (report.totals.calls for report in both)
    ended = _rows((_ends(both[0], say), _ends(both[1], say)), (a, b))
    failed = _rows((_errors(both[0], say), _errors(both[1], say)), (a, b))[:_ERRORS_SHOWN]
    names = f"A · {sides.names[0]}", f"B · {sides.names[1]}"
    figures = (
        ("cmp_funnel", _bars(ended, names, say), table_of(ended, say)),
        ("cmp_errors", _bars(failed, names, say), table_of(failed, say)),
        ("cmp_scores", drawn.scores((both[0].scores.all, both[1].scores.all), names, say), _scores(both, say)),
        ("cmp_latency", drawn.latency((both[0].latency, both[1].latency), names, say), _latency(both, say)),
    )
    for row in (figures[:2], figures[2:]):
        for column, (name, figure, behind) in zip(st.columns(2), row, strict=True):
            with column, st.container(border=True, height="stretch"):
                _chart(name, figure, behind, say)


def _chart(name: str, figure: go.Figure, behind: Table, say: Speaker) -> None:
    st.markdown(f"**{say(f'chart.{name}.title')}**")
    st.caption(say(f"chart.{name}.help"))
    if behind.rows:
        chart(name, figure, say)
        table(name, behind, say)
    else:
        st.info(say("compare.nothing"))


def table_of(rows: list[Row], say: Speaker) -> Table:
    """Both shares of each, and how far apart they are."""
    heads = say("compare.what"), "A", "B", say("compare.apart")
    return Table(heads, tuple((row.name, rate(row.a), rate(row.b), _apart(row)) for row in rows))


def _apart(row: Row) -> str:
    low, high = difference(row.b, row.a)
    star = " *" if low > 0 or high < 0 else ""
    return f"{100 * ((row.a.rate or 0) - (row.b.rate or 0)):+.1f} ({100 * low:+.1f} – {100 * high:+.1f}){star}"


def _bars(rows: list[Row], names: drawn.Names, say: Speaker) -> go.Figure:
    pair = [row.a.rate or 0.0 for row in rows], [row.b.rate or 0.0 for row in rows]
    return drawn.shares([row.name for row in rows], pair, names, say)


def _rows(sides: tuple[dict[str, int], dict[str, int]], of: tuple[int, int]) -> list[Row]:
    """What occurs on either side: in the order in which it comes, that of the side with more kinds first."""
    a, b = sides
    names = [name for name in dict.fromkeys((*a, *b)) if a.get(name, 0) + b.get(name, 0)]
    return [Row(name, Share(a.get(name, 0), of[0]), Share(b.get(name, 0), of[1])) for name in names]


def _ends(report: Report, say: Speaker) -> dict[str, int]:
    found = report.funnel
    answers = {"passed": found.passed, "not_passed": found.not_passed}
    answers |= {"accepted": found.accepted, "live_code": found.live_codes}
    return {end_name(end, say): n for end, n in (*((s.layer, s.ended) for s in found.steps), *answers.items())}


def _errors(report: Report, say: Speaker) -> dict[str, int]:
    found = Counter[str]()  # one errcode may come with several outcomes, which its name does not tell
    for each in report.errors:
        found[error_name(each, say.or_itself, lambda code: meaning(code, say))] += each.calls
    return dict(found.most_common())


def _scores(both: Both, say: Speaker) -> Table:
    counts = [drawn.by_points(report.scores.all) for report in both]
    totals = [sum(side) for side in counts]
    rows = tuple(
        (f"{place * drawn.POINTS} – {(place + 1) * drawn.POINTS}", rate(Share(a, totals[0])), rate(Share(b, totals[1])))
        for place, (a, b) in enumerate(zip(*counts, strict=True))
        if a + b
    )
    return Table((say("chart.score"), "A", "B"), rows)


def _latency(both: Both, say: Speaker) -> Table:
    took = [report.latency for report in both]
    rows = (("p50", *(duration(t.p50_ms) for t in took)), ("p95", *(duration(t.p95_ms) for t in took)))
    last = ("p99", *(duration(t.p99_ms) for t in took))
    return Table((say("chart.latency_ms"), "A", "B"), (*rows, last) if any(t.calls for t in took) else ())


def _percent(share: Share) -> str:
    return f"{percent(share.count, share.of)} ({share.count:,} / {share.of:,})"
