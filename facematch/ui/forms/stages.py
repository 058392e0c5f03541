"""A result as the line of its stages, with the one that ended it. Nothing is guessed that the server does not say."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Literal

import streamlit as st

from facematch import codes
from facematch.errors import CallError, InvalidResponse, Refusal, TransportError
from facematch.local import Evidence
from facematch.ui.forms.comparison import Comparison
from facematch.ui.words import Speaker

State = Literal["passed", "ended", "same", "different", "skipped", "untold"]
MARKS: dict[State, str] = {
    "passed": "✓",
    "same": "✓",
    "different": "≠",
    "ended": "✗",
    "skipped": "–",
    "untold": "?",
}
CODE_ITSELF = (codes.NO_LIVE_CODE, codes.UNKNOWN_LIVE_CODE, codes.EXPIRED_LIVE_CODE, codes.USED_LIVE_CODE)
OF_REQUEST = ("request", "authorization", "policy")
OF_REFERENCE = ("reference", "identity")
HEARD = (codes.VOICE_TOO_QUIET, *CODE_ITSELF)
OF_PROBE = range(1000, 2000)  # errcodes of videos
DONE: dict[str, Callable[[Evidence], bool]] = {
    "reference": lambda found: found.reference is not None and found.reference.refused is None,
    "probe": lambda found: found.probe is not None and found.probe.refused is None,
    "liveness": lambda found: found.liveness is not None and found.liveness.outcome == "passed",
    "digits": lambda found: found.challenge is not None and found.challenge.outcome == "passed",
    "comparison": lambda found: found.cosine is not None,
}
STYLE = """
ol.fm-stages {display: flex; flex-wrap: wrap; gap: .4rem; margin: .25rem 0 .75rem; padding: 0 !important}
ol.fm-stages {list-style: none}
ol.fm-stages li {margin: 0; padding: .25rem .75rem; border: 1px solid currentColor; border-radius: 1rem}
ol.fm-stages li {font-size: .95rem; line-height: 1.4}
.fm-stages .skipped, .fm-stages .untold {border-style: dashed}
.fm-stages .ended {background: #b42318; border-color: #b42318; color: #fff; font-weight: 600}
.fm-stages .different {background: #92400e; border-color: #92400e; color: #fff; font-weight: 600}
.fm-stages .same {background: #05603a; border-color: #05603a; color: #fff; font-weight: 600}
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a call and what became of it."""

    name: str  # request, reference, library, probe, liveness, digits or comparison
    state: State


def stages(comparison: Comparison, say: Speaker) -> None:
    """Draw the line: a list of words with marks, whose colours only underline them."""
    items = "".join(_item(stage, say) for stage in line_of(comparison))
    title = escape(say("stages.title"))
    st.html(f'<style>{STYLE}</style><ol class="fm-stages" aria-label="{title}">{items}</ol>')


def line_of(comparison: Comparison) -> tuple[Stage, ...]:
    """The stages of this kind of call in their order."""
    names = _names(comparison)
    if comparison.match is not None:
        last: State = "same" if comparison.match.passed else "different"
        return tuple(Stage(name, last if name == "comparison" else "passed") for name in names)
    end = _end(comparison.error, comparison.evidence, names)
    is_looked_up_first = isinstance(comparison.error, Refusal) and comparison.error.errcode in CODE_ITSELF
    place = names.index(end)
    after: State = "untold" if _may_have_gone_on(comparison.error) else "skipped"
    before: dict[str, State] = {name: _before(name, comparison.evidence) for name in names[:place]}
    if is_looked_up_first:  # a code is looked up before anything is decoded
        before = {name: "passed" if name == "request" else "skipped" for name in before}
    return tuple(Stage(name, "ended" if name == end else before.get(name, after)) for name in names)


def _names(comparison: Comparison) -> list[str]:
    judged = {"photo": (), "SILENT": ("liveness",), "LIP": ("liveness", "digits")}[comparison.kind]
    reference = "library" if comparison.asked.reference is None else "reference"
    return ["request", reference, "probe", *judged, "comparison"]


def _before(name: str, found: Evidence | None) -> State:
    """A stage before the end. The request was taken, or no later stage had ended the call."""
    if name == "request":
        return "passed"
    if found is None:
        return "untold"
    return "passed" if DONE["reference" if name == "library" else name](found) else "skipped"


def _end(error: CallError | None, found: Evidence | None, names: list[str]) -> str:
    """Where the call ended: at the first stage that was refused, else where its errcode belongs."""
    if not isinstance(error, Refusal) or error.errcode is None:
        return "request"
    stage = _refused_in(found) or _of_code(error.errcode, error.side)
    if stage == "reference" and "library" in names:
        return "library"
    return stage if stage in names else "request"


def _may_have_gone_on(error: CallError | None) -> bool:
    """Whether the server may have worked on after our side gave up: then nobody knows how far it came."""
    return isinstance(error, InvalidResponse) or (isinstance(error, TransportError) and error.sent)


def _refused_in(found: Evidence | None) -> str | None:
    if found is None:
        return None
    looked = (("reference", found.reference), ("probe", found.clip), ("probe", found.probe))
    judged = (("liveness", found.liveness), ("digits", found.challenge))
    refused = [name for name, seen in looked if seen is not None and seen.refused is not None]
    refused += [name for name, told in judged if told is not None and told.outcome != "passed"]
    return refused[0] if refused else None


def _of_code(errcode: int, side: str | None) -> str:
    known = codes.find(errcode)
    layer = "request" if known is None else known.layer
    if errcode == codes.LIVENESS_NOT_RUN or layer == "liveness":
        return "liveness"
    if errcode == codes.COMPARISON_FAILED:
        return "comparison"
    if layer == "challenge" or errcode in HEARD:
        return "digits"
    if layer in OF_REFERENCE or side == "image":
        return "reference"
    return "probe" if side == "faceData" or errcode in OF_PROBE else "request"


def _item(stage: Stage, say: Speaker) -> str:
    words = f"{say(f'stages.{stage.name}')} · {say(f'stages.{stage.state}')}"
    return f'<li class="{stage.state}"><span aria-hidden="true">{MARKS[stage.state]}</span> {escape(words)}</li>'
