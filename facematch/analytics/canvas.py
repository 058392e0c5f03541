"""What every chart begins with: an empty figure, the palette, a marked place."""

from collections.abc import Callable

import plotly.graph_objects as go

Say = Callable[..., str]

# Okabe and Ito's palette, those of its colours with a contrast of 3 : 1 or more on white and on dark navy.
COLOURS = {"passed": "#0072B2", "not_passed": "#D55E00", "time": "#009E73", "mark": "#CC79A7"}
_HEIGHT_PX = 320
_CLEAR = "rgba(0,0,0,0)"


def blank(x: str, y: str) -> go.Figure:
    """Without series, its axes named."""
    figure = go.Figure().update_layout(
        paper_bgcolor=_CLEAR,
        plot_bgcolor=_CLEAR,
        height=_HEIGHT_PX,
        margin={"l": 10, "r": 10, "t": 30, "b": 10},
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
    )
    return figure.update_xaxes(title=x, tickangle=0).update_yaxes(title={"text": y, "standoff": 16}, rangemode="tozero")


def without_ticks(figure: go.Figure) -> go.Figure:
    """Of an empty chart: plotly would make up numbers."""
    return figure.update_xaxes(showticklabels=False).update_yaxes(showticklabels=False)


def mark(figure: go.Figure, x: float, top: float, name: str, dash: str) -> None:
    """An upright line, named in the legend. A trace: plotly misplaces a shape's label on a logarithmic axis."""
    line = {"color": COLOURS["mark"], "dash": dash, "width": 3}
    figure.add_trace(go.Scatter(x=[x, x], y=[0, top], name=name, line=line, mode="lines", hoverinfo="name"))
