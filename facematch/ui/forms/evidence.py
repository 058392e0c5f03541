"""What the verdict was based on: faces boxed, aligned crops, checks with value and limit, the time of each stage."""

from collections.abc import Iterable

import streamlit as st

from facematch.footage import Challenge, Liveness
from facematch.local import Evidence
from facematch.seen import Check, Seen
from facematch.ui import demo
from facematch.ui.formats import duration, plain
from facematch.ui.forms import measured, pictures
from facematch.ui.forms.comparison import Comparison, look_here
from facematch.ui.forms.held import Held, shown_name
from facematch.ui.forms.photos import SIDES
from facematch.ui.words import Speaker

MARKS = {"pass": ":green[✓]", "warn": ":orange[!]", "refuse": ":red[✗]"}


def basis(comparison: Comparison, say: Speaker) -> None:
    """Whose look at the photos and the video is shown below; of a server that gives none, the way to our own."""
    if comparison.kind == "photo" or comparison.evidence is None:  # a video's evidence has titles of its own
        st.subheader(say("evidence.title"), anchor=False)
    if comparison.own_look is not None:
        st.warning(say("evidence.own_look"), icon=":material/visibility:")
    elif comparison.evidence is None:
        st.info(say(_why_none(comparison)))
        if not comparison.gives_evidence and comparison.kind == "LIP":
            st.caption(say("evidence.no_look_here"))
        elif not comparison.gives_evidence and _is_at_hand(comparison):
            words = say(f"evidence.look_here.{comparison.probe.kind}")
            st.button(words, key="look_here", on_click=look_here, args=(comparison,))
            if comparison.own_trouble is not None:
                told = say("evidence.own_trouble", reason=plain(comparison.own_trouble))
                st.error(told, icon=":material/visibility_off:")


def _why_none(comparison: Comparison) -> str:
    """The word for why there is no evidence."""
    if comparison.error is not None and comparison.trace_no is None:
        return "evidence.no_answer"
    return "evidence.none" if comparison.gives_evidence else "evidence.remote"


def _is_at_hand(comparison: Comparison) -> bool:
    """Whether both sides are here, so that our own engine can look at them."""
    return len(comparison.photos) == len(SIDES) and all(photo.data for photo in comparison.photos.values())


def evidence(comparison: Comparison, say: Speaker, *, shows_personal: bool = True) -> None:
    """Both photos side by side, of an identity the probe alone, then the times; ``basis`` comes before.

    Args:
        comparison: What came of the call.
        say: The operator's language.
        shows_personal: Whether files' names may be seen, and the face of a photo that only the server has.
    """
    found = comparison.evidence or comparison.own_look
    if comparison.probe.kind == "video":
        st.subheader(say("evidence.pair"), anchor=False)
    for column, (side, photo) in zip(st.columns(2), comparison.photos.items(), strict=False):
        with column:
            _side(photo, shown_name(photo, say, shows_personal=shows_personal), side, _of_side(side, found), say)
            _looked(side, photo, found, say, has_face=shows_personal or bool(photo.data))
    if found is not None and shows_debug():
        _times(found, say)


def shows_debug() -> bool:
    """Whether times and the wire are for this audience; not on a stage."""
    return not st.session_state.get(demo.KEY)


def decisive(found: Evidence | None, say: Speaker) -> str | None:
    """The check or the liveness cue that refused, with its value and limit; None when none did."""
    if found is None:
        return None
    for seen in (found.reference, found.clip, found.probe):
        decided_by = None if seen is None or seen.refused is None else seen.refused.check
        for check in () if seen is None else seen.checks:
            if check.name == decided_by and check.refuse is not None:
                return measured.refusal(check, say)
    return _living(found.liveness, say) or _spoken(found.challenge, say)


def _living(told: Liveness | None, say: Speaker) -> str | None:
    for cue in () if told is None else told.cues:
        if told is not None and cue.name == told.decided_by:
            shown = measured.of_cue(cue, say)
            name = plain(say.or_itself(f"cue.{cue.name}"))
            return say("check.decided", name=name, value=shown.value, limit=shown.limit)
    return None


def _spoken(told: Challenge | None, say: Speaker) -> str | None:
    """The first failure ends the checks of the spoken code, so it is the one that decided."""
    refused = () if told is None else tuple(check for check in told.checks if check.verdict == "refuse")
    return measured.refusal(refused[0], say) if refused else None


def _of_side(side: str, found: Evidence | None) -> Seen | None:
    return None if found is None else found.reference if side == "image" else found.probe


def _side(photo: Held, name: str, side: str, seen: Seen | None, say: Speaker) -> None:
    """The photo itself, its faces boxed."""
    st.markdown(f"**{say(f'side.{side}')}** · {plain(name)}")
    if photo.kind != "photo" or not photo.data:
        return
    image = pictures.preview(photo.data, pictures.SHOWN_PX) if seen is None else pictures.boxed(photo.data, seen)
    if image is not None:
        st.image(image, alt=name if seen is None else say("evidence.boxed", name=name))


def _looked(side: str, photo: Held, found: Evidence | None, say: Speaker, *, has_face: bool) -> None:
    """What the engine saw on it: the aligned face, sentences and checks."""
    seen = _of_side(side, found)
    if seen is None:
        if found is not None:
            st.caption(say("evidence.not_looked_at"))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        crop = pictures.preview(seen.crop) if seen.crop and has_face else None
        if crop is not None:
            st.image(crop, alt=say("evidence.crop"), width=112)
        st.caption(_seen(seen, photo.kind, say), width=320)
    if seen.checks:
        st.markdown(checks_table(seen.checks, say))


def _seen(seen: Seen, kind: str, say: Speaker) -> str:
    rule = f"evidence.{'rule' if kind == 'photo' else 'frame'}.{seen.rule}"
    sentences = [
        say("evidence.size", width=seen.source_width, height=seen.source_height, format=plain(seen.format.upper())),
        *((say(rule, count=len(seen.faces)),) if say.knows(rule) else ()),  # a server may have rules of its own
        *(say(f"evidence.note.{note}") for note in seen.notes if say.knows(f"evidence.note.{note}")),
        *((say("evidence.turned", degrees=seen.turned),) if seen.turned else ()),
    ]
    return say("sentence.join").join(sentences)


def checks_table(checks: Iterable[Check], say: Speaker) -> str:
    """A Markdown table: each check's name, value and limits."""
    rows = [
        f"| {MARKS[check.verdict]} {plain(say.or_itself(f'check.{check.name}'))} | {shown.value} | {shown.limit} |"
        for check in checks
        for shown in (measured.of_check(check, say),)
    ]
    heads = "|".join(say(f"check.head.{head}") for head in ("name", "value", "limit"))
    return "\n".join((f"|{heads}|", "|---|---|---|", *rows))


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
