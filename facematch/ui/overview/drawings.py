"""The Overview's small drawings: bars in plain HTML, each with its numbers as text or as a table behind it."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from facematch.analytics.queries import ScoreHistogram
from facematch.ui.words import Speaker

PASSED, NOT_PASSED, PLAIN = "#2e7fc9", "#c2761b", "#6b7d95"  # tell apart without red and green, on both grounds
WIDE = 5  # points of a score in one bar
HEIGHT_PX = 96


def bar(part: int, whole: int, colour: str = PLAIN) -> None:
    """One bar; the number beside it says the same, so that a screen reader may pass it by."""
    width = 0.0 if whole == 0 else max(100 * part / whole, 0.8 if part else 0.0)
    st.html(
        '<div aria-hidden="true" style="height:0.7rem;border-radius:3px;background:rgba(128,128,128,.18)">'
        f'<div style="height:100%;width:{width:.1f}%;border-radius:3px;background:{colour}"></div></div>'
    )


def score_bars(scores: ScoreHistogram, say: Speaker) -> None:
    """Scores from 0 to 100 in bars of five points, by verdict; a line for each threshold, a table behind it."""
    passed, not_passed = _wide(scores.passed), _wide(scores.not_passed)
    top = max(1, *(a + b for a, b in zip(passed, not_passed, strict=True)))
    bars = "".join(_two(a, b, top) for a, b in zip(passed, not_passed, strict=True))
    line = '<div style="position:absolute;left:{:g}%;top:0;bottom:0;border-left:2px dashed currentColor"></div>'
    lines = "".join(line.format(min(each, 100)) for each in scores.thresholds)
    told = say("overview.scores.told", passed=sum(passed), not_passed=sum(not_passed), thresholds=_listed(scores, say))
    st.html(
        f'<div role="img" aria-label="{escape(told)}" style="position:relative">'
        f'<div style="display:flex;align-items:flex-end;gap:2px;height:{HEIGHT_PX}px">{bars}</div>{lines}</div>'
        '<div aria-hidden="true" style="display:flex;justify-content:space-between;font-size:.8rem">'
        "<span>0</span><span>50</span><span>100</span></div>" + _legend(scores, say) + _table(passed, not_passed, say)
    )


def _wide(counts: Sequence[int]) -> list[int]:
    """Twenty bars; the score 100 is in the last."""
    bars = [sum(counts[low : low + WIDE]) for low in range(0, 100, WIDE)]
    bars[-1] += counts[100]
    return bars


def _two(passed: int, not_passed: int, top: int) -> str:
    """Both on one another; the one that did not pass is hatched as well."""
    high, low = (HEIGHT_PX * count / top for count in (passed, not_passed))
    hatched = f"repeating-linear-gradient(45deg,{NOT_PASSED} 0 4px,{NOT_PASSED}99 4px 7px)"
    return (
        '<div style="flex:1;display:flex;flex-direction:column;justify-content:flex-end">'
        f'<div style="height:{high:.1f}px;background:{PASSED}"></div>'
        f'<div style="height:{low:.1f}px;background:{hatched}"></div></div>'
    )


def _listed(scores: ScoreHistogram, say: Speaker) -> str:
    return say("list.join").join(f"{each:g}" for each in scores.thresholds) or "–"


def _legend(scores: ScoreHistogram, say: Speaker) -> str:
    hatched = f"repeating-linear-gradient(45deg,{NOT_PASSED} 0 4px,{NOT_PASSED}99 4px 7px)"
    square = '<span aria-hidden="true" style="display:inline-block;width:.8rem;height:.8rem;background:{}"></span> {}'
    parts = [
        square.format(PASSED, escape(say("chart.passed"))),
        square.format(hatched, escape(say("chart.not_passed"))),
        f"<span aria-hidden='true'>┆</span> {escape(say('chart.threshold'))} {escape(_listed(scores, say))}",
    ]
    spans = "".join(f"<span>{part}</span>" for part in parts)
    return f'<div style="display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.85rem;margin-top:.3rem">{spans}</div>'


def _table(passed: Sequence[int], not_passed: Sequence[int], say: Speaker) -> str:
    """Only bars that are not empty."""
    heads = "".join(f'<th scope="col">{escape(say(f"chart.{key}"))}</th>' for key in ("score", "passed", "not_passed"))
    rows = "".join(
        f'<tr><th scope="row">{place * WIDE}–{(place + 1) * WIDE}</th><td>{a}</td><td>{b}</td></tr>'
        for place, (a, b) in enumerate(zip(passed, not_passed, strict=True))
        if a or b
    )
    return (
        f'<details style="font-size:.85rem;margin-top:.3rem"><summary>{escape(say("overview.as_table"))}</summary>'
        f'<table style="width:100%;text-align:left"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></details>"
    )
