"""What the passive check was measured to stop, and on which servers those rates hold."""

import streamlit as st

from facematch.engine import meaning, silent_meaning
from facematch.errors import CallError
from facematch.local import Health
from facematch.ui.formats import percent_sign, plain
from facematch.ui.frame import Desk
from facematch.ui.words import Speaker


def were_measured(desk: Desk, health: Health | CallError | None) -> bool:
    """Whether the rates hold for the server that the pages drive: it runs the engine that they were measured with."""
    if desk.environment.is_embedded:
        return True
    return isinstance(health, Health) and meaning.was_measured_with(health.engine or "", health.mapping or "")


def what_liveness_means(desk: Desk, health: Health | CallError | None) -> None:
    """What the passive check was measured to stop, with numbers; of a foreign server, that nothing was measured."""
    say = desk.say
    if not were_measured(desk, health):
        st.caption(say("liveness.unmeasured"))
        return
    with st.expander(say("liveness.measured"), icon=":material/fact_check:"):
        st.markdown(say("liveness.no_certificate"))
        living = silent_meaning.LIVING
        rows = [
            _rate(say("attack.living"), "filmed", (living.refused + living.inconclusive, living.clips), say),
            *(
                _rate(plain(say.or_itself(f"attack.{each.kind}")), each.origin, (each.passed, each.clips), say)
                for each in silent_meaning.ATTACKS
            ),
        ]
        heads = "|".join(say(f"liveness.head.{head}") for head in ("kind", "source", "count", "rate"))
        st.markdown("\n".join((f"|{heads}|", "|---|---|---|---|", *rows)))
        st.caption(say("liveness.measured.how"))


def _rate(what: str, origin: str, errors: tuple[int, int], say: Speaker) -> str:
    within = silent_meaning.interval(*errors)
    sign = percent_sign()
    share = f"{100 * errors[0] / errors[1]:.0f}{sign} ({100 * within.low:.0f}–{100 * within.high:.0f}{sign})"
    return f"| {what} | {say(f'liveness.source.{origin}')} | {errors[0]} / {errors[1]} | {share} |"
