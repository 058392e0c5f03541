"""What the verdict was based on: faces boxed, aligned crops, checks with value and limit, the time of each stage."""

import math

import streamlit as st

from facematch.local import Check, Evidence, Seen
from facematch.ui import pictures
from facematch.ui.comparison import Comparison, look_here
from facematch.ui.formats import duration, plain
from facematch.ui.photos import Held
from facematch.ui.words import Speaker

DIGITS = {"px": 0, "count": 0, "level": 0, "ratio": 2, "deg": 1}
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
                limit = say(f"check.refuse.{check.bound}", limit=_value(check.refuse, check.unit, say))
                return say("check.decided", name=say(f"check.{check.name}"), value=_measured(check, say), limit=limit)
    return None


def _side(side: str, photo: Held, found: Evidence | None, say: Speaker) -> None:
    st.markdown(f"**{say(f'side.{side}')}** · {plain(photo.name)}")
    seen = None if found is None else found.reference if side == "image" else found.probe
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
    _checks(seen, say)


def _seen(seen: Seen, say: Speaker) -> str:
    sentences = [
        say("evidence.size", width=seen.source_width, height=seen.source_height, format=seen.format.upper()),
        say(f"evidence.rule.{seen.rule}", count=len(seen.faces)),
        *(say(f"evidence.note.{note}") for note in seen.notes if say.knows(f"evidence.note.{note}")),
        *((say("evidence.turned", degrees=seen.turned),) if seen.turned else ()),
    ]
    return " ".join(sentences)


def _checks(seen: Seen, say: Speaker) -> None:
    if not seen.checks:
        return
    rows = [
        f"| {MARKS[check.verdict]} {say(f'check.{check.name}')} | {_measured(check, say)} | {_limit(check, say)} |"
        for check in seen.checks
    ]
    heads = "|".join(say(f"check.head.{head}") for head in ("name", "value", "limit"))
    st.markdown("\n".join((f"|{heads}|", "|---|---|---|", *rows)))


def _value(value: float, unit: str, say: Speaker) -> str:
    return say(f"unit.{unit}", number=f"{value:.{DIGITS[unit]}f}")


def _measured(check: Check, say: Speaker) -> str:
    """The value, rounded away from the limit: one that breaks it never looks as if it did not."""
    factor = 10 ** DIGITS[check.unit]
    away = math.floor if check.bound == "least" else math.ceil
    value = check.value if check.verdict == "pass" else away(check.value * factor) / factor
    return _value(value, check.unit, say)


def _limit(check: Check, say: Speaker) -> str:
    words = [
        say(f"check.{kind}.{check.bound}", limit=_value(limit, check.unit, say))
        for kind, limit in (("refuse", check.refuse), ("warn", None if check.warn == check.refuse else check.warn))
        if limit is not None
    ]
    return say("check.join").join(words)


def _times(found: Evidence, say: Speaker) -> None:
    stages = [(say(f"stage.{name}"), ms) for name, ms in found.times_ms.items() if name != "total"]
    for side, seen in (("image", found.reference), ("faceData", found.probe)):
        if seen is not None:
            stages += [(f"{say(f'side.{side}')} · {say(f'stage.{name}')}", ms) for name, ms in seen.times_ms.items()]
    total = found.times_ms.get("total")
    with st.expander(say("evidence.times", total=duration(total)), icon=":material/timer:"):
        rows = [f"| {name} | {ms:.1f} ms |" for name, ms in stages]
        st.markdown("\n".join((f"| {say('stage.head')} | {say('stage.time')} |", "|---|---:|", *rows)))
        st.caption(say("evidence.engine", engine=plain(found.engine), mapping=plain(found.mapping)))
