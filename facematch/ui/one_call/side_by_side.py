"""Two calls beside each other: what is the same, and what changed."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import streamlit as st

from facematch.analytics.queries import CallRow
from facematch.ui.environments import environment
from facematch.ui.formats import duration, when
from facematch.ui.one_call.call_words import address, answer, number
from facematch.ui.one_call.departures import departures
from facematch.ui.one_call.pairs import PARAMETER, Pair
from facematch.ui.words import Speaker

MOVED_MS = 1.5  # a time that differs by less than this factor is no change: machines are not that even
STYLE = """<style>
.fm-beside {overflow-x: auto}
.fm-beside table {border-collapse: collapse; width: 100%; font-size: 0.9rem}
.fm-beside th, .fm-beside td {text-align: left; padding: 0.35rem 0.6rem; border-bottom: 1px solid rgba(128,128,128,.3);
  vertical-align: top; overflow-wrap: anywhere}
.fm-beside tr.fm-changed td {font-weight: 600; background: rgba(217, 145, 31, 0.14)}
.fm-beside tr.fm-changed td:last-child::before {content: "≠ "}
.fm-beside tr.fm-same td:last-child::before {content: "= "}
@media (max-width: 640px) {.fm-beside table {font-size: 0.78rem} .fm-beside th, .fm-beside td {padding: 0.3rem}}
</style>"""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of both calls."""

    name: str  # the key of its words
    first: str
    second: str
    change: str = ""  # by how much, in words; "" when only that it changed can be said
    is_told: bool = True  # False: differs by nature, such as the time of the call

    @property
    def has_changed(self) -> bool:
        """Whether the reader is to look here."""
        return self.is_told and self.first != self.second


def side_by_side(pair: Pair, say: Speaker) -> None:
    """Draw the last attempt of both; what changed has a sign, bold type and a ground of its own."""
    first, second = pair.first[-1], pair.second[-1]
    lines = compared(first, second, (len(pair.first), len(pair.second)), say)
    changed = [line for line in lines if line.has_changed]
    names = say("list.join").join(say(line.name) for line in changed)
    st.markdown(say("beside.changed", what=names) if changed else say("beside.same"))
    heads = "".join(f'<th scope="col">{escape(say(key))}</th>' for key in HEADS)
    rows = "".join(_row(line, say) for line in lines)
    st.html(f'{STYLE}<div class="fm-beside" role="region" tabindex="0" aria-label="{escape(say("beside.title"))}">'
            f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>")  # fmt: skip
    with st.container(horizontal=True):
        for row, key in ((first, "beside.open_first"), (second, "beside.open_second")):
            st.page_link(
                "pages/history.py",
                label=say(key),
                icon=":material/open_in_new:",
                query_params={"trace": address(row), PARAMETER: pair.link},
            )


HEADS = ("beside.what", "beside.first", "beside.second", "beside.change")


def compared(first: CallRow, second: CallRow, attempts: tuple[int, int], say: Speaker) -> tuple[Line, ...]:
    """Every line of the comparison, in order."""

    def both(name: str, text: Callable[[CallRow], str]) -> Line:
        return Line(name, text(first), text(second))

    return (
        both("call.answer", lambda row: answer(row, say)),
        Line("call.score", number(first.score), number(second.score), _difference(first.score, second.score)),
        both("field.threshold", lambda row: number(row.threshold)),
        both("call.errcode", lambda row: "–" if row.errcode is None else str(row.errcode)),
        both("field.http_status", lambda row: str(row.http_status or "–")),
        _latency(first, second, say),
        Line("beside.attempts", str(attempts[0]), str(attempts[1])),
        both("field.engine", lambda row: str(row.extra.get("engine") or "–")),
        both("field.mapping", lambda row: str(row.extra.get("mapping") or "–")),
        both("field.drift", lambda row: _drift(row, say)),
        both("call.environment", lambda row: environment(row.env, say)),
        both("field.version", lambda row: row.client_version),
        Line("call.time", when(first.ts_ms), when(second.ts_ms), is_told=False),
    )


def _difference(first: float | None, second: float | None) -> str:
    return "" if first is None or second is None or first == second else f"{second - first:+.4g}".replace("-", "−")


def _latency(first: CallRow, second: CallRow, say: Speaker) -> Line:
    """A change only when it is a large one; the sign of it always."""
    shown = duration(first.latency_ms), duration(second.latency_ms)
    if not first.latency_ms or not second.latency_ms:
        return Line("call.latency", *shown)
    ms, factor = second.latency_ms - first.latency_ms, second.latency_ms / first.latency_ms
    change = f"{'+' if ms >= 0 else '−'}{duration(abs(ms))}"
    return Line("call.latency", *shown, change, is_told=not 1 / MOVED_MS < factor < MOVED_MS)


def _drift(row: CallRow, say: Speaker) -> str:
    found = row.extra.get("drift")
    return departures(found, say).replace("\\", "") if isinstance(found, list) and found else say("beside.no_drift")


def _row(line: Line, say: Speaker) -> str:
    kind = "changed" if line.has_changed else "same" if line.is_told else "told"
    word = "is_changed" if line.has_changed else "is_same" if line.is_told else "not_compared"
    change = line.change or say(f"beside.{word}")
    cells = "".join(f"<td>{escape(text)}</td>" for text in (line.first, line.second, change))
    return f'<tr class="fm-{kind}"><th scope="row">{escape(say(line.name))}</th>{cells}</tr>'
