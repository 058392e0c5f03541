"""The fields of an environment's form, each with what is wrong with it below."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

import streamlit as st

from facematch.contract import ORIGINS
from facematch.environments import Remote, Secret
from facematch.log.purge import Due
from facematch.ui.environment import retention_change
from facematch.ui.environment.rules import Draft, Problems
from facematch.ui.words import Speaker

Typed = Callable[[str], None]
Value = TypeVar("Value")
INITIAL = "environments.initial"  # in the session: what the fields begin with
FILE = "authorities_file"  # its text goes into the field above it
CHECKS = ("usual", "own", "off")
HERE = ("127.0.0.1", "localhost", "::1")


def key_of(field: str) -> str:
    """The widget's key."""
    return f"environment_{field}"


def who(draft: Draft, before: Remote | None, problems: Problems, typed: Typed, say: Speaker) -> None:
    """Name, address and token."""
    _text("name", draft.name, problems, typed, say)
    _text("url", draft.url, problems, typed, say, placeholder="https://face.example:8443")
    if _is_plain(draft.url):
        st.warning(say("environments.field.tls.http"), icon=":material/lock_open:")
    _secret("token", None if before is None else before.token, problems, say)


def way(draft: Draft, before: Remote | None, problems: Problems, typed: Typed, say: Speaker) -> None:
    """Whose certificates count, and the proxy."""
    st.radio(
        say("environments.field.tls"),
        CHECKS,
        index=CHECKS.index(_initial("check", draft.check)),
        format_func=lambda check: say(f"environments.field.tls.{check}"),
        key=key_of("check"),
        on_change=typed,
        args=("check",),
        horizontal=True,
    )
    if draft.check == "off":
        st.error(say("environments.field.tls.off.warning"), icon=":material/gpp_bad:")
    if draft.check == "own":
        _authorities(draft, problems, typed, say)
    _text("proxy", draft.proxy, problems, typed, say, placeholder="http://proxy.example:3128")
    held = None if before is None else before.proxy_login
    if draft.proxy.strip() or held is not None:
        _secret("proxy_login", held, problems, say)


def rest(problems: Problems, draft: Draft, going: tuple[Due, ...], typed: Typed, say: Speaker) -> None:
    """What has good defaults."""
    mine = ("connect_timeout_s", "timeout_s", "origins", "retention_days")
    is_open = bool(going) or not problems.keys().isdisjoint(mine)
    with st.expander(say("environments.field.more"), expanded=is_open, icon=":material/tune:"):
        for place, field in zip(st.columns(3), ("connect_timeout_s", "timeout_s", "retention_days"), strict=True):
            with place:
                _number(field, getattr(draft, field), problems, typed, say)
        retention_change.ask(going, say)
        st.pills(
            say("environments.field.origins"),
            ORIGINS,
            default=list(_initial("origins", draft.origins)),
            selection_mode="multi",
            key=key_of("origins"),
            on_change=typed,
            args=("origins",),
            help=say("environments.field.origins.help"),
        )
        _told("origins", problems, say)


def _initial(field: str, value: Value) -> Value:
    """What a field begins with; once it is there it is the browser's.

    Given as its default: a value of the session is told to the browser once, and lost when another run follows at once.
    """
    kept = st.session_state.setdefault(INITIAL, {})
    if key_of(field) not in st.session_state:
        kept[field] = value
    found: Value = kept.setdefault(field, value)
    return found


def _text(
    field: str, value: str, problems: Problems, typed: Typed, say: Speaker, placeholder: str | None = None
) -> None:
    st.text_input(
        say(f"environments.field.{field}"),
        _initial(field, value),
        key=key_of(field),
        on_change=typed,
        args=(field,),
        help=say(f"environments.field.{field}.help"),
        placeholder=placeholder,
        autocomplete="off",
    )
    _told(field, problems, say)


def _number(field: str, value: float | None, problems: Problems, typed: Typed, say: Speaker) -> None:
    st.number_input(
        say(f"environments.field.{field}"),
        value=_initial(field, value),
        key=key_of(field),
        on_change=typed,
        args=(field,),
        help=say(f"environments.field.{field}.help"),
        format="%g",
        step=1.0,
    )
    _told(field, problems, say)


def _secret(field: str, held: Secret | None, problems: Problems, say: Speaker) -> None:
    """Write-only: what is kept is never put into a field."""
    place = f"environments.field.{field}"
    st.text_input(
        say(place if held is None else f"{place}.replace"),
        key=key_of(field),
        type="password",
        help=say(f"{place}.help"),
        autocomplete="new-password",
        on_change="ignore",
        live="0ms",  # a focus that leaves by the eye in the field is no blur: the browser would keep what was typed
    )
    _told(field, problems, say)
    if held is not None:
        st.caption(f":material/key: {say(f'{place}.set')}")
        st.checkbox(say(f"{place}.remove"), key=key_of(f"{field}_remove"))


def _authorities(draft: Draft, problems: Problems, typed: Typed, say: Speaker) -> None:
    if key_of("authorities") not in st.session_state:  # no default: the file's text is put here, too
        st.session_state[key_of("authorities")] = draft.authorities
    st.text_area(
        say("environments.field.authorities"),
        key=key_of("authorities"),
        on_change=typed,
        args=("authorities",),
        height=140,
        help=say("environments.field.authorities.help"),
        placeholder="-----BEGIN CERTIFICATE-----",
    )
    _told("authorities", problems, say)
    st.file_uploader(
        say("environments.field.authorities.file"),
        type=["pem", "crt", "cer"],
        key=key_of(FILE),
        on_change=typed,
        args=(FILE,),
    )
    tell_limits(key_of(FILE), say("environments.file.pem"))


def tell_limits(key: str, words: str) -> None:
    """Below the upload box *key*, in place of the frame's words about photos."""
    place = f'.st-key-{key} [data-testid="stFileUploaderDropzoneInstructions"]::after'
    st.html(f'<style>{place} {{content: "{words}"}}</style>')


def _told(field: str, problems: Problems, say: Speaker) -> None:
    if field in problems:
        st.error(say(f"environments.problem.{problems[field]}"), icon=":material/error:")


def _is_plain(url: str) -> bool:
    """Whether everything sent to *url* can be read on the way."""
    try:
        parts = urlsplit(url.strip())
        return parts.scheme == "http" and bool(parts.hostname) and parts.hostname not in HERE
    except ValueError:
        return False
