"""Tokens that programs use to call the service: issue one, see which are valid, revoke."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from facematch.local import IssuedToken, TokenInfo
from facematch.ui.formats import code, plain, when
from facematch.ui.frame import Desk
from facematch.ui.kept.paged import paged
from facematch.ui.kept.panel_notice import Notice, confirm, leave, notice, told

PANEL = "tokens"
NOTE_MAX = 200  # characters; the service takes no more


@dataclass(slots=True)
class _Shelf:
    issued: IssuedToken | None = None


def access_tokens(desk: Desk) -> None:
    """The panel; only in it is a token's text ever shown, and only until it is stored."""
    say = desk.say
    st.markdown(say("token.help"))
    if not desk.is_demo:  # no address on a stage
        where = "token.address.embedded" if desk.environment.is_embedded else "token.address"
        st.markdown(say(where, url=code(desk.environment.url)))  # a caption is too pale for code
    notice(PANEL, desk)
    _issued(desk)
    _issue(desk)
    with told(say):
        _list(desk, desk.client.local.tokens())


def _issue(desk: Desk) -> None:
    say = desk.say
    with st.form("issue_token", clear_on_submit=True):
        note = st.text_input(
            say("token.note"),
            key="token_note",
            max_chars=NOTE_MAX,
            placeholder=say("token.note.example"),
            help=say("token.note.help"),
        )
        is_asked = st.form_submit_button(say("token.issue"), key="token_issue", icon=":material/key:")
    if is_asked and not note.strip():
        st.warning(say("token.note.missing"), icon=":material/edit:")
    elif is_asked:
        with told(say):
            shelf = _shelf(desk)  # before the call: a click meanwhile stops this run at its next use of the session
            shelf.issued = desk.client.local.issue_token(note.strip())
            leave(PANEL, desk, None)
            st.rerun()


def _issued(desk: Desk) -> None:
    """The new token's text, in this session alone, until the operator has stored it."""
    say, issued = desk.say, _shelf(desk).issued
    if issued is None:
        return
    with st.container(border=True, key="new_token"):
        st.markdown(say("token.issued", id=code(issued.id)))
        st.code(issued.token, language=None, wrap_lines=True)
        st.warning(say("token.once"), icon=":material/visibility:")
        st.button(
            say("token.stored"),
            key="token_stored",
            type="primary",
            icon=":material/check:",
            on_click=_forget,
            args=(desk,),
        )


def _forget(desk: Desk) -> None:
    _shelf(desk).issued = None


def _shelf(desk: Desk) -> _Shelf:
    """A token belongs to the server that issued it."""
    found: _Shelf = st.session_state.setdefault(f"tokens.issued.{desk.environment.url}", _Shelf())
    return found


def _list(desk: Desk, found: tuple[TokenInfo, ...]) -> None:
    say = desk.say
    valid = [token for token in found if token.revoked_at is None]
    st.subheader(say("token.list", valid=len(valid), all=len(found)), anchor=False)
    if not found:
        st.info(say("token.none" if desk.environment.is_embedded else "token.none.remote"), icon=":material/key_off:")
        return
    with_revoked = len(valid) < len(found) and st.toggle(say("token.with_revoked"), key="token_with_revoked")
    rows = tuple(reversed(found if with_revoked else valid))
    if not rows:
        st.info(say("token.none_valid"), icon=":material/key_off:")
    own = desk.client.local.own_token_id()
    for token in paged("tokens", rows, lambda token: f"{token.id} {token.note if desk.shows_personal else ''}", say):
        _row(token, desk, is_own=token.id == own)


def _row(token: TokenInfo, desk: Desk, *, is_own: bool) -> None:
    say = desk.say
    note = plain(token.note) if desk.shows_personal else say("kept.hidden")
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"token_{token.id}"):
        st.markdown(
            f"**{note or say('token.no_note')}**  \n{code(token.id)} · {say('token.since', at=_at(token.issued_at))}",
            width="stretch",
        )
        if token.revoked_at is not None:
            st.markdown(f":gray-badge[{say('token.revoked', at=_at(token.revoked_at))}]", width="content")
        elif is_own:
            st.markdown(f":blue-badge[{say('token.own')}]", help=say("token.own.help"), width="content")
        elif confirm(f"revoke_{token.id}", say("token.revoke.ask", id=code(token.id)), say("token.revoke"), say):
            with told(say):
                is_done = desk.client.local.revoke_token(token.id)
                leave(PANEL, desk, Notice("token.revoke.done" if is_done else "token.gone", {"id": code(token.id)}))
                st.rerun()


def _at(iso: str) -> str:
    return when(round(datetime.fromisoformat(iso).timestamp() * 1000))
