"""Tokens: their texts are nowhere, their owners are known until they are revoked."""

import hashlib
from datetime import UTC, datetime

import pytest


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
