"""Ranges and ticks of a chart's axes, as plotly wants them.

Dates are written in digits: plotly by itself writes English months.
"""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

MOMENT = {"hour": "%Y-%m-%d %H:%M", "day": "%Y-%m-%d"}
_TICKS = 6  # the most that a chart 380 px wide has room for
_DECADE = math.log(10)
_LABELLED = ((2.5, (1, 2, 5)), (4.0, (1, 3)), (math.inf, (1,)))  # up to so many decades, what fits on the axis
WIDTHS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
_STEPS = {"hour": (1, 2, 3, 6, 12), "day": (1, 2, 7, 14, 30, 90, 180, 365)}  # in units of the width
_CLOCK = {"hour": "%H:%M\n%m-%d", "day": "%m-%d\n%Y"}  # the second line only where it changes


def whole(top: int) -> dict[str, object]:
    """An axis of counts up to *top*: at most about six ticks, none at a fraction of a call, in full digits."""
    least = max(top / _TICKS, 1)
    power = 10 ** math.floor(math.log10(least))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least)
    return {"tick0": 0, "dtick": step, "tickformat": ",d"}


def time(times: Sequence[datetime], width: Literal["hour", "day"]) -> dict[str, object]:
    """Hours or days from the first to the last of *times*, with half a bucket of room, ticks at whole hours or days."""
    unit = WIDTHS[width]
    units = (times[-1] - times[0]) / unit
    step = next((step for step in _STEPS[width] if units / step <= _TICKS), _STEPS[width][-1])
    return {
        "type": "date",
        "range": [times[0] - 0.6 * unit, times[-1] + 0.6 * unit],
        "tick0": times[0].replace(hour=0, minute=0),
        "dtick": step * unit / timedelta(milliseconds=1),
        "tickformat": _CLOCK[width],
        "hoverformat": MOMENT[width],
    }


def milliseconds(low_ms: float, high_ms: float) -> dict[str, object]:
    """Logarithmic, at least one decade around the data, ticks as full numbers."""
    low, high = math.log(low_ms), math.log(high_ms)
    margin = max(0.02 * (high - low), (_DECADE - (high - low)) / 2)
    decades = (low - margin) / _DECADE, (high + margin) / _DECADE
    factors = next(factors for most, factors in _LABELLED if decades[1] - decades[0] <= most)
    powers = range(math.floor(decades[0]), math.ceil(decades[1]) + 1)
    ticks = [factor * 10**power for power in powers if power >= -1 for factor in factors]
    inside = [tick for tick in ticks if decades[0] <= math.log10(tick) <= decades[1]]
    return {"range": list(decades), "tickvals": inside, "ticktext": [f"{tick:,.10g}" for tick in inside]}
