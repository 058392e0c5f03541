"""One report as one HTML file: no script, no picture, nothing that is fetched. Every word comes from the caller."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

_STYLE = """
:root { color-scheme: light dark; --ink: #14213d; --dim: #55617a; --line: #c9d3e0; --paper: #fff; --s0: #0072b2;
  --s1: #d55e00; --s2: #00805c; --band: #b0609a; --soft: #f3f6fa; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eef7; --dim: #a9b5c8; --line: #3a4a63; --paper: #0e1521;
  --s0: #4aa3df; --s1: #f08a3c; --s2: #2fbf93; --band: #e0a3cc; --soft: #182233; } }
@media print { :root { --ink: #14213d; --dim: #444; --line: #bbb; --paper: #fff; --soft: #fff; --s0: #0072b2;
  --s1: #d55e00; --s2: #00805c; --band: #b0609a; }
  details > *:not(summary) { display: block } section { break-inside: avoid } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 2rem 1rem 4rem; max-width: 60rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif }
h1 { font-size: 1.7rem; margin: 0 0 .3rem } h2 { font-size: 1.15rem; margin: 2.4rem 0 .2rem }
p { margin: .3rem 0 } .dim, figcaption { color: var(--dim) } ul { padding-left: 1.2rem }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .8rem; margin: 1.2rem 0 }
dl div { background: var(--soft); border: 1px solid var(--line); border-radius: 8px; padding: .7rem .9rem }
dt { color: var(--dim); font-size: .85rem } dd { margin: 0; font-size: 1.35rem; font-weight: 600 }
dd small { display: block; font-size: .8rem; font-weight: 400; color: var(--dim) }
figure { margin: .6rem 0; overflow-x: auto } svg { width: 100%; min-width: 30rem; height: auto }
svg text { font-size: 12px; fill: var(--dim) } .end { text-anchor: end } .mid { text-anchor: middle }
.s2 { fill: url(#dots); stroke: var(--s2); stroke-width: 1 } figcaption span { margin-right: 1rem }
svg.key { width: 16px; min-width: 0; height: 12px; display: inline-block }
.s0 { fill: var(--s0) } .s1 { fill: url(#hatch); stroke: var(--s1); stroke-width: 1 } .grid { stroke: var(--line) }
.band { stroke: var(--band); stroke-width: 3; opacity: .55 } .dot { fill: var(--s1) }
.way { fill: none; stroke: var(--s1); stroke-width: 1.5 }
.scroll { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: .5rem 0 }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); white-space: nowrap }
td:first-child { white-space: normal } td:not(:first-child) { font-variant-numeric: tabular-nums }
summary { cursor: pointer; color: var(--dim) } footer { margin-top: 3rem; border-top: 1px solid var(--line) }
"""
_HATCH = (
    '<svg width="0" height="0" style="position:absolute;min-width:0" aria-hidden="true"><defs><pattern id="hatch" '
    'width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="3" height="6" style="fill:var(--s1)"/></pattern><pattern id="dots" width="5" height="5" '
    'patternUnits="userSpaceOnUse"><circle cx="2" cy="2" r="1.4" style="fill:var(--s2)"/></pattern></defs></svg>'
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # a browser then fetches nothing, whatever is in here


@dataclass(frozen=True, slots=True)
class Fact:
    """One number, what it is called, and what must be known beside it."""

    name: str
    value: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A chart with its numbers; ``drawing`` is SVG of ours, or nothing."""

    title: str
    text: str
    drawing: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    legend: tuple[str, ...] = ()  # of the drawing's series, in their order


@dataclass(frozen=True, slots=True)
class Page:
    """All that a report says."""

    language: str  # of the words, as HTML names it
    title: str
    selected: tuple[str, ...]
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    caveats_title: str
    caveats: tuple[str, ...]
    table_title: str
    foot: str


def html(page: Page) -> str:
    """The file."""
    head = (
        f'<!doctype html><html lang="{escape(page.language)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(page.title)}</title><style>{_STYLE}</style></head><body>{_HATCH}"
    )
    selected = "".join(f"<li>{escape(part)}</li>" for part in page.selected)
    sections = "".join(_section(section, page.table_title) for section in page.sections)
    caveats = "".join(f"<li>{escape(text)}</li>" for text in page.caveats)
    return (
        f"{head}<main><h1>{escape(page.title)}</h1><ul class='dim'>{selected}</ul>{_facts(page.facts)}{sections}"
        f"<h2>{escape(page.caveats_title)}</h2><ul>{caveats}</ul></main>"
        f"<footer><p class='dim'>{escape(page.foot)}</p></footer></body></html>"
    )


def _facts(facts: Iterable[Fact]) -> str:
    cells = (
        f"<div><dt>{escape(fact.name)}</dt><dd>{escape(fact.value)}<small>{escape(fact.beside)}</small></dd></div>"
        for fact in facts
    )
    return f"<dl>{''.join(cells)}</dl>"


def _section(section: Section, table_title: str) -> str:
    named = "".join(_legend(place, name) for place, name in enumerate(section.legend))
    figure = f"<figure><figcaption>{named}</figcaption>{section.drawing}</figure>" if section.drawing else ""
    table = f"<div class='scroll' tabindex='0'>{_table(section.heads, section.rows)}</div>" if section.rows else ""
    behind = f"<details><summary>{escape(table_title)}</summary>{table}</details>" if figure and table else table
    text = f"<h2>{escape(section.title)}</h2><p class='dim'>{escape(section.text)}</p>"
    return f"<section>{text}{figure}{behind}</section>"


def _legend(place: int, name: str) -> str:
    box = (
        f'<svg class="key" viewBox="0 0 16 12" aria-hidden="true"><rect width="16" height="12" class="s{place}"/></svg>'
    )
    return f"<span>{box} {escape(name)}</span> "


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th scope='col'>{escape(head)}</th>" for head in heads)
    lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>"
