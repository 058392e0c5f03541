"""The report of a selection as one file to forward: what it says, in the operator's language, without personal data."""

import math
from collections.abc import Sequence
from datetime import datetime

from facematch import __version__
from facematch.analytics import report_drawings as drawn
from facematch.analytics.metrics import Share
from facematch.analytics.report import Report
from facematch.analytics.report_page import Fact, Page, Section, html
from facematch.analytics.rows import Selection
from facematch.ui.formats import duration, percent_sign, when, zone
from facematch.ui.history.address import HOUR_MS, Address
from facematch.ui.history.chart_tables import Table, rate, tables
from facematch.ui.history.filter_chips import told
from facematch.ui.history.liveness_reviewed import heads, lines_of
from facematch.ui.words import Speaker

_SHOWN = ("funnel", "failures", "scores", "labels", "errors", "latency")
_LEGENDS = {
    "funnel": ("chart.went_on", "chart.ended"),
    "scores": ("chart.passed", "chart.not_passed"),
    "labels": ("chart.mated", "chart.non_mated", "chart.unlabelled"),
}
_HTML_LANGUAGES = {"en": "en", "zh": "zh-CN"}
_TEXT = "text"  # what was searched for may be a person's: it is said that there was a search, not for what


def report_bytes(report: Report, selection: Selection, address: Address, say: Speaker) -> bytes:
    """The file, in UTF-8."""
    return html(_page(report, selection, address, say)).encode()


def _page(report: Report, selection: Selection, address: Address, say: Speaker) -> Page:
    made = datetime.now(zone())
    return Page(
        language=_HTML_LANGUAGES[say.language],
        title=say("report.title"),
        selected=_selected(report, selection, address, say),
        facts=_facts(report, say),
        sections=_sections(report, say),
        caveats_title=say("report.caveats"),
        caveats=tuple(say(f"report.caveat.{name}") for name in ("labels", "intervals", "latency", "purged", "score")),
        table_title=say("chart.as_table"),
        foot=say("report.foot", time=f"{made:%Y-%m-%d %H:%M} (UTC{made:%z})", version=__version__),
    )


def _selected(report: Report, selection: Selection, address: Address, say: Speaker) -> tuple[str, ...]:
    since = say("report.the_first") if selection.since_ms is None else when(selection.since_ms)
    until = say("report.now") if selection.until_ms is None else when(selection.until_ms)
    asked = say("report.period", since=since, until=until)
    counts = report.totals
    covered = say("report.covered", first=when(counts.first_ms), last=when(counts.last_ms))
    others = told(address, say, without=("since", "until", _TEXT))
    searched = (say("report.searched"),) if address.text else ()
    return asked, covered, *((*others, *searched) or (say("report.all_calls"),))


def _facts(report: Report, say: Speaker) -> tuple[Fact, ...]:
    counts, took = report.totals, report.latency
    failed, passed = Share(counts.failed, counts.calls), Share(counts.passed, counts.passed + counts.not_passed)
    return (
        Fact(say("total.calls"), f"{counts.calls:,}"),
        _rate("total.failure_rate", failed, say),
        _rate("compare.pass_share", passed, say),
        Fact(say("total.passed"), f"{counts.passed:,}"),
        Fact(say("total.not_passed"), f"{counts.not_passed:,}"),
        Fact(say("total.p50"), duration(took.p50_ms)),
        Fact(say("total.p95"), duration(took.p95_ms)),
    )


def _rate(key: str, share: Share, say: Speaker) -> Fact:
    if share.rate is None:
        return Fact(say(key), "–")
    low, high = (100 * end for end in share.interval)
    beside = say("report.interval", count=share.count, of=share.of, low=low, high=high)
    return Fact(say(key), f"{100 * share.rate:.1f}{percent_sign()}", beside)


def _sections(report: Report, say: Speaker) -> tuple[Section, ...]:
    behind = tables(report, say)
    found = tuple(
        Section(say(f"chart.{name}.title"), say(f"chart.{name}.help"), _drawing(name, report, behind[name], say),
                behind[name].heads, behind[name].rows, tuple(say(key) for key in _LEGENDS.get(name, ())))
        if behind[name].rows
        else Section(say(f"chart.{name}.title"), say(f"chart.{name}.empty"), "", (), ())
        for name in _SHOWN
    )  # fmt: skip
    return (*found, *_errors_at_threshold(report, say), *_reviewed(report, say))


def _drawing(name: str, report: Report, behind: Table, say: Speaker) -> str:
    title = say(f"chart.{name}.title")
    if name == "funnel":
        return drawn.lying(_funnel(report, behind), title)
    if name == "errors":
        rows = [(row[0], 0, each.calls) for row, each in zip(behind.rows, report.errors, strict=True)]
        return drawn.lying(rows, title)
    if name == "failures":
        return _failures(report, behind, title)
    if name == "latency":
        return _latency(report, title)
    both, parts = report.scores.all, report.scores.parts
    if name == "scores":
        return _scores((both.passed, both.not_passed), title)
    return _scores([tuple(map(sum, zip(part.passed, part.not_passed, strict=True))) for part in parts], title)


def _funnel(report: Report, behind: Table) -> list[tuple[str, int, int]]:
    found = report.funnel
    answers = (found.passed, found.not_passed, found.accepted, found.live_codes)
    pairs = [*((step.reached - step.ended, step.ended) for step in found.steps), *((n, 0) for n in answers)]
    return [(row[0], *pair) for row, pair in zip(behind.rows, pairs, strict=True)]


def _failures(report: Report, behind: Table, title: str) -> str:
    found = report.failures.buckets
    first, last = found[0].start_ms, found[-1].start_ms
    span = max(last - first, HOUR_MS)
    shares = [Share(bucket.failed, bucket.calls) for bucket in found]
    places = [0.02 + 0.96 * (bucket.start_ms - first) / span for bucket in found]
    points = [(place, s.rate or 0.0, *s.interval) for place, s in zip(places, shares, strict=True)]
    shown = sorted({0, len(found) // 2, len(found) - 1})
    return drawn.banded(points, title, [(min(max(places[at], 0.08), 0.92), behind.rows[at][0]) for at in shown])


def _scores(series: Sequence[Sequence[int]], title: str) -> str:
    columns = [
        drawn.Column(point / 101, 1 / 101, tuple(counts), f"{point}: {' + '.join(map(str, counts))}")
        for point, counts in enumerate(zip(*series, strict=True))
        if any(counts)
    ]
    return drawn.upright(columns, title, [(at / 101, str(at)) for at in range(0, 101, 20)])


def _latency(report: Report, title: str) -> str:
    bins = report.latency.bins
    low, high = math.log(max(bins[0].low_ms, 0.1)), math.log(bins[-1].high_ms)
    span = max(high - low, 0.1)
    columns = [
        drawn.Column((math.log(max(b.low_ms, 0.1)) - low) / span, math.log(b.high_ms / max(b.low_ms, 0.1)) / span,
                     (b.calls,), f"{b.low_ms:,.0f} – {b.high_ms:,.0f} ms: {b.calls:,}")
        for b in bins
    ]  # fmt: skip
    ticks = [(at, duration(math.exp(low + at * span))) for at in (0.05, 0.35, 0.65, 0.95)]
    return drawn.upright(columns, title, ticks)


def _errors_at_threshold(report: Report, say: Speaker) -> tuple[Section, ...]:
    """FMR and FNMR as the calls were judged; nothing where nobody labelled any."""
    mated, non_mated = report.scores.mated, report.scores.non_mated
    fnmr = Share(sum(mated.not_passed), sum(mated.not_passed) + sum(mated.passed))
    fmr = Share(sum(non_mated.passed), sum(non_mated.not_passed) + sum(non_mated.passed))
    if not fnmr.of + fmr.of:
        return ()
    rows = tuple((name, f"{s.count:,} / {s.of:,}", rate(s)) for name, s in (("FMR", fmr), ("FNMR", fnmr)))
    heads_ = ("", say("chart.calls"), say("report.rate_interval"))
    return (Section(say("report.labelled"), say("report.labelled.help"), "", heads_, rows),)


def _reviewed(report: Report, say: Speaker) -> tuple[Section, ...]:
    if not report.liveness:
        return ()
    rows = tuple(lines_of(report.liveness, say))
    return (Section(say("reviewed.title"), say("reviewed.help"), "", heads(say), rows),)
