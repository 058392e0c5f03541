"""A removed environment stays, unseen and with its secrets, until the next page: until then it can be taken back."""

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import streamlit as st

from facematch.environments import EMBEDDED, EnvironmentList, Listed, Remote, Secret, put, without
from facematch.errors import EnvironmentsUnavailable, SecretUnavailable
from facematch.tokens_kept import Kind, TokensKept
from facematch.ui import services

REMOVED = "environments.removed"  # in the session: those that may be taken back
PAGE = "environments"
SOON_S = 0.5
KEPT_MS = 3_600_000  # a session that ends without another page leaves it for the next removal to clear


def remove(id_: str) -> None:
    """Take it out of the list; a session that drives it falls back. For callbacks.

    Raises:
        EnvironmentsUnavailable: The list cannot be written.
    """
    now_ms = time.time_ns() // 1_000_000

    def how(listed: Listed) -> Listed:
        remote = listed.find(id_)
        start = EMBEDDED if listed.start_with == id_ else listed.start_with
        kept = listed if remote is None else put(listed, replace(remote, removed_at_ms=now_ms))
        return replace(kept, start_with=start)

    gone = [each for each in services.environment_list().change(how).environments if each.removed_at_ms is not None]
    ours = {each.id for each in removed()} | {id_}
    st.session_state[REMOVED] = tuple(each for each in gone if each.id in ours)
    forget_soon([each for each in gone if each.id not in ours and (each.removed_at_ms or 0) < now_ms - KEPT_MS])


def removed() -> tuple[Remote, ...]:
    """Those that may be taken back."""
    return tuple(st.session_state.get(REMOVED, ()))


def take_back(remote: Remote) -> bool:
    """List it again; False when another one has its name meanwhile. For callbacks.

    Raises:
        EnvironmentsUnavailable: The list cannot be written.
    """

    def how(listed: Listed) -> Listed:
        is_taken = remote.name.casefold() in {each.name.casefold() for each in listed.remotes}
        return listed if is_taken else put(listed, replace(remote, removed_at_ms=None))

    is_back = services.environment_list().change(how).find(remote.id) is not None
    if is_back:
        st.session_state[REMOVED] = tuple(each for each in removed() if each.id != remote.id)
    return is_back


def settle(page: str) -> None:
    """On any page but the one with the list: the removed ones and their secrets are deleted for good."""
    gone = removed()
    if gone and page != PAGE:
        del st.session_state[REMOVED]
        forget_soon(gone)


def forget_soon(gone: Sequence[Remote]) -> None:
    """Delete them for good, in the background after a moment: a keyring may make everybody wait."""
    listed, kept = services.environment_list(), services.tokens_kept()

    def forget() -> None:
        for each in gone:
            with suppress(EnvironmentsUnavailable, SecretUnavailable):  # unseen already; a later removal clears it
                _forget(each, listed, kept)

    thread = threading.Thread(target=forget, name="removed-environments", daemon=True)
    thread.start()
    thread.join(SOON_S)


def _forget(remote: Remote, listed: EnvironmentList, kept: TokensKept) -> None:
    """Its secrets first: an entry that is left leads to them. One that another tab has taken back stays."""
    if listed.read().find(remote.id) is not None:
        return
    secrets: dict[Kind, Secret | None] = {"token": remote.token, "proxy": remote.proxy_login}
    troubles = list[SecretUnavailable]()
    for kind, secret in secrets.items():
        if secret is not None:
            try:
                kept.forget(remote.id, kind, secret.place)
            except SecretUnavailable as error:
                troubles.append(error)
    if troubles:
        raise troubles[0]
    listed.change(lambda now: without(now, remote.id))
