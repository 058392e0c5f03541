"""How the environment is, and where the log lives."""

import sqlite3

import streamlit as st

from facematch.client import FaceMatchClient
from facematch.errors import CallError, TransportError
from facematch.local import Health
from facematch.log import CallLog
from facematch.ui import health_watch
from facematch.ui.formats import code, plain
from facematch.ui.frame import Desk
from facematch.ui.health_watch import Asking
from facematch.ui.history.retention import retention
from facematch.ui.words import Speaker

WAL_RESET_FIXED = (3, 51, 3)  # sqlite.org/wal.html#walresetbug


def health(desk: Desk) -> Health | CallError | None:
    """What the line on top of the page has no room for: why the environment does not work, and what to do."""
    found, say = ask_health(desk.client), desk.say
    if isinstance(found, TransportError):
        st.warning(_why_silent(found, say), icon=":material/cloud_off:")
    elif isinstance(found, Health) and found.status == "broken":
        kind = found.fault if say.knows(f"fault.{found.fault}") else "other"
        st.error(say(f"fault.{kind}", detail=plain(found.problem or found.fault or "–")))
    return found


def ask_health(client: FaceMatchClient) -> Health | CallError | None:
    """The server's health, which may be a few seconds old; None when it has none or has not answered yet."""
    found = health_watch.look(client)
    return None if isinstance(found, Asking) else found


def _why_silent(error: TransportError, say: Speaker) -> str:
    name = type(error).__name__
    return f"**{say(f'error.{name}')}** {say(f'error.{name}.cause')} {say('health.unreachable.remedy')}"


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
