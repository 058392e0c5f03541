"""The library's side of an identity check: what the server found under number and name. No portrait is shown."""

from collections.abc import Mapping

import streamlit as st

from facematch import codes
from facematch.errors import Refusal
from facematch.log.privacy import mask_id, mask_name
from facematch.ui.formats import plain
from facematch.ui.forms.comparison import Comparison
from facematch.ui.frame import Desk

STEPS = ("form", "enrolled", "name", "portrait", "usable")
ENDS: Mapping[int, str] = {
    codes.BAD_NAME: "form",
    codes.BAD_ID_NUMBER: "form",
    codes.UNKNOWN_ID_NUMBER: "enrolled",
    codes.NAME_NOT_MATCHING: "name",
    codes.NO_LIBRARY_PHOTO: "portrait",
    codes.LIBRARY_PHOTO_UNUSABLE: "usable",
}
MARKS = {"passed": ":green[✓]", "ended": ":red[✗]", "not_reached": ":gray[–]", "unknown": ":gray[?]"}


def library_side(comparison: Comparison, desk: Desk) -> None:
    """Each step of the look-up: passed, ended here, not reached, or not told."""
    say, asked = desk.say, comparison.asked
    with st.container(border=True, key="library_side"):
        st.markdown(f"**{say('library_side.title')}**")
        if desk.shows_personal and asked.id_number and asked.name:
            masks = (plain(mask_id(asked.id_number)), plain(mask_name(asked.name)))
            st.caption(say("library_side.of", number=masks[0], name=masks[1]))
        lines = [
            f"{MARKS[state]} {say(f'library_side.{step}')} · {say(f'library_side.state.{state}')}"
            for step, state in steps(comparison).items()
        ]
        st.markdown("  \n".join(lines))
        st.caption(say("library_side.no_portrait"))


def steps(comparison: Comparison) -> Mapping[str, str]:
    """State of each step, as far as verdict, errcode and evidence tell."""
    error = comparison.error
    end = ENDS.get(error.errcode or 0) if isinstance(error, Refusal) else None
    if comparison.match is not None or _reached_probe(comparison):
        return dict.fromkeys(STEPS, "passed")
    if end is None:
        is_told = comparison.evidence is not None or error is None or not error.sent
        return dict.fromkeys(STEPS, "not_reached" if is_told else "unknown")
    place = STEPS.index(end)
    return {
        step: "passed" if number < place else "ended" if number == place else "not_reached"
        for number, step in enumerate(STEPS)
    }


def _reached_probe(comparison: Comparison) -> bool:
    """The embedded service looks at the probe's face only after it has the portrait's."""
    return comparison.evidence is not None and "probe" in comparison.evidence.times_ms
