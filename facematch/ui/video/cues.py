"""The passive liveness check: what decided first, then every sign with its value and limit."""

from collections.abc import Iterable

import streamlit as st

from facematch.footage import Liveness
from facematch.ui.formats import plain
from facematch.ui.forms.evidence import shows_debug
from facematch.ui.video import gauges
from facematch.ui.video.gauges import Gauge
from facematch.ui.words import Speaker

OUTCOMES = {"passed": st.success, "inconclusive": st.warning, "refused": st.error}
ICONS = {
    "passed": ":material/check_circle:",
    "inconclusive": ":material/help:",
    "refused": ":material/cancel:",
}
GROUPS = {"refuse": "against", "inconclusive": "unclear", "pass": "passed", "not_checked": "unmeasured"}


def liveness(told: Liveness, say: Speaker) -> None:
    """Draw the check's outcome and its signs."""
    st.subheader(say("liveness.title"), anchor=False)
    cue = "" if told.decided_by is None else say("liveness.decided", cue=plain(say.or_itself(f"cue.{told.decided_by}")))
    OUTCOMES[told.outcome](f"**{say(f'liveness.{told.outcome}')}** {cue}", icon=ICONS[told.outcome])
    gauges.gauges(grouped(told, say), say)
    st.caption(say("gauge.help"))
    st.caption(say("liveness.looked_for", kinds=_kinds(told.looked_for, say)))
    st.caption(say("liveness.not_checked", kinds=_kinds(told.not_checked, say)))
    if told.model is not None and shows_debug():
        st.caption(say("liveness.model", model=plain(told.model)))


def grouped(told: Liveness, say: Speaker) -> dict[str, list[Gauge]]:
    """The lines by the words that stand above them: what decided, what else speaks against, the rest."""
    groups: dict[str, list[Gauge]] = {"gauge.group.decided": []}
    groups |= {f"gauge.group.{name}": [] for name in GROUPS.values()}
    for cue in told.cues:
        name = "decided" if cue.name == told.decided_by else GROUPS[cue.verdict]
        groups[f"gauge.group.{name}"].append(gauges.of_cue(cue, say))
    return groups


def _kinds(kinds: Iterable[str], say: Speaker) -> str:
    return say("list.join").join(plain(say.or_itself(f"attack.{kind}")) for kind in kinds)
