"""The spoken code: each expected digit beside the one that was heard, the sound over time, the checks."""

from html import escape

import streamlit as st

from facematch.footage import Challenge
from facematch.ui.formats import plain
from facematch.ui.video import gauges
from facematch.ui.video.cues import ICONS, OUTCOMES
from facematch.ui.video.spoken_digits import Spoken, aligned
from facematch.ui.words import Speaker

TABLE_STEP_S = 0.25
SOUNDS = 0.05  # of the loudest: below it a curve counts as flat


def heard(told: Challenge, say: Speaker) -> None:
    """Draw what was expected and what was heard."""
    st.subheader(say("challenge.title"), anchor=False)
    failed = "" if told.failed is None else plain(say.or_itself(f"challenge.failed.{told.failed}"))
    OUTCOMES[told.outcome](f"**{say(f'challenge.{told.outcome}')}** {failed}", icon=ICONS[told.outcome])
    said = say("challenge.nothing") if not told.heard else plain(told.heard)
    st.markdown(say("challenge.heard", expected=plain(told.expected), heard=said))
    _digits(told, say)
    if told.language is not None:
        st.caption(say("challenge.language", language=plain(say.or_itself(f"language.{told.language}"))))
    _sound(told, say)
    gauges.gauges(gauges.of_checks(told.checks, say), say)
    st.caption(say("challenge.meaning"))


def _digits(told: Challenge, say: Speaker) -> None:
    """Digit by digit; without any that was heard there is nothing to compare."""
    if not told.heard:
        st.caption(say("challenge.not_heard"))
        return
    places = aligned(told.expected, told.heard)
    rows = (
        ("challenge.row.expected", [_cell(place.expected, place) for place in places]),
        ("challenge.row.heard", [_cell(place.heard, place) for place in places]),
        ("challenge.row.told", [f"<td>{escape(_told(place, say))}</td>" for place in places]),
    )
    lines = "".join(f'<tr><th scope="row">{escape(say(key))}</th>{"".join(cells)}</tr>' for key, cells in rows)
    st.html(gauges.STYLE)
    st.html(f'<table class="fm-digits"><tbody>{lines}</tbody></table>')


def _cell(digit: str | None, place: Spoken) -> str:
    return f'<td data-right="{"yes" if place.is_right else "no"}">{escape(digit or "–")}</td>'


def _told(place: Spoken, say: Speaker) -> str:
    if place.is_right:
        return say("challenge.digit.right")
    kind = "missing" if place.heard is None else "extra" if place.expected is None else "wrong"
    return say(f"challenge.digit.{kind}")


def _sound(told: Challenge, say: Speaker) -> None:
    st.markdown(f"**{say('wave.title')}**")
    if max((*told.voice, *told.lips, 0.0)) < SOUNDS:
        st.caption(say("wave.flat"))
        return
    from facematch.analytics import speech_figures

    places = [place for place in aligned(told.expected, told.heard) if place.heard is not None]
    marks = tuple((f"{place.heard} {'✓' if place.is_right else '✗'}", place.is_right) for place in places)
    drawn = speech_figures.Wave(told.step_s, told.voice, told.lips, told.speech, marks if told.speech else ())
    figure = speech_figures.wave(drawn, say)
    st.plotly_chart(figure, key="chart_wave", config={"displayModeBar": False}, alt=_described(told, say))
    st.caption(say("sentence.join").join((_described(told, say), *((say("wave.digits"),) if drawn.marks else ()))))
    with st.expander(say("wave.table"), icon=":material/table:"):
        st.markdown(_table(told, say))


def _described(told: Challenge, say: Speaker) -> str:
    """The drawing in words."""
    if not told.speech:
        return say("wave.no_speech")
    spans = say("list.join").join(say("wave.span", start=start, end=end) for start, end in told.speech)
    return say("wave.speech", spans=spans)


def _table(told: Challenge, say: Speaker) -> str:
    """The curves' highest values in each quarter of a second."""
    size = max(1, round(TABLE_STEP_S / told.step_s))
    heads = "|".join(say(f"wave.{name}") for name in ("time", "voice", "lips", "spoken"))
    lines = [f"|{heads}|", "|---|---:|---:|---|"]
    for first in range(0, len(told.voice), size):
        start, end = first * told.step_s, (first + size) * told.step_s
        peaks = "|".join(f"{max(curve[first : first + size], default=0):.0%}" for curve in (told.voice, told.lips))
        speaks = any(begun < end and ended > start for begun, ended in told.speech)
        lines.append(f"|{start:.2f}–{end:.2f} s|{peaks}|{say('wave.yes') if speaks else '–'}|")
    return "\n".join(lines)
