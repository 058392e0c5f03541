"""What lives as long as the process or the session: settings, log, embedded service, client."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from facematch.client import FaceMatchClient, Route, TokenFile, TokenSource
from facematch.client import environment as naming
from facematch.contract import Origin
from facematch.environments import EMBEDDED as EMBEDDED_ID
from facematch.environments import FROM_SETTINGS, EnvironmentList, Listed, Remote
from facematch.errors import EnvironmentsUnavailable, LogUnavailable, StateUnavailable
from facematch.log import CallLog, open_log
from facematch.log.housekeeping import Housekeeping, Keeper
from facematch.service.embedded import Embedded, start_embedded
from facematch.settings import Retention, Settings
from facematch.tokens_kept import Kind, TokensKept, system_keyring

EMBEDDED = naming.EMBEDDED
CHOSEN = "environment"  # in the session: the id of the environment that its operator chose
START = "environment.start"  # likewise: of the one that was to start with when it began
GONE = "environment.gone"  # likewise: whether the chosen one is not listed any more


@dataclass(frozen=True, slots=True)
class Environment:
    """The server that the pages drive."""

    name: str  # in the log: "embedded", an operator's name, or the host and port of FACEMATCH_URL
    url: str
    token: str | None = field(repr=False)  # None also of a listed one: its client fetches it when it calls
    is_embedded: bool  # the product's own service, in this process
    trouble: StateUnavailable | None = None  # of the embedded one
    origins: tuple[Origin, ...] = ("self", "uri", "fds")  # how media may be handed over here
    id: str = EMBEDDED_ID  # in the list of environments
    remote: Remote | None = None  # how it is reached; None: it is not one of the list

    @property
    def is_here(self) -> bool:
        """Whether calls stay on this computer."""
        is_direct = self.remote is None or not self.remote.proxy
        return is_direct and urlsplit(self.url).hostname in ("127.0.0.1", "localhost", "::1")

    @property
    def is_unverified(self) -> bool:
        """Whether anybody who answers is taken for the server."""
        return self.remote is not None and self.remote.check == "off" and self.url.lower().startswith("https:")


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """Read once; SettingInvalid when a variable cannot be used."""
    return Settings.from_env(os.environ)


@st.cache_resource(show_spinner=False)
def environment_list() -> EnvironmentList:
    """The file of remote environments."""
    return EnvironmentList(settings().data_dir / "environments.json")


@st.cache_resource(show_spinner=False)
def tokens_kept() -> TokensKept:
    """Where their tokens and proxy logins are."""
    return TokensKept(settings().data_dir / "keys" / "tokens", system_keyring)


def listed() -> tuple[Listed, EnvironmentsUnavailable | None]:
    """The remote environments; none, and why, when the file cannot be read."""
    try:
        return environment_list().read(), None
    except EnvironmentsUnavailable as error:
        return Listed(), error


def retention() -> Retention:
    """How long calls are kept: the settings' rule, an environment's own before it."""
    return listed()[0].retention(settings().retention_days)


@st.cache_resource(show_spinner=False, on_release=CallLog.close)
def call_log() -> CallLog:
    """The log; LogUnavailable is not cached, so that the next run tries again."""
    log = open_log(settings())
    housekeeping(log)
    return log


@st.cache_resource(show_spinner=False, hash_funcs={CallLog: id}, on_release=Keeper.close)
def _keeper(log: CallLog) -> Keeper:
    return Keeper(log)


def housekeeping(log: CallLog) -> Housekeeping:
    """What deletes calls that are past their retention, while the dashboard runs.

    A list that cannot be read may keep calls for longer than the settings do: until it can, no other rule begins.
    """
    found, damage = listed()
    keeper = _keeper(log)
    return keeper.by(found.retention(settings().retention_days)) if damage is None else keeper.now()


def log_or_trouble() -> tuple[CallLog | None, LogUnavailable | None]:
    """The log, and why it is not being written; a call never fails for want of its log."""
    try:
        log = call_log()
    except LogUnavailable as error:
        return None, error
    housekeeping(log)  # an environment may have another retention now
    return log, log.trouble


@st.cache_resource(
    show_spinner=False, validate=lambda held: held.server.is_running, on_release=lambda held: held.server.stop()
)
def embedded() -> Embedded:
    """Start the service on a free loopback port; started again if it has died."""
    return start_embedded(settings())


def starts_with() -> str:
    """The id of the environment that a new session drives: that of FACEMATCH_URL, else the one chosen for it."""
    return _listed_start() if settings().url is None else FROM_SETTINGS


def _chosen() -> str:
    """What another session chooses to start with does not move this one."""
    start = st.session_state.setdefault(START, _listed_start())
    if CHOSEN in st.session_state:
        return str(st.session_state[CHOSEN])
    return start if settings().url is None else FROM_SETTINGS


def _listed_start() -> str:
    found = listed()[0]
    return found.start_with if found.find(found.start_with) is not None else EMBEDDED_ID


def environment() -> Environment:
    """The server that this session drives; the embedded one when the chosen one is not listed any more, or not now."""
    found = environment_of(_chosen())
    if found is None:
        if unread() is None:
            st.session_state[CHOSEN], st.session_state[GONE] = EMBEDDED_ID, True
        found = environment_of(EMBEDDED_ID)
        assert found is not None  # noqa: S101 - the embedded one always is
    return found


def unread() -> EnvironmentsUnavailable | None:
    """Why this session cannot drive the server that it chose: the list cannot be read; None: no such reason."""
    return None if _chosen() in (EMBEDDED_ID, FROM_SETTINGS) else listed()[1]


def environment_of(id_: str) -> Environment | None:
    """The one with this id; None when there is none. The embedded one is started."""
    here = settings()
    if id_ == EMBEDDED_ID:
        own = embedded()
        return Environment(EMBEDDED, own.server.url, own.token, is_embedded=True, trouble=own.trouble)
    if id_ == FROM_SETTINGS:
        return None if here.url is None else _from_settings(here.url, here.token)
    remote = listed()[0].find(id_)
    return None if remote is None else environment_at(remote)


def environment_at(remote: Remote) -> Environment:
    """*remote*, as the pages drive it."""
    return Environment(
        remote.name, remote.url, None, is_embedded=False, origins=remote.origins, id=remote.id, remote=remote
    )


def _from_settings(url: str, token: str | None) -> Environment:
    return Environment(naming.environment_name(url), url, token, is_embedded=False, id=FROM_SETTINGS)


def client(where: Environment, log: CallLog | None) -> FaceMatchClient:
    """This session's client for *where*; a session of its own, as requests does not promise thread safety."""
    if where.remote is not None:
        return _remote_client(where.remote, log)
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


@st.cache_resource(
    scope="session", show_spinner=False, hash_funcs={CallLog: id, Remote: repr}, on_release=FaceMatchClient.close
)
def _remote_client(remote: Remote, log: CallLog | None) -> FaceMatchClient:
    return client_of(remote, log)


def client_of(remote: Remote, log: CallLog | None, *, token: TokenSource | None = None) -> FaceMatchClient:
    """A new client for *remote*, for its maker to close; *token* in place of the kept one."""
    login = None if remote.proxy_login is None else _secret(remote, "proxy")
    kept = None if remote.token is None else _secret(remote, "token")
    return FaceMatchClient(
        remote.url,
        token_source=token or kept,
        log=log,
        environment=remote.name,
        connect_timeout_s=remote.connect_timeout_s,
        timeout_s=remote.timeout_s,
        route=Route(
            remote.check != "off", remote.authorities if remote.check == "own" else None, remote.proxy or None, login
        ),
        origins=remote.origins,
    )


def _secret(remote: Remote, kind: Kind) -> Callable[[], str]:
    """Fetches it when a call needs it: no page holds it, and none waits for a keyring."""
    kept, place = tokens_kept(), remote.token if kind == "token" else remote.proxy_login
    assert place is not None  # noqa: S101 - the caller has looked
    return lambda: kept.find(remote.id, kind, place.place)
