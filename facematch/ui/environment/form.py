"""The form for one environment. What is typed outlives a page switch; secrets do not, and are never shown."""

from dataclasses import replace
from ssl import DER_cert_to_PEM_cert
from typing import Any

import streamlit as st

from facematch.environments import Remote, new_id
from facematch.errors import EnvironmentsUnavailable, SecretUnavailable
from facematch.log.purge import Due
from facematch.ui import health_watch, services
from facematch.ui.environment import fields, retention_change
from facematch.ui.environment import steps as environment_steps
from facematch.ui.environment import switch as environment_switch
from facematch.ui.environment.rules import Draft, Problems, draft_of, secret_problem
from facematch.ui.environment.saving import Saved, Typed, save
from facematch.ui.formats import plain
from facematch.ui.words import Speaker

FORM, ASKED, TRIED = "environments.form", "environments.asked", "environments.tried"
FIELDS = ("name", "url", "check", "authorities", "proxy", "connect_timeout_s", "timeout_s", "origins", "retention_days")
MOST_BYTES = 1_000_000  # of a file with certificates
SECRETS = ("token", "proxy_login")


def open_form(draft: Draft) -> None:
    """Show the form with *draft* in place of the list. For callbacks.

    It has its id from now on: saved twice, by a double click, it is still one environment.
    """
    close_form()
    st.session_state[FORM] = draft if draft.id is not None else replace(draft, id=new_id())


def close_form() -> None:
    """Back to the list; what was typed is gone. For callbacks."""
    for name in (FORM, ASKED, TRIED, fields.INITIAL, *map(fields.key_of, FIELDS), *map(fields.key_of, SECRETS)):
        st.session_state.pop(name, None)


def edit(remote: Remote) -> None:
    """Open the form for *remote*. For callbacks."""
    open_form(draft_of(remote))


def form(say: Speaker) -> bool:
    """Draw the form, and save what it holds when that was asked; False when it is not open."""
    draft = st.session_state.get(FORM)
    if not isinstance(draft, Draft):
        return False
    before = None if draft.id is None else services.listed()[0].find(draft.id)
    going = retention_change.of_draft(draft, before)
    problems = _saved_or_problems(draft, going, say)
    st.subheader(
        say("environments.form.new") if before is None else say("environments.form.edit", name=plain(before.name)),
        anchor=False,
    )
    left, right = st.columns(2, gap="large")
    with left:
        fields.who(draft, before, problems, _typed, say)
    with right:
        fields.way(draft, before, problems, _typed, say)
    fields.rest(problems, draft, going, _typed, say)
    if problems:
        st.error(say("environments.problem.count"), icon=":material/error:")
    _buttons(say)
    return True


def _typed(field: str) -> None:
    """Copy what a field holds: its own value is gone after a page switch."""
    if field == fields.FILE:
        _take_authorities()
        field = "authorities"
    draft, value = st.session_state.get(FORM), st.session_state.get(fields.key_of(field))
    if isinstance(draft, Draft):
        changes: dict[str, Any] = {field: tuple(value or ()) if field == "origins" else value}
        st.session_state[FORM] = replace(draft, **changes)


def _take_authorities() -> None:
    """Put the certificates of a file into their field, as PEM."""
    file = st.session_state.get(fields.key_of(fields.FILE))
    if file is not None:
        data = file.getvalue()[:MOST_BYTES]
        is_der = data.startswith(b"\x30")
        st.session_state[fields.key_of("authorities")] = (
            DER_cert_to_PEM_cert(data) if is_der else data.decode("latin-1")
        )


def _buttons(say: Speaker) -> None:
    with st.container(horizontal=True):
        st.button(
            say("environments.form.save"),
            key="environment_save",
            type="primary",
            on_click=_ask,
            args=("save",),
            shortcut="Ctrl+Enter",
        )
        st.button(say("environments.form.save_test"), key="environment_save_test", on_click=_ask, args=("test",))
        st.button(say("environments.cancel"), key="environment_cancel", on_click=close_form)


def _ask(what: str) -> None:
    st.session_state[ASKED], st.session_state[TRIED] = what, True


def _saved_or_problems(draft: Draft, going: tuple[Due, ...], say: Speaker) -> Problems:
    """Save before a field is drawn, so that its problem stands beside it; after the first try they are kept up to date.

    A saved environment leaves the form: the page is drawn anew with the list.
    """
    asked = st.session_state.pop(ASKED, None)
    taken = (environment_switch.settings_name(),)
    problems = {field: found for field in SECRETS if (found := secret_problem(field, _secret(field).text)) is not None}
    problems |= retention_change.problem(going)
    if asked is None or problems:
        tried = st.session_state.get(TRIED)
        return {**draft.problems_among(services.listed()[0], taken), **problems} if tried else {}
    try:
        saved = save(draft, _secret("token"), _secret("proxy_login"), taken)
    except (EnvironmentsUnavailable, SecretUnavailable) as error:
        st.error(say("environments.not_saved", reason=plain(str(error))), icon=":material/save:")
        return {}
    if saved.remote is not None:
        _leave(saved, saved.remote, asked, say)
    return saved.problems


def _leave(saved: Saved, remote: Remote, asked: str, say: Speaker) -> None:
    close_form()
    environment_steps.drop(remote.id)
    health_watch.forget(services.client(services.environment_at(remote), services.log_or_trouble()[0]))
    if asked == "test":
        environment_steps.ask(remote.id)
    st.toast(say("environments.saved", name=plain(remote.name)), icon=":material/check:")
    if "file" in saved.places:
        st.toast(say("environments.secret_in_file"), icon=":material/key:")
    st.rerun()


def _secret(field: str) -> Typed:
    text, removes = (st.session_state.get(fields.key_of(name)) for name in (field, f"{field}_remove"))
    return Typed(str(text or ""), bool(removes))
