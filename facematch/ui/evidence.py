"""What the verdict was based on: faces boxed, aligned crops, checks with value and limit, the time of each stage."""

import math
from collections.abc import Iterable

import streamlit as st

from facematch.local import Evidence
from facematch.seen import Check, Seen
from facematch.ui import pictures
from facematch.ui.comparison import Comparison, look_here
from facematch.ui.formats import duration, plain
from facematch.ui.photos import Held
from facematch.ui.words import Speaker

DIGITS = {"px": 0, "count": 0, "level": 0, "ratio": 2, "deg": 1, "s": 1, "dB": 1}
MARKS = {"pass": ":green[✓]", "warn": ":orange[!]", "refuse": ":red[✗]"}


def evidence(comparison: Comparison, say: Speaker) -> None:
    """Both photos side by side, then the times."""
    st.subheader(say("evidence.title"), anchor=False)
    found = comparison.evidence or comparison.own_look
    if comparison.own_look is not None:
        st.warning(say("evidence.own_look"), icon=":material/visibility:")
    elif found is None and comparison.gives_evidence:
        st.info(say("evidence.none"))
    elif found is None:
        st.info(say("evidence.remote"))
    if found is None and not comparison.gives_evidence and comparison.probe.kind == "photo":
        st.button(say("evidence.look_here"), key="look_here", on_click=look_here, args=(comparison,))
    for column, (side, photo) in zip(st.columns(2), comparison.photos.items(), strict=True):
        with column:
            _side(side, photo, found, say)
    if found is not None:
        _times(found, say)


def decisive(found: Evidence | None, say: Speaker) -> str | None:
    """The check that refused the photo, with its value and limit; None when none did."""
    for seen in (found.reference, found.probe) if found is not None else ():
        decided_by = None if seen is None or seen.refused is None else seen.refused.check
        for check in () if seen is None else seen.checks:
            if check.name == decided_by and check.refuse is not None:
                limit = say(f"check.refuse.{check.bound}", limit=shown_value(check.refuse, check.unit, say))
                return say("check.decided", name=say(f"check.{check.name}"), value=_measured(check, say), limit=limit)
    return None


def _side(side: str, photo: Held, found: Evidence | None, say: Speaker) -> None:
    st.markdown(f"**{say(f'side.{side}')}** · {plain(photo.name)}")
    seen = None if found is None else found.reference if side == "image" else found.probe
    image = None
    if photo.kind == "photo":
        image = pictures.preview(photo.data, pictures.SHOWN_PX) if seen is None else pictures.boxed(photo.data, seen)
    if image is not None:
        st.image(image, alt=photo.name if seen is None else say("evidence.boxed", name=photo.name))
    if seen is None:
        if found is not None:
            st.caption(say("evidence.not_looked_at"))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if seen.crop is not None:
            st.image(seen.crop, alt=say("evidence.crop"), width=112)
        st.caption(_seen(seen, say), width=320)
    if seen.checks:
        st.markdown(checks_table(seen.checks, say))


def _seen(seen: Seen, say: Speaker) -> str:
    sentences = [
        say("evidence.size", width=seen.source_width, height=seen.source_height, format=seen.format.upper()),
        say(f"evidence.rule.{seen.rule}", count=len(seen.faces)),
        *(say(f"evidence.note.{note}") for note in seen.notes if say.knows(f"evidence.note.{note}")),
        *((say("evidence.turned", degrees=seen.turned),) if seen.turned else ()),
    ]
    return " ".join(sentences)


def checks_table(checks: Iterable[Check], say: Speaker) -> str:
    """A Markdown table: each check's name, value and limits."""
    rows = [
        f"| {MARKS[check.verdict]} {plain(say.or_itself(f'check.{check.name}'))} | {_measured(check, say)} "
        f"| {_limit(check, say)} |"
        for check in checks
    ]
    heads = "|".join(say(f"check.head.{head}") for head in ("name", "value", "limit"))
    return "\n".join((f"|{heads}|", "|---|---|---|", *rows))


def shown_value(value: float, unit: str, say: Speaker) -> str:
    """The number with its unit; a unit that nobody knows is left away."""
    number = f"{value:.{DIGITS.get(unit, 2)}f}"
    return say(f"unit.{unit}", number=number) if say.knows(f"unit.{unit}") else number


def _measured(check: Check, say: Speaker) -> str:
    """The value, rounded away from the limit: one that breaks it never looks as if it did not."""
    factor = 10 ** DIGITS.get(check.unit, 2)
    away = math.floor if check.bound == "least" else math.ceil
    value = check.value if check.verdict == "pass" else away(check.value * factor) / factor
    return shown_value(value, check.unit, say)


def _limit(check: Check, say: Speaker) -> str:
    words = [
        say(f"check.{kind}.{check.bound}", limit=shown_value(limit, check.unit, say))
        for kind, limit in (("refuse", check.refuse), ("warn", None if check.warn == check.refuse else check.warn))
        if limit is not None
    ]
    return say("check.join").join(words)


def _times(found: Evidence, say: Speaker) -> None:
    stages = [(_stage(name, say), ms) for name, ms in found.times_ms.items() if name != "total"]
    for side, seen in (("image", found.reference), ("faceData", found.clip or found.probe)):
        if seen is not None:
            stages += [(f"{say(f'side.{side}')} · {_stage(name, say)}", ms) for name, ms in seen.times_ms.items()]
    total = found.times_ms.get("total")
    with st.expander(say("evidence.times", total=duration(total)), icon=":material/timer:"):
        rows = [f"| {name} | {ms:.1f} ms |" for name, ms in stages]
        st.markdown("\n".join((f"| {say('stage.head')} | {say('stage.time')} |", "|---|---:|", *rows)))
        st.caption(say("evidence.engine", engine=plain(found.engine), mapping=plain(found.mapping)))


def _stage(name: str, say: Speaker) -> str:
    return plain(say.or_itself(f"stage.{name}"))
