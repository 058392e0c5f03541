"""Logged calls: as a table of one line each, and one call in full."""

from collections.abc import Sequence
from typing import cast

import pandas as pd
import streamlit as st

from facematch.analytics.queries import CallRow
from facematch.ui.attempts import attempts_table
from facematch.ui.departures import departures
from facematch.ui.environments import environment
from facematch.ui.failure import explain_code
from facematch.ui.formats import code, duration, plain, size, when
from facematch.ui.words import Speaker

COLUMNS = ("time", "environment", "endpoint", "answer", "score", "errcode", "latency", "trace")
MARKS = {"ok": "✓", "accepted": "…", "passed": "✓", "not_passed": "≠", "failed": "✗"}


def call_table(rows: Sequence[CallRow], say: Speaker, *, key: str) -> str | None:
    """One line a call, newest first; returns the address of the one that was clicked just now."""
    shown = [address(row) for row in rows]
    drawn, picked = f"{key}.drawn", f"{key}.picked"

    def pick() -> None:
        chosen = st.session_state[key]["selection"]["rows"]
        before = st.session_state[drawn]  # what the browser showed: calls may have come since
        st.session_state[picked] = before[chosen[0]] if chosen and chosen[0] < len(before) else None

    table = pd.DataFrame([_line(row, say) for row in rows], columns=[say(f"call.{name}") for name in COLUMNS])
    st.dataframe(
        table,
        key=key,
        hide_index=True,
        on_select=pick,
        selection_mode="single-row",
        alt=say("call.table"),
        height="content" if len(rows) < 12 else 440,  # noqa: PLR2004
    )
    st.session_state[drawn] = shown
    return cast("str | None", st.session_state.pop(picked, None))


def close_call() -> None:
    """Take the call in full off the page."""
    st.query_params.clear()


def address(row: CallRow) -> str:
    """What ``/history?trace=`` takes for *row*."""
    return row.trace_no or f"#{row.id}"


def answer(row: CallRow, say: Speaker) -> str:
    """The outcome in words: the verdict of a call that worked, the reason of one that did not."""
    if row.outcome != "ok":
        return f"{MARKS['failed']} {say.or_itself(f'outcome.{row.outcome}')}"
    if _outcome(row) == "accepted":
        return f"{MARKS['accepted']} {say('outcome.accepted')}"
    if row.success is None:
        return f"{MARKS['ok']} {say('outcome.ok')}"
    kind = "passed" if row.success else "not_passed"
    return f"{MARKS[kind]} {say(f'verdict.{kind}')}"


def call_in_full(row: CallRow, attempts: Sequence[CallRow], say: Speaker) -> None:
    """Every field that is logged, the explanation of a failure, and the other attempts."""
    st.subheader(say("call.title", trace=code(address(row))), anchor=False)
    st.markdown(f"#### {answer(row, say)}")
    if row.errcode:
        told = explain_code(row.errcode, say, side=None, server_text=row.errmsg)
        st.markdown(
            f"**{told.title}** · errcode {row.errcode} · {say(f'layer.{told.layer}')}\n\n"
            f"**{say('failure.why')}** {told.cause}\n\n**{say('failure.remedy')}** {told.remedy}"
        )
    elif (outcome := _outcome(row)) != "ok" and say.knows(f"outcome.{outcome}.help"):
        st.markdown(say(f"outcome.{outcome}.help"))
    fields = [
        (say(f"field.{name}"), _cell(name, text)) for name, text in _fields(row, say) if text not in ("", "–", "None")
    ]
    st.table(
        pd.DataFrame(fields, columns=[say("field.name"), say("field.value")]), hide_index=True, border="horizontal"
    )
    if len(attempts) > 1 or {"retried", "not_retried"} & row.extra.keys():
        attempts_table(attempts, [answer(each, say) for each in attempts], say)
    st.caption(say("call.not_stored"))


def _outcome(row: CallRow) -> str:
    """The kind of outcome; an accepted call is one of its own, although it did not fail."""
    return "accepted" if row.outcome == "ok" and row.extra.get("accepted") else row.outcome


def _endpoint(row: CallRow, say: Speaker) -> str:
    """The endpoint, and of a comparison what was compared: photo, SILENT or LIP."""
    name = say.or_itself(f"endpoint.{row.endpoint}")
    return f"{name} · {say(f'kind.{row.mode}')}" if say.knows(f"kind.{row.mode}") else name


def _cell(name: str, text: str) -> str:
    """What a server said is code: a link in it is not to be clicked."""
    if name == "drift":
        return text  # already fit to be shown
    return code(text) if name in ("errmsg", "status", "trace") else plain(text)


def _line(row: CallRow, say: Speaker) -> tuple[str, ...]:
    return (
        when(row.ts_ms),
        environment(row.env, say),
        _endpoint(row, say),
        answer(row, say),
        "–" if row.score is None else f"{row.score:g}",
        "–" if row.errcode is None else str(row.errcode),
        duration(row.latency_ms),
        row.trace_no or "–",
    )


def _fields(row: CallRow, say: Speaker) -> list[tuple[str, str]]:
    extra = {name: _text(value) for name, value in row.extra.items()}
    return [
        ("time", when(row.ts_ms)),
        ("environment", environment(row.env, say)),
        ("endpoint", f"{_endpoint(row, say)} ({row.endpoint}, {row.mode})"),
        ("outcome", say.or_itself(f"outcome.{_outcome(row)}")),
        ("http_status", str(row.http_status)),
        ("errcode", str(row.errcode)),
        ("errmsg", row.errmsg or ""),
        ("status", row.status or ""),
        ("score", "–" if row.score is None else f"{row.score:g}"),
        ("threshold", "–" if row.threshold is None else f"{row.threshold:g}"),
        ("cosine", extra.get("cosine", "")),
        ("latency", duration(row.latency_ms)),
        ("sizes", say("field.sizes.value", sent=size(row.req_bytes or 0), got=size(row.resp_bytes or 0))),
        ("trace", row.trace_no or ""),
        ("request_id", f"{row.request_id} · {row.attempt}"),
        ("engine", extra.get("engine", "")),
        ("mapping", extra.get("mapping", "")),
        ("drift", departures(_listed(row.extra.get("drift")), say)),
        ("version", row.client_version),
    ]


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
