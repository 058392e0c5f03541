"""Every field of a logged call, with its name."""

import streamlit as st

from facematch.analytics.queries import CallRow
from facematch.ui.environments import environment
from facematch.ui.formats import code, duration, plain, size, when
from facematch.ui.frame import Desk
from facematch.ui.one_call.call_words import endpoint, number, outcome_of
from facematch.ui.one_call.departures import departures
from facematch.ui.words import Speaker

NOTHING = ("", "–", "None")
SERVERS = ("errmsg", "status", "trace")  # what a server said is code: a link in it is not to be clicked


def fields_table(row: CallRow, desk: Desk) -> None:
    """One line a field that has a value; what may name a person only where it may be seen."""
    import pandas as pd

    say = desk.say
    lines = [(say(f"field.{name}"), _cell(name, text)) for name, text in _fields(row, desk) if text not in NOTHING]
    table = pd.DataFrame(lines, columns=[say("field.name"), say("field.value")])
    st.table(table, hide_index=True, border="horizontal")


def _cell(name: str, text: str) -> str:
    if name == "drift":
        return text  # already fit to be shown
    return code(text) if name in SERVERS else plain(text)


def _fields(row: CallRow, desk: Desk) -> list[tuple[str, str]]:
    say = desk.say
    extra = {name: _text(value) for name, value in row.extra.items()}
    subject = [("subject", row.subject_mask or "")] if desk.shows_personal else []
    item = row.item_id if desk.shows_personal else None  # it may bear a person's name
    return [
        ("time", when(row.ts_ms)),
        ("environment", environment(row.env, say)),
        ("endpoint", f"{endpoint(row, say)} ({row.endpoint}, {row.mode})"),
        *subject,
        ("outcome", say.or_itself(f"outcome.{outcome_of(row)}")),
        ("http_status", str(row.http_status)),
        ("errcode", str(row.errcode)),
        ("errmsg", row.errmsg or ""),
        ("status", row.status or ""),
        ("score", number(row.score)),
        ("threshold", number(row.threshold)),
        ("cosine", extra.get("cosine", "")),
        ("latency", duration(row.latency_ms)),
        ("connect", duration(row.connect_ms)),
        ("sizes", say("field.sizes.value", sent=size(row.req_bytes or 0), got=size(row.resp_bytes or 0))),
        ("trace", row.trace_no or ""),
        ("request_id", f"{row.request_id} · {row.attempt}"),
        ("run", " · ".join(filter(None, (row.run_id, item)))),
        ("engine", extra.get("engine", "")),
        ("mapping", extra.get("mapping", "")),
        ("drift", _drift(row, say)),
        ("version", row.client_version),
    ]


def _drift(row: CallRow, say: Speaker) -> str:
    found = row.extra.get("drift")
    return departures(found, say) if isinstance(found, list) else ""


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
