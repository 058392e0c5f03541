"""A removed environment stays, unseen and with its secrets, until the next page: until then it can be taken back."""

import time
from contextlib import suppress
from dataclasses import replace

import streamlit as st

from facematch.environments import EMBEDDED, Listed, Remote, put, without
from facematch.errors import EnvironmentsUnavailable, SecretUnavailable
from facematch.ui import services

REMOVED = "environments.removed"  # in the session: the one that may be taken back
PAGE = "environments"
KEPT_MS = 3_600_000  # a session that ends without another page leaves it for the next removal to clear


def remove(id_: str) -> None:
    """Take it out of the list; a session that drives it falls back. For callbacks.

    Raises:
        EnvironmentsUnavailable: The list cannot be written.
    """
    now_ms = time.time_ns() // 1_000_000
    settle("")

    def how(listed: Listed) -> Listed:
        remote = listed.find(id_)
        start = EMBEDDED if listed.start_with == id_ else listed.start_with
        kept = listed if remote is None else put(listed, replace(remote, removed_at_ms=now_ms))
        return replace(kept, start_with=start)

    listed = services.environment_list().change(how)
    for old in listed.environments:
        if old.removed_at_ms is not None and old.removed_at_ms < now_ms - KEPT_MS:
            _forget(old)
    st.session_state[REMOVED] = next((each for each in listed.environments if each.id == id_), None)


def removed() -> Remote | None:
    """The one that may be taken back."""
    found = st.session_state.get(REMOVED)
    return found if isinstance(found, Remote) else None


def take_back() -> bool:
    """List it again; False when another one has its name meanwhile. For callbacks.

    Raises:
        EnvironmentsUnavailable: The list cannot be written.
    """
    remote = removed()
    if remote is None:
        return True

    def how(listed: Listed) -> Listed:
        is_taken = remote.name.casefold() in {each.name.casefold() for each in listed.remotes}
        return listed if is_taken else put(listed, replace(remote, removed_at_ms=None))

    is_back = services.environment_list().change(how).find(remote.id) is not None
    if is_back:
        del st.session_state[REMOVED]
    return is_back


def settle(page: str) -> None:
    """On any page but the one with the list: the removed one and its secrets are deleted for good."""
    remote = removed()
    if remote is None or page == PAGE:
        return
    del st.session_state[REMOVED]
    with suppress(EnvironmentsUnavailable):  # it is unseen already; the next removal clears it
        _forget(remote)


def _forget(remote: Remote) -> None:
    """Its secrets first: an entry that is left leads to them. One that another tab has taken back stays."""
    if services.environment_list().read().find(remote.id) is not None:
        return
    with suppress(SecretUnavailable):
        forget_secrets(remote)
    services.environment_list().change(lambda listed: without(listed, remote.id))


def forget_secrets(remote: Remote) -> None:
    """Delete its token and its proxy's login.

    Raises:
        SecretUnavailable: One cannot be deleted.
    """
    if remote.token is not None:
        services.tokens_kept().forget(remote.id, "token", remote.token.place)
    if remote.proxy_login is not None:
        services.tokens_kept().forget(remote.id, "proxy", remote.proxy_login.place)
