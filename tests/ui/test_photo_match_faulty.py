"""The photo page on a server that misbehaves: each fault is one clear sentence, and betrays nothing."""

import re
from collections.abc import Iterator

import pytest
import streamlit as st
from faulty.expected import EXPECTED
from faulty.page import example
from faulty.scenarios import served
from faulty.server import FaultyServer

from facematch.environments import FROM_SETTINGS
from facematch.ui import services
from facematch.ui.failure import explain
from facematch.ui.words import Speaker

from .conftest import PHOTO_MATCH, compare, rows, texts

TOKEN = "a-token-nobody-may-read-0123456789"  # noqa: S105 - of no server
FAILING = (
    "closes", "drips_header", "garbage", "gzip_bomb", "307_elsewhere", "429_day", "500_html_gbk", "duplicate_verdict",
    "score_nan", "errcode_unknown", "echo", "accepted",
)  # fmt: skip


@pytest.fixture(params=["zh"])
def say(request):
    return Speaker(request.param)


@pytest.fixture(scope="module")
def server() -> Iterator[FaultyServer]:
    with served() as server:
        yield server


@pytest.fixture
def compare_on(server, monkeypatch, app):
    """Compare two photos on a scenario; what the page is then."""

    def go(name):
        monkeypatch.setenv("FACEMATCH_URL", f"{server.url}/{name}")
        monkeypatch.setenv("FACEMATCH_TOKEN", TOKEN)
        monkeypatch.setenv("FACEMATCH_TIMEOUT_S", "3")
        st.cache_resource.clear()
        st.cache_data.clear()
        app.session_state[services.CHOSEN] = FROM_SETTINGS
        app.switch_page(PHOTO_MATCH)
        return compare(app.run())

    return go


@pytest.mark.parametrize("name", FAILING)
def test_a_fault_is_told_in_the_words_of_its_kind_and_logged(name, compare_on, say, data_dir):
    at, expected = compare_on(name), EXPECTED[name]

    told = explain(example(expected), say)
    for words in (told.title, told.cause, told.remedy):
        assert words in at.error[0].value
    assert (say("failure.sent") in texts(at)) is bool(expected.sent)
    assert [row["outcome"] for row in rows(data_dir)] == [expected.outcome] * expected.attempts.photo
    assert TOKEN not in texts(at)
    assert not re.search(r"[A-Za-z0-9+/]{200}", texts(at))  # no photo


@pytest.mark.parametrize("name", ["hanging_health", "verdict_spelled_right", "429_then_good"])
def test_a_fault_that_leaves_a_verdict_is_no_failure(name, compare_on, say):
    at = compare_on(name)

    assert say("verdict.passed") in at.success[0].value
    assert any("isSuccess" in warning.value for warning in at.warning) is EXPECTED[name].drifts
