"""Tokens: their texts are nowhere, their owners are known until they are revoked."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, event


def test_an_issued_token_belongs_to_the_digest_of_its_text(state):
    issued = state.tokens.issue("a partner")

    assert state.tokens.owner(issued.token) == hashlib.sha256(issued.token.encode()).hexdigest()


@pytest.mark.parametrize("change", [str.upper, lambda t: t + "x", lambda t: t[:-1], lambda t: " " + t])
def test_a_text_that_differs_in_anything_belongs_to_nobody(state, change):
    assert state.tokens.owner(change(state.tokens.issue("").token)) is None


@pytest.mark.parametrize("text", ["", ".", "\x00", "\x00.\x00", "\ud800", "数字.数字", "' OR 1=1 --", "a" * 100_000])
def test_a_text_that_was_never_issued_belongs_to_nobody(state, text):
    state.tokens.issue("")

    assert state.tokens.owner(text) is None


@pytest.mark.parametrize(
    "text", ["hunter2", "hunter2.secret", "Bearer 0123", f"{'0' * 12}.{'x' * 42}", f"{'0' * 12}.{'x' * 43}\n"]
)
def test_a_text_that_is_not_of_our_form_does_not_reach_the_database(state, asked, text):
    assert state.tokens.owner(text) is None
    assert not asked


def test_of_a_text_of_our_form_only_the_id_reaches_the_database(state, asked):
    assert state.tokens.owner(f"{'0' * 12}.{'x' * 43}") is None
    assert "0" * 12 in repr(asked)
    assert "xxx" not in repr(asked)


@pytest.fixture
def asked(state) -> Iterator[list[object]]:
    """The values that statements carried, by whichever database."""
    heard: list[object] = []

    def hear(connection, cursor, statement, values, context, many) -> None:
        heard.append(values)

    event.listen(Engine, "before_cursor_execute", hear)
    yield heard
    event.remove(Engine, "before_cursor_execute", hear)


def test_the_secret_of_one_token_does_not_fit_the_id_of_another(state):
    one, two = state.tokens.issue("one"), state.tokens.issue("two")

    assert state.tokens.owner(f"{one.id}.{two.token.partition('.')[2]}") is None


def test_a_revoked_token_is_nobodys_for_every_worker_at_once(state, settings, opened):
    other, issued = opened(settings), state.tokens.issue("")
    kept = state.tokens.issue("")

    assert other.tokens.owner(issued.token)
    assert (state.tokens.revoke(issued.id), state.tokens.revoke(issued.id)) == (True, False)
    assert other.tokens.owner(issued.token) is None
    assert other.tokens.owner(kept.token)


def test_revoking_what_was_never_issued_revokes_nothing(state):
    issued = state.tokens.issue("")

    assert [state.tokens.revoke(each) for each in ("", "nobody", "\x00", issued.token)] == [False] * 4
    assert state.tokens.owner(issued.token)


def test_the_list_tells_notes_and_times_and_no_text(state):
    before = datetime.now(UTC).replace(microsecond=0)
    issued = [state.tokens.issue(note) for note in ("  合作方  ", "a\nnew\x00line\ud800", "x" * 999)]
    state.tokens.revoke(issued[1].id)
    listed = {info.id: info for info in state.tokens.all()}

    assert [listed[each.id].note for each in issued] == ["合作方", "a new line?", "x" * 199 + "…"]
    assert [listed[each.id].revoked_at is None for each in issued] == [True, False, True]
    assert all(before <= datetime.fromisoformat(info.issued_at) <= datetime.now(UTC) for info in listed.values())
    assert not any(each.token.partition(".")[2] in repr((listed, issued)) for each in issued)


def test_tokens_outlive_a_restart(settings, opened):
    first = opened(settings)
    issued = first.tokens.issue("")
    first.close()

    assert opened(settings).tokens.owner(issued.token)
