"""How the environment is: health, engine, weights, limits, and where the log lives."""

import sqlite3

import pandas as pd
import streamlit as st

from facematch.client import FaceMatchClient
from facematch.errors import CallError, TransportError
from facematch.local import Health
from facematch.log import CallLog
from facematch.ui.environments import environment
from facematch.ui.film import lip_languages
from facematch.ui.formats import code, plain
from facematch.ui.frame import Desk
from facematch.ui.rates import what_liveness_means
from facematch.ui.retention import retention
from facematch.ui.words import Speaker

ICONS = {
    "ready": ":green[:material/check_circle:]",
    "warming": ":orange[:material/hourglass_top:]",
    "broken": ":red[:material/error:]",
    "unreachable": ":red[:material/cloud_off:]",
    "no_details": ":orange[:material/key_off:]",
    "unknown": ":gray[:material/help:]",
}
WAL_RESET_FIXED = (3, 51, 3)  # sqlite.org/wal.html#walresetbug
WARMING_POLL_S = 1.0


def health(desk: Desk) -> Health | CallError | None:
    """The line on top of the Overview; while the networks load it asks again each second, then draws the page anew."""
    found = ask_health(desk.client)
    is_warming = isinstance(found, Health) and found.status == "warming"

    @st.fragment(run_every=WARMING_POLL_S if is_warming else None)
    def line() -> None:
        now = ask_health(desk.client) if is_warming else found
        _line(now, desk)
        if is_warming and not (isinstance(now, Health) and now.status == "warming"):
            st.rerun()

    line()
    return found


def ask_health(client: FaceMatchClient) -> Health | CallError | None:
    """The server's health; None when it has no such answer, the error when it cannot be asked."""
    try:
        return client.health()
    except CallError as error:
        return error


def _line(found: Health | CallError | None, desk: Desk) -> None:
    """One line: the environment, its address, how it is."""
    say, status = desk.say, _status(found)
    name = plain(environment(desk.environment.name, say))
    with st.container(border=True, key="health"):
        st.markdown(f"{ICONS[status]} **{name}** · {say(f'health.{status}')} · {code(desk.environment.url)}")
        if isinstance(found, TransportError):
            st.caption(say(f"error.{type(found).__name__}.cause"))
        elif isinstance(found, Health) and found.status == "broken":
            kind = found.fault if say.knows(f"fault.{found.fault}") else "other"
            st.error(say(f"fault.{kind}", detail=plain(found.problem or found.fault or "–")))


def _status(found: Health | CallError | None) -> str:
    """One of ours, whatever a server says."""
    if isinstance(found, TransportError):
        return "unreachable"
    if not isinstance(found, Health) or found.status not in ICONS:
        return "unknown"
    return found.status if found.engine else "no_details"  # ours tells its engine to whoever has the token


def engine_details(found: Health | CallError | None, desk: Desk) -> None:
    """Networks with digests, mapping, threshold and limits, as the service tells them."""
    say = desk.say
    if not isinstance(found, Health) or not found.engine:
        st.caption(say("engine.unknown"))
        return
    for model in found.models:
        task = plain(say.or_itself(f"task.{model.task}"))
        st.markdown(f"**{task}** · {plain(model.name)}  \nSHA-256 {code(model.sha256)}")
    st.markdown(
        say(
            "engine.decision",
            threshold=found.threshold,
            mapping=plain(found.mapping or "–"),
            engine=plain(found.engine),
        )
    )
    if "results" in found.offers:  # a version that knows videos
        st.markdown(lip_languages(found, say))
        what_liveness_means(desk, found)
    with st.expander(say("engine.limits"), icon=":material/rule:"):
        limits = [
            (plain(name), plain(", ".join(map(str, value)) if isinstance(value, list) else str(value)))
            for name, value in found.limits.items()
        ]
        st.table(
            pd.DataFrame(limits, columns=[say("engine.limit"), say("field.value")]),
            hide_index=True,
            border="horizontal",
        )
        st.caption(say("engine.limits.help"))


def log_details(log: CallLog | None, say: Speaker) -> None:
    """Where the log is, and what is known against this SQLite."""
    if log is None:
        return
    if log.form == "postgresql":
        st.markdown(say("log.place.server", place=code(log.place), waiting=log.waiting))
    else:
        st.markdown(say("log.place", path=log.place, journal=log.form, version=sqlite3.sqlite_version))
    st.caption(say("log.place.help"))
    retention(log, say)
    if sqlite3.sqlite_version_info < WAL_RESET_FIXED:
        st.caption(say("log.old_sqlite", version=sqlite3.sqlite_version))
