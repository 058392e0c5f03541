"""The small funnel of one call: through which layers it came, where it ended, what it did not reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from facematch import codes
from facematch.analytics import layers
from facematch.analytics.queries import CallRow
from facematch.ui.failure import explain_code
from facematch.ui.forms.stages import CODE_ITSELF
from facematch.ui.one_call.call_words import answer, number, outcome_of
from facematch.ui.words import Speaker

State = Literal["passed", "ended", "not_reached", "unknown"]
ICONS = {
    "passed": ":green[:material/check_circle:]",
    "ended": ":red[:material/cancel:]",
    "not_reached": ":gray[:material/remove:]",
    "unknown": ":orange[:material/help:]",
}
TRANSPORT = ("connect_error", "timeout", "cancelled", "bad_response", "not_offered")
SERVER_FAULT = 500
LIBRARY = ("identity", "reference")  # looked up before the probe's face is
BEFORE_LIBRARY = ("request", "authorization", "source")
PHOTO = ("request", "authorization", "source", "acquisition")
CHECKS = {"SILENT": ("liveness",), "LIP": ("liveness", "challenge")}


@dataclass(frozen=True, slots=True)
class Step:
    """One layer, and what became of the call there."""

    layer: str  # a word of the statistics, transport, or verdict
    state: State


def steps(row: CallRow) -> tuple[Step, ...]:
    """The layers that a call like *row* comes to, in order; what nobody can tell is ``unknown``."""
    expected = _layers(row)
    if row.outcome == "ok":
        last: State = "unknown" if row.success is None and row.endpoint not in layers.WITHOUT_VERDICT else "passed"
        return (
            *(Step(layer, "unknown" if last == "unknown" else "passed") for layer in expected),
            Step("verdict", last),
        )
    if row.outcome in TRANSPORT:
        return Step("transport", "ended"), *(Step(layer, "unknown") for layer in (*expected, "verdict"))
    ended = layers.layer_of(row.outcome, row.errcode, row.http_status)
    if row.errcode in CODE_ITSELF:  # looked up before any media are read
        states: dict[str, State] = {"request": "passed", "authorization": "passed", ended: "ended"}
        return tuple(Step(layer, states.get(layer, "not_reached")) for layer in (*expected, "verdict"))
    if ended not in expected:  # the system's fault, which may come at any layer
        return *(Step(layer, "unknown") for layer in expected), Step(ended, "ended"), Step("verdict", "not_reached")
    place = expected.index(ended)
    before_it = (Step(layer, _before(layer, row)) for layer in expected[:place])
    after_it = (Step(layer, "not_reached") for layer in (*expected[place + 1 :], "verdict"))
    return *before_it, Step(ended, "ended"), *after_it


def _before(layer: str, row: CallRow) -> State:
    """A name is compared only under a number that was found."""
    return "not_reached" if layer == "identity" and row.errcode == codes.UNKNOWN_ID_NUMBER else "passed"


def funnel_of_call(row: CallRow, measured: str | None, say: Speaker) -> None:
    """Draw the steps; the one that ended the call says why and what to do.

    Args:
        row: The call.
        measured: What decided, in words, where the server still tells.
        say: The operator's language.
    """
    st.markdown(f"**{say('funnel.title')}**")
    found = steps(row)
    lines = [f"{ICONS[step.state]} **{_name(step, row, say)}** · {_said(step, row, say)}" for step in found]
    with st.container(key="funnel_of_call", gap="xxsmall"):
        for step, line in zip(found, lines, strict=True):
            st.markdown(line)
            if step.state == "ended":
                st.markdown(_why(row, measured, say))
    st.caption(say("funnel.help"))


def _layers(row: CallRow) -> Sequence[str]:
    if row.endpoint in layers.WITHOUT_VERDICT:
        return "request", "authorization"
    is_known = row.endpoint == "match_idno"
    wanted = {*PHOTO, *CHECKS.get(row.mode, ()), *(LIBRARY if is_known else ()), "comparison"}
    ended = layers.layer_of(row.outcome, row.errcode, row.http_status)
    if row.outcome not in ("ok", *TRANSPORT) and ended != "system":
        wanted.add(ended)  # a server that is not ours may check more
    order = (*BEFORE_LIBRARY, *LIBRARY, *layers.ORDER) if is_known else layers.ORDER
    return tuple(layer for layer in dict.fromkeys(order) if layer in wanted)


def _name(step: Step, row: CallRow, say: Speaker) -> str:
    if step.layer == "verdict":
        return say("funnel.code" if row.endpoint in layers.WITHOUT_VERDICT else "funnel.verdict")
    return say(f"layer.{step.layer}")


def _said(step: Step, row: CallRow, say: Speaker) -> str:
    if step.layer == "verdict" and step.state == "passed":
        return _verdict(row, say)
    if step.layer == "verdict" and outcome_of(row) == "accepted":
        return say("outcome.accepted.help")
    return say(f"funnel.{step.state}")


def _verdict(row: CallRow, say: Speaker) -> str:
    if row.score is None:
        return answer(row, say)
    words = {"score": number(row.score), "threshold": number(row.threshold)}
    told = say("funnel.score" if row.threshold is None else "funnel.score_of", **words)
    return f"{answer(row, say)} · {told}"


def _why(row: CallRow, measured: str | None, say: Speaker) -> str:
    """As a quotation, so that it stands apart from the steps."""
    if row.errcode:
        told = explain_code(row.errcode, say, side=None, server_text=None)
        known = say("funnel.errcode", errcode=row.errcode) if codes.find(row.errcode) is not None else ""
        cause, remedy = say("funnel.why", title=told.title, known=known, cause=told.cause), told.remedy
    else:
        key = f"ended.{_kind(row)}"
        cause, remedy = say(key), say(f"{key}.remedy")
    told_measured = [f"**{say('failure.measured')}** {measured}"] if measured else []
    return "> " + "  \n> ".join([cause, *told_measured, f"**{say('failure.remedy')}** {remedy}"])


def _kind(row: CallRow) -> str:
    """A word for why: the outcome; of an HTTP error what its status says."""
    if row.outcome == layers.BARE:
        known = {401: "token", 403: "token", 429: "rate", 404: "address"}
        return known.get(row.http_status or 0, "server" if (row.http_status or 0) >= SERVER_FAULT else "http_error")
    return row.outcome if row.outcome in (*TRANSPORT, "request_invalid", "biz_error") else "other"
