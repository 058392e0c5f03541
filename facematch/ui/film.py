"""What was seen in a video and heard in it: the followed face, each liveness cue, the spoken digits."""

from collections.abc import Iterable

import streamlit as st

from facematch.footage import Challenge, Clip, Liveness
from facematch.local import Health
from facematch.seen import Check
from facematch.ui import measured, pictures
from facematch.ui.comparison import Comparison
from facematch.ui.evidence import MARKS, checks_table
from facematch.ui.formats import plain
from facematch.ui.words import Speaker

CUE_MARKS = {**MARKS, "inconclusive": ":orange[?]", "not_checked": ":gray[–]"}
OUTCOMES = {"passed": st.success, "inconclusive": st.warning, "refused": st.error}
SHOT_PX = 120


def film(comparison: Comparison, say: Speaker) -> None:
    """Everything that the evidence holds of the video, as far as the call came."""
    found = comparison.evidence or comparison.own_look
    if found is None or found.clip is None:
        return
    _clip(found.clip, say)
    if found.liveness is not None:
        _liveness(found.liveness, say)
    if found.challenge is not None:
        _challenge(found.challenge, say)


def _clip(clip: Clip, say: Speaker) -> None:
    st.subheader(say("clip.title"), anchor=False)
    st.caption(
        say(
            "clip.facts",
            seconds=clip.duration_s,
            width=clip.source_width,
            height=clip.source_height,
            rate=clip.rate,
            format=clip.format.upper(),
            codec=plain(clip.codec),
            found=clip.found,
            followed=clip.followed,
        )
        + "".join(
            say("sentence.join") + say(f"clip.note.{note}") for note in clip.notes if say.knows(f"clip.note.{note}")
        )
    )
    with st.container(horizontal=True):
        for shot in clip.shots:
            picture = pictures.followed(shot, clip.width)
            if picture is not None:
                st.image(picture, caption=f"{shot.time_s:.1f} s", width=SHOT_PX)
    if any(shot.picture is not None and shot.face is not None for shot in clip.shots):
        st.caption(say("clip.box"))
    _table(clip.checks, say)


def _liveness(told: Liveness, say: Speaker) -> None:
    st.subheader(say("liveness.title"), anchor=False)
    cue = "" if told.decided_by is None else say("liveness.decided", cue=plain(say.or_itself(f"cue.{told.decided_by}")))
    OUTCOMES[told.outcome](f"**{say(f'liveness.{told.outcome}')}** {cue}")
    rows = [
        f"| {CUE_MARKS[each.verdict]} {plain(say.or_itself(f'cue.{each.name}'))} | {shown.value} | {shown.limit} |"
        for each in told.cues
        for shown in (measured.of_cue(each, say),)
    ]
    heads = "|".join(say(f"check.head.{head}") for head in ("name", "value", "limit"))
    st.markdown("\n".join((f"|{heads}|", "|---|---|---|", *rows)))
    st.caption(say("liveness.looked_for", kinds=_kinds(told.looked_for, say)))
    st.caption(say("liveness.not_checked", kinds=_kinds(told.not_checked, say)))
    if told.model is not None:
        st.caption(say("liveness.model", model=plain(told.model)))


def _challenge(told: Challenge, say: Speaker) -> None:
    st.subheader(say("challenge.title"), anchor=False)
    failed = "" if told.failed is None else plain(say.or_itself(f"challenge.failed.{told.failed}"))
    OUTCOMES[told.outcome](f"**{say(f'challenge.{told.outcome}')}** {failed}")
    heard = say("challenge.nothing") if told.heard is None else plain(told.heard)
    st.markdown(say("challenge.heard", expected=plain(told.expected), heard=heard))
    if told.language is not None:
        st.caption(say("challenge.language", language=plain(say.or_itself(f"language.{told.language}"))))
    _table(told.checks, say)
    st.caption(say("challenge.meaning"))


def lip_languages(health: Health, say: Speaker) -> str:
    """In which languages digits may be spoken here, or why in none."""
    if not health.lip_languages:
        return say("lip.none", problem=plain(health.lip_problem or "–"))
    names = say("list.join").join(plain(say.or_itself(f"language.{each}")) for each in health.lip_languages)
    return say("lip.languages", languages=names)


def _table(checks: Iterable[Check], say: Speaker) -> None:
    if checks := tuple(checks):
        st.markdown(checks_table(checks, say))


def _kinds(kinds: Iterable[str], say: Speaker) -> str:
    return say("list.join").join(plain(say.or_itself(f"attack.{kind}")) for kind in kinds)
