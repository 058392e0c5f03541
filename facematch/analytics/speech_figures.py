"""The sound of a video drawn over its time: how loud the voice is, how much the lips move, and the digits."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from facematch.analytics.canvas import COLOURS, Say, blank

MARKED_Y, TOP = 1.14, 1.3  # above the curves, which end at 1
_HEIGHT_PX = 260
_SPEECH = "rgba(128,128,128,0.18)"


@dataclass(frozen=True, slots=True)
class Wave:
    """What is drawn: two curves of the same length, 0 to 1, and where speech was found, in seconds."""

    step_s: float
    voice: tuple[float, ...]
    lips: tuple[float, ...]
    speech: tuple[tuple[float, float], ...]
    marks: tuple[tuple[str, bool], ...]  # in the order of the speech: what was heard, and whether it is right


def wave(told: Wave, say: Say) -> go.Figure:
    """Voice as an area, lips as a dashed line, speech shaded, the marks over it."""
    times = [round(place * told.step_s, 3) for place in range(len(told.voice))]
    figure = blank(say("wave.time"), "").update_layout(height=_HEIGHT_PX, hovermode="x unified")
    figure.update_yaxes(range=[0, TOP], tickformat=".0%", tickvals=[0, 0.5, 1], zeroline=False, fixedrange=True)
    figure.update_xaxes(range=[0, max((*times, *(end for _, end in told.speech), 0.1))], ticksuffix=" s")
    for start, end in told.speech:
        figure.add_vrect(x0=start, x1=end, fillcolor=_SPEECH, line_width=0, layer="below")
    figure.add_trace(_curve(times, told.voice, say("wave.voice"), is_voice=True))
    figure.add_trace(_curve(times, told.lips, say("wave.lips"), is_voice=False))
    if told.marks:
        figure.add_trace(_marks(told))
    return figure


def moments(speech: Sequence[tuple[float, float]], count: int) -> tuple[float, ...]:
    """The middles of *count* equal parts of the time with speech, in seconds."""
    whole = sum(end - start for start, end in speech)
    return tuple(_after(speech, (number + 0.5) * whole / count) for number in range(count))


def _after(speech: Sequence[tuple[float, float]], spoken_s: float) -> float:
    """When speech has lasted *spoken_s* in all."""
    left = spoken_s
    for start, end in speech:
        if left <= end - start:
            return start + left
        left -= end - start
    return speech[-1][1] if speech else left


def _curve(times: list[float], values: Sequence[float], name: str, *, is_voice: bool) -> go.Scatter:
    colour = COLOURS["passed" if is_voice else "not_passed"]
    return go.Scatter(
        x=times,
        y=list(values),
        name=name,
        mode="lines",
        line={"color": colour, "width": 1.5 if is_voice else 2, "dash": "solid" if is_voice else "dot"},
        fill="tozeroy" if is_voice else None,
        hovertemplate="%{y:.0%}",
    )


def _marks(told: Wave) -> go.Scatter:
    """The colour repeats what the mark beside the digit says."""
    colours = [COLOURS["time" if is_right else "not_passed"] for _, is_right in told.marks]
    return go.Scatter(
        x=moments(told.speech, len(told.marks)),
        y=[MARKED_Y] * len(told.marks),
        mode="text",
        text=[f"<b>{words}</b>" for words, _ in told.marks],
        textfont={"size": 20, "color": colours},
        hoverinfo="skip",
        showlegend=False,
    )
