"""What lives as long as the process or the session: settings, log, embedded service, client."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from facematch.client import FaceMatchClient, TokenFile
from facematch.client import environment as naming
from facematch.contract import Origin
from facematch.errors import LogUnavailable, StateUnavailable
from facematch.log import CallLog, open_log
from facematch.log.housekeeping import Housekeeping
from facematch.service.embedded import Embedded, start_embedded
from facematch.settings import Settings

EMBEDDED = naming.EMBEDDED


@dataclass(frozen=True, slots=True)
class Environment:
    """The server that the pages drive."""

    name: str  # in the log: "embedded", or the remote server's host and port
    url: str
    token: str | None = field(repr=False)
    is_embedded: bool  # the product's own service, in this process
    trouble: StateUnavailable | None = None  # of the embedded one
    origins: tuple[Origin, ...] = ("self", "uri", "fds")  # how media may be handed over here

    @property
    def is_here(self) -> bool:
        """Whether calls stay on this computer."""
        return urlsplit(self.url).hostname in ("127.0.0.1", "localhost", "::1")


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """Read once; SettingInvalid when a variable cannot be used."""
    return Settings.from_env(os.environ)


@st.cache_resource(show_spinner=False, on_release=CallLog.close)
def call_log() -> CallLog:
    """The log; LogUnavailable is not cached, so that the next run tries again."""
    log = open_log(settings())
    housekeeping(log)
    return log


@st.cache_resource(show_spinner=False, hash_funcs={CallLog: id}, on_release=Housekeeping.close)
def housekeeping(log: CallLog) -> Housekeeping:
    """What deletes calls that are past their retention, while the dashboard runs."""
    return Housekeeping(log, settings().retention_days)


def log_or_trouble() -> tuple[CallLog | None, LogUnavailable | None]:
    """The log, and why it is not being written; a call never fails for want of its log."""
    try:
        log = call_log()
    except LogUnavailable as error:
        return None, error
    return log, log.trouble


@st.cache_resource(
    show_spinner=False, validate=lambda held: held.server.is_running, on_release=lambda held: held.server.stop()
)
def embedded() -> Embedded:
    """Start the service on a free loopback port; started again if it has died."""
    return start_embedded(settings())


def environment() -> Environment:
    """The server that the settings choose: the embedded one unless FACEMATCH_URL names another."""
    here = settings()
    if here.url is None:
        own = embedded()
        return Environment(EMBEDDED, own.server.url, own.token, is_embedded=True, trouble=own.trouble)
    return Environment(naming.environment_name(here.url), here.url, here.token, is_embedded=False)


def client(where: Environment, log: CallLog | None) -> FaceMatchClient:
    """This session's client for *where*; a session of its own, as requests does not promise thread safety."""
    return _client(where.url, where.name, where.token, None if where.is_embedded else settings().token_file, log)


@st.cache_resource(scope="session", show_spinner=False, hash_funcs={CallLog: id}, on_release=FaceMatchClient.close)
def _client(url: str, name: str, token: str | None, token_file: Path | None, log: CallLog | None) -> FaceMatchClient:
    here = settings()
    return FaceMatchClient(
        url,
        token,
        token_source=None if token_file is None else TokenFile(token_file),
        log=log,
        environment=name,
        connect_timeout_s=here.connect_timeout_s,
        timeout_s=here.timeout_s,
    )
