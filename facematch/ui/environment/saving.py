"""A form's environment into the list, its secrets to where secrets are kept."""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from facematch.environments import Listed, Remote, Secret, put
from facematch.errors import EnvironmentsUnavailable, SecretUnavailable
from facematch.tokens_kept import Kind, Place
from facematch.ui import services
from facematch.ui.environment.rules import Draft, Problems

KINDS: tuple[Kind, ...] = ("token", "proxy")


@dataclass(frozen=True, slots=True)
class Typed:
    """What becomes of one secret: *text* takes its place, or it goes; neither: it stays."""

    text: str = field(default="", repr=False)
    removes: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving came to."""

    remote: Remote | None  # None: nothing was saved, because of the problems
    problems: Problems
    places: tuple[Place, ...] = ()  # of the secrets that were kept now


def save(draft: Draft, token: Typed, proxy_login: Typed, taken: tuple[str, ...]) -> Saved:
    """List *draft*, in place of the one that has its id.

    Raises:
        EnvironmentsUnavailable, SecretUnavailable: It cannot be kept; the list and the secrets are what they were.
    """
    listed = services.listed()[0] if draft.is_new else services.environment_list().read()
    before = None if draft.id is None else listed.find(draft.id)
    problems = draft.problems_among(listed, taken)
    if problems:
        return Saved(None, problems)
    remote = draft.remote(before)
    earlier = _secrets(before, {"token": token, "proxy": proxy_login})
    try:
        kept_token, kept_login = _kept(remote, "token", token), _kept(remote, "proxy", proxy_login)
        remote = replace(remote, token=kept_token, proxy_login=kept_login)
        problems = _listed(draft, remote, taken)
    except (EnvironmentsUnavailable, SecretUnavailable):
        _undo(remote, before, earlier)
        raise
    if problems:
        _undo(remote, before, earlier)
        return Saved(None, problems)
    places = [each.place for each, typed in ((kept_token, token), (kept_login, proxy_login)) if each and typed.text]
    return Saved(remote, {}, tuple(places))


def _listed(draft: Draft, remote: Remote, taken: tuple[str, ...]) -> Problems:
    """Look again under the lock: another tab may have taken the name meanwhile."""
    problems: Problems = {}

    def how(listed: Listed) -> Listed:
        problems.update(draft.problems_among(listed, taken))
        return listed if problems else put(listed, remote)

    services.environment_list().change(how)
    return problems


def _kept(remote: Remote, kind: Kind, typed: Typed) -> Secret | None:
    """The secret after saving; where it is removed, it is deleted at once."""
    held = remote.token if kind == "token" else remote.proxy_login
    text = typed.text.strip()
    if text:
        return Secret(services.tokens_kept().keep(remote.id, kind, text), time.time_ns() // 1_000_000)
    if typed.removes and held is not None:
        services.tokens_kept().forget(remote.id, kind, held.place)
        return None
    return held


def _secrets(before: Remote | None, typed: Mapping[Kind, Typed]) -> Mapping[Kind, tuple[Secret, str]]:
    """What is replaced or goes, to be put back: a new token must not go to the address that stays listed."""
    found: dict[Kind, tuple[Secret, str]] = {}
    if before is None:
        return found
    for kind in KINDS:
        held = before.token if kind == "token" else before.proxy_login
        if held is not None and (typed[kind].text.strip() or typed[kind].removes):
            with suppress(SecretUnavailable):
                found[kind] = held, services.tokens_kept().find(before.id, kind, held.place)
    return found


def _undo(remote: Remote, before: Remote | None, earlier: Mapping[Kind, tuple[Secret, str]]) -> None:
    """A new one that is not listed leaves no secret behind; one that stays as it was has those it had."""
    for kind in KINDS if before is None else ():
        with suppress(SecretUnavailable):
            services.tokens_kept().forget(remote.id, kind, "keyring")  # and from its file
    for kind, (secret, text) in earlier.items():
        with suppress(SecretUnavailable):
            services.tokens_kept().put_back(remote.id, kind, text, secret.place)
