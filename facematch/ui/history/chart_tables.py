"""The table behind each chart: its numbers, and to which calls each of its lines and bars leads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from facematch import codes
from facematch.analytics.ends import ANSWERS
from facematch.analytics.figures import error_name
from facematch.analytics.metrics import Share
from facematch.analytics.report import Report
from facematch.analytics.rows import LatencyBin, ScoreHistogram, WhatIf
from facematch.log.rollups import DAY_MS
from facematch.ui.formats import percent, zone
from facematch.ui.history.address import HOUR_MS, NO_CODE, TOP_SCORE, on_clock
from facematch.ui.history.filter_chips import end_name
from facematch.ui.words import Speaker

Changes = Mapping[str, object]  # fields of an address
VERDICTS = ("not_passed", "passed")  # in the order in which charts stack them
_STEP = 5  # points of threshold between two lines


@dataclass(frozen=True, slots=True)
class Table:
    """Numbers of a chart."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    leads: tuple[Changes, ...] = ()  # of each row; empty: rows lead nowhere, as does a row of nothing
    points: Mapping[tuple[int, int], Changes] = field(default_factory=dict)  # by curve of the chart and place on it


def tables(report: Report, say: Speaker) -> dict[str, Table]:
    """By the name of the chart."""
    return {
        "funnel": funnel(report, say),
        "failures": failures(report, say),
        "scores": scores(report.scores.all, say),
        "labels": labels(report, say),
        "errors": errors(report, say),
        "latency": latency(report.latency.bins, say),
    }


def funnel(report: Report, say: Speaker) -> Table:
    """Layers, then answers."""
    steps, counts = report.funnel.steps, report.funnel
    answers = counts.passed, counts.not_passed, counts.accepted, counts.live_codes
    rows = [(end_name(s.layer, say), _n(s.reached), _n(s.ended)) for s in steps]
    rows += [(end_name(end, say), _n(n), _n(n)) for end, n in zip(ANSWERS, answers, strict=True)]
    numbers = [*((step.layer, step.ended) for step in steps), *zip(ANSWERS, answers, strict=True)]
    leads = tuple({"ends": (end,)} if n else {} for end, n in numbers)
    points = {(curve, place): lead for curve in (0, 1) for place, lead in enumerate(leads)}
    return Table(_heads(say, "layer", "reached", "ended"), tuple(rows), leads, points)


def failures(report: Report, say: Speaker) -> Table:
    """Hours or days with calls."""
    found, here = report.failures, zone()
    width_ms = HOUR_MS if found.width == "hour" else DAY_MS
    spans = [(on_clock(b.start_ms, here), on_clock(b.start_ms + width_ms, here)) for b in found.buckets]
    rows = tuple(
        (f"{since:%Y-%m-%d %H:%M}", _n(b.calls), _n(b.failed), rate(Share(b.failed, b.calls)))
        for (since, _), b in zip(spans, found.buckets, strict=True)
    )
    leads = tuple({"since": since, "until": until} for since, until in spans)
    return Table(_heads(say, "time", "calls", "failed", "failure_rate"), rows, leads, _on_curve(1, leads))


def scores(found: ScoreHistogram, say: Speaker) -> Table:
    """Points of score with calls."""
    parts = dict(zip(VERDICTS, (found.not_passed, found.passed), strict=True))
    drawn = [({"ends": (verdict,)}, counts) for verdict, counts in parts.items()]
    rows = tuple((str(p), *(_n(parts[verdict][p]) for verdict in VERDICTS)) for p in _filled(parts.values()))
    return Table(_heads(say, "score", *VERDICTS), rows, _leads(parts.values()), _stacked(drawn))


def labels(report: Report, say: Speaker) -> Table:
    """The same by label."""
    kinds = zip(("mated", "non_mated", "unlabelled"), report.scores.parts, strict=True)
    parts = [
        (label, verdict, counts)
        for label, part in kinds
        for verdict, counts in zip(VERDICTS, (part.not_passed, part.passed), strict=True)
    ]
    heads = (say("chart.score"), *(f"{say(f'chart.{label}')} · {say(f'chart.{v}')}" for label, v, _ in parts))
    drawn = [({"labels": (label,), "ends": (verdict,)}, counts) for label, verdict, counts in parts]
    columns = [counts for _, _, counts in parts]
    rows = tuple((str(p), *(_n(counts[p]) for counts in columns)) for p in _filled(columns))
    return Table(heads, rows, _leads(columns), _stacked(drawn))


def errors(report: Report, say: Speaker) -> Table:
    """Kinds of failure, the most frequent first."""
    rows = tuple(
        (error_name(e, say.or_itself, lambda code: meaning(code, say)), say.or_itself(f"outcome.{e.outcome}"),
         _n(e.calls), percent(e.calls, report.totals.failed))
        for e in report.errors
    )  # fmt: skip
    leads = tuple(
        {"outcomes": (e.outcome,), "errcodes": (NO_CODE if e.errcode is None else str(e.errcode),)}
        for e in report.errors
    )
    return Table(_heads(say, "errcode", "outcome", "calls", "share_failed"), rows, leads, _on_curve(0, leads))


def latency(bins: Sequence[LatencyBin], say: Speaker) -> Table:
    """How many calls took how long."""
    rows = tuple((f"{b.low_ms:,.4g} – {b.high_ms:,.4g}", _n(b.calls)) for b in bins)
    leads = tuple({"latency": (b.low_ms, b.high_ms)} for b in bins)
    return Table(_heads(say, "latency_ms", "calls"), rows, leads, _on_curve(0, leads))


def what_if(curve: Sequence[WhatIf], chosen: int, say: Speaker) -> Table:
    """Every fifth threshold, and the chosen one."""
    shown = sorted({*range(0, TOP_SCORE + 1, _STEP), chosen})
    rows = tuple(
        (str(at), rate(Share(curve[at].passing, curve[at].judged)), rate(curve[at].fnmr), rate(curve[at].fmr))
        for at in shown
    )
    return Table(_heads(say, "threshold", "passing", "fnmr", "fmr"), rows)


def meaning(errcode: int, say: Speaker) -> str | None:
    """What an errcode says, in the operator's words."""
    known = codes.find(errcode)
    return None if known is None else known.words(say.language).meaning


def rate(share: Share) -> str:
    """In percent with its 95 % interval; a dash of nothing."""
    if not share.of:
        return "–"
    low, high = share.interval
    return f"{percent(share.count, share.of)} ({100 * low:.1f} – {100 * high:.1f})"


def _n(number: int) -> str:
    return f"{number:,}"


def _heads(say: Speaker, *names: str) -> tuple[str, ...]:
    return tuple(say(f"chart.{name}") for name in names)


def _on_curve(curve: int, leads: Iterable[Changes]) -> dict[tuple[int, int], Changes]:
    return {(curve, place): lead for place, lead in enumerate(leads)}


def _filled(columns: Iterable[Sequence[int]]) -> list[int]:
    return [point for point, counts in enumerate(zip(*columns, strict=True)) if any(counts)]


def _leads(columns: Iterable[Sequence[int]]) -> tuple[Changes, ...]:
    return tuple({"score": _point(point)} for point in _filled(columns))


def _stacked(drawn: Iterable[tuple[Changes, Sequence[int]]]) -> dict[tuple[int, int], Changes]:
    """Charts leave out what is empty: a whole series, and of a series each point."""
    series = [(changes, counts) for changes, counts in drawn if any(counts)]
    return {
        (curve, place): {**changes, "score": _point(point)}
        for curve, (changes, counts) in enumerate(series)
        for place, point in enumerate(_filled([counts]))
    }


def _point(point: int) -> tuple[float, float]:
    return float(point), float(min(point + 1, TOP_SCORE))
