"""Charts of a report as SVG, which needs no script and no outside file: it prints, and opens in a mail's preview.

Colours come from the page's style sheet by class, so that they fit its theme; two series also differ by hatching.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from unicodedata import east_asian_width

_WIDTH, _LEFT, _RIGHT = 720, 190, 70
_ROW, _HEIGHT, _BASE, _TOP = 24, 240, 200, 14
_TICKS = 4
_LETTERS = 26


@dataclass(frozen=True, slots=True)
class Column:
    """An upright bar: its place on the axis, stacked counts, what it is called there."""

    place: float  # in [0, 1]
    width: float  # in [0, 1]
    counts: tuple[int, ...]
    name: str


def lying(rows: Sequence[tuple[str, int, int]], title: str) -> str:
    """Bars that lie: a name, a count in plain colour and after it one that is hatched."""
    top = max((plain + hatched for _, plain, hatched in rows), default=0) or 1
    room = _WIDTH - _LEFT - _RIGHT
    parts = []
    for number, (name, plain, hatched) in enumerate(rows):
        y, long = number * _ROW + 4, room * plain / top
        shown = f"{plain + hatched:,}" if not (plain and hatched) else f"{plain:,} + {hatched:,}"
        parts += [
            f'<text x="{_LEFT - 8}" y="{y + 12}" class="end">{escape(_cut(name))}</text>',
            _box(_LEFT, y, long, 16, "s0"),
            _box(_LEFT + long, y, room * hatched / top, 16, "s1"),
            f'<text x="{_LEFT + room * (plain + hatched) / top + 6:.1f}" y="{y + 12}">{shown}</text>',
        ]
    return _svg("".join(parts), len(rows) * _ROW + 8, title)


def upright(columns: Sequence[Column], title: str, ticks: Sequence[tuple[float, str]]) -> str:
    """Stacked bars over an axis, and lines named by *ticks* below it."""
    top = max((sum(column.counts) for column in columns), default=0) or 1
    room, tall = _WIDTH - 60 - 10, _BASE - _TOP
    parts = _grid(top, tall)
    for column in columns:
        x, wide, done = 60 + room * column.place, max(room * column.width - 0.5, 1.0), 0
        for series, count in enumerate(column.counts):
            high = tall * count / top
            done += count
            parts.append(_box(x, _BASE - tall * done / top, wide, high, f"s{series}", column.name))
    return _svg("".join(parts) + _below(ticks), _HEIGHT, title)


def banded(points: Sequence[tuple[float, float, float, float]], title: str, ticks: Sequence[tuple[float, str]]) -> str:
    """Rates in [0, 1] at places in [0, 1], each with its interval: place, rate, low, high."""
    room, tall = _WIDTH - 60 - 10, _BASE - _TOP
    parts = [
        f'<line x1="60" x2="{60 + room}" y1="{_y(share, tall)}" y2="{_y(share, tall)}" class="grid"/>'
        f'<text x="54" y="{float(_y(share, tall)) + 4:.1f}" class="end">{share:.0%}</text>'
        for share in (0, 0.25, 0.5, 0.75, 1)
    ]
    for place, rate, low, high in points:
        x = f"{60 + room * place:.1f}"
        parts.append(f'<line x1="{x}" x2="{x}" y1="{_y(low, tall)}" y2="{_y(high, tall)}" class="band"/>')
        parts.append(f'<circle cx="{x}" cy="{_y(rate, tall)}" r="3" class="dot"/>')
    way = " ".join(f"{60 + room * place:.1f},{_y(rate, tall)}" for place, rate, _, _ in points)
    parts.append(f'<polyline points="{way}" class="way"/>')
    return _svg("".join(parts) + _below(ticks), _HEIGHT, title)


def _grid(top: int, tall: int) -> list[str]:
    step = max(1, -(-top // _TICKS))
    return [
        f'<line x1="60" x2="{_WIDTH - 10}" y1="{_y(n / top, tall)}" y2="{_y(n / top, tall)}" class="grid"/>'
        f'<text x="54" y="{float(_y(n / top, tall)) + 4:.1f}" class="end">{n:,}</text>'
        for n in range(0, top + 1, step)
    ]


def _below(ticks: Sequence[tuple[float, str]]) -> str:
    room = _WIDTH - 60 - 10
    named = ((f"{60 + room * at:.1f}", escape(name)) for at, name in ticks)
    return "".join(f'<text x="{x}" y="{_BASE + 18}" class="mid">{name}</text>' for x, name in named)


def _y(share: float, tall: int) -> str:
    return f"{_BASE - tall * share:.1f}"


def _box(x: float, y: float, wide: float, high: float, kind: str, name: str = "") -> str:
    if wide <= 0 or high <= 0:
        return ""
    told = f"<title>{escape(name)}</title>" if name else ""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" class="{kind}">{told}</rect>'


def _cut(text: str) -> str:
    """What fits before the bars; the letters of Chinese are twice as wide."""
    ends = itertools.accumulate(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
    fitting = sum(end <= _LETTERS for end in ends)
    return text if fitting == len(text) else text[: fitting - 1] + "…"


def _svg(body: str, height: int, title: str) -> str:
    named = escape(title, quote=True)
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{named}">{body}</svg>'
