"""The frames of a video that were looked at, in a row: the followed face boxed, the compared frame marked."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import streamlit as st

from facematch.footage import Clip, Shot
from facematch.local import Evidence
from facematch.ui.formats import plain
from facematch.ui.forms import pictures
from facematch.ui.forms.evidence import shows_debug
from facematch.ui.video import gauges
from facematch.ui.words import Speaker

SHOT_PX, CROP_PX = 120, 112  # widths
SAME_S = 0.02  # times closer than that are of one frame


@dataclass(frozen=True, slots=True)
class Cell:
    """One picture of the strip."""

    shot: Shot
    is_compared: bool
    is_crop: bool  # the face as it was compared, where the frame is none of the strip's


def strip(found: Evidence, say: Speaker, *, has_faces: bool = True) -> None:
    """Draw the frames of the video in *found*, unless they are not for this reader, and its facts and checks."""
    clip = found.clip
    if clip is None:
        return
    st.subheader(say("clip.title"), anchor=False)
    st.caption(_facts(clip, say))
    if has_faces:
        _frames(clip, None if found.probe is None else found.probe.crop, say)
    _checks(clip, say)


def _frames(clip: Clip, crop: bytes | None, say: Speaker) -> None:
    st.html(gauges.STYLE)
    with st.container(horizontal=True, key="film_strip"):
        for number, cell in enumerate(cells(clip, crop)):
            _cell(cell, number, clip.width, say)
    if any(shot.picture is not None and shot.face is not None for shot in clip.shots):
        marked = () if clip.best_s is None else (say("clip.marked", time=f"{clip.best_s:.1f}"),)
        st.caption(say("sentence.join").join((say("clip.box"), *marked)))


def cells(clip: Clip, crop: bytes | None) -> tuple[Cell, ...]:
    """The strip in the order of time; the compared face has a cell of its own where no shot is of its frame."""
    best = clip.best_s
    found = [Cell(shot, best is not None and abs(shot.time_s - best) <= SAME_S, is_crop=False) for shot in clip.shots]
    if best is not None and crop is not None and not any(cell.is_compared for cell in found):
        found.append(Cell(Shot(best, None, None, crop), is_compared=True, is_crop=True))
    return tuple(sorted(found, key=lambda cell: cell.shot.time_s))


def _cell(cell: Cell, number: int, width: int, say: Speaker) -> None:
    data = cell.shot.picture or b""
    picture = pictures.preview(data) if cell.is_crop else pictures.followed(_without_words(cell.shot), width)
    if picture is None:
        return
    place = st.container(width="content", key="film_compared" if cell.is_compared else f"film_{number}", gap=None)
    words = say("clip.at", time=f"{cell.shot.time_s:.1f}")
    if cell.shot.face is None and not cell.is_crop:
        words = say("clip.at.no_face", time=f"{cell.shot.time_s:.1f}")
    with place:
        st.image(picture, width=CROP_PX if cell.is_crop else SHOT_PX, alt=words)
        st.caption(f"**{words} · {say('clip.compared')}**" if cell.is_compared else words)


def _checks(clip: Clip, say: Speaker) -> None:
    """Folded where nothing in them speaks against the video."""
    lines = gauges.of_checks(clip.checks, say)
    if not clip.checks:
        return
    if all(check.verdict == "pass" for check in clip.checks):
        with st.expander(say("clip.checks", count=len(clip.checks)), icon=":material/checklist:"):
            gauges.gauges(lines, say)
    else:
        gauges.gauges(lines, say)


def _without_words(shot: Shot) -> Shot:
    """Only what is drawn: the picture is kept for the next run under what was asked."""
    return replace(shot, cosine=None)


def _facts(clip: Clip, say: Speaker) -> str:
    return say("sentence.join").join(_sentences(clip, say))


def _sentences(clip: Clip, say: Speaker) -> Iterator[str]:
    if not shows_debug():
        yield say("clip.facts.short", seconds=clip.duration_s, found=clip.found, followed=clip.followed)
        return
    yield say(
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
    yield from (say(f"clip.note.{note}") for note in clip.notes if say.knows(f"clip.note.{note}"))
