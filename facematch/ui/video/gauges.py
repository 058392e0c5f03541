"""Measured values beside their limits: a table that can be read alone, and in each line a small bar."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import streamlit as st

from facematch.footage import Cue
from facematch.seen import Check
from facematch.ui.forms import measured
from facematch.ui.forms.measured import Measured
from facematch.ui.words import Speaker

STYLE = Path(__file__).with_name("film.css")
SIGNS = {"pass": "✓", "warn": "!", "refuse": "✗", "inconclusive": "?", "not_checked": "–"}
EDGE = 0.02  # of the bar's width: a value at an end can still be seen
Groups = Mapping[str, Sequence["Gauge"]]


@dataclass(frozen=True, slots=True)
class Gauge:
    """One line; the limit is in the middle of the bar."""

    name: str  # in the operator's language
    verdict: str
    texts: Measured
    share: float | None  # where on the bar the value is, 0 to 1; None: it was not measured
    is_least: bool  # the good side is the one above the limit


def of_cue(cue: Cue, say: Speaker) -> Gauge:
    """A sign for or against a living person."""
    share = None if cue.value is None else _share(cue.value, cue.limit)
    name = say.or_itself(f"cue.{cue.name}")
    return Gauge(name, cue.verdict, measured.of_cue(cue, say), share, cue.bound == "least")


def of_check(check: Check, say: Speaker) -> Gauge:
    """A check of quality; the limit that refuses counts, where it has one."""
    limit = check.warn if check.refuse is None else check.refuse
    share = None if limit is None else _share(check.value, limit)
    name = say.or_itself(f"check.{check.name}")
    return Gauge(name, check.verdict, measured.of_check(check, say), share, check.bound == "least")


def of_checks(checks: Iterable[Check], say: Speaker) -> Groups:
    """What refused first, then the others in their order."""
    lines = [of_check(check, say) for check in checks]
    refused = [line for line in lines if line.verdict == "refuse"]
    return {"gauge.group.decided": refused, "": [line for line in lines if line.verdict != "refuse"]}


def gauges(groups: Groups, say: Speaker) -> None:
    """Draw one table; the groups' keys are those of the words above each, "" for none."""
    heads = "".join(f'<th scope="col">{escape(say(f"check.head.{name}"))}</th>' for name in ("name", "value", "limit"))
    bodies = "".join(_body(key, lines, say) for key, lines in groups.items() if lines)
    if bodies:
        st.html(STYLE)
        st.html(f'<table class="fm-gauges"><thead><tr>{heads}</tr></thead>{bodies}</table>')


def _body(key: str, lines: Iterable[Gauge], say: Speaker) -> str:
    head = f'<tr><th class="fm-group" scope="rowgroup" colspan="3">{escape(say(key))}</th></tr>' if key else ""
    return f"<tbody>{head}{''.join(_line(line, say) for line in lines)}</tbody>"


def _line(line: Gauge, say: Speaker) -> str:
    sign = SIGNS.get(line.verdict, "–")
    means = escape(say.or_itself(f"gauge.{line.verdict}"))
    mark = f'<span class="fm-sign" data-verdict="{escape(line.verdict)}" role="img" aria-label="{means}">{sign}</span>'
    cells = "".join(f"<td>{escape(text)}</td>" for text in (line.texts.value, line.texts.limit))
    return f'<tr><th scope="row">{mark} {escape(line.name)}{_bar(line)}</th>{cells}</tr>'


def _bar(line: Gauge) -> str:
    if line.share is None:
        return ""
    side, place = "least" if line.is_least else "most", f"{100 * line.share:.1f}%"
    return (
        f'<div class="fm-bar" data-side="{side}" data-verdict="{escape(line.verdict)}" aria-hidden="true">'
        f'<i style="left:{place}"></i></div>'
    )


def _share(value: float, limit: float) -> float:
    """A value at its limit is in the middle, 0 or twice the limit at an end; what is further off stays there."""
    span = abs(limit) or 1.0
    return min(1 - EDGE, max(EDGE, 0.5 + (value - limit) / (2 * span)))
