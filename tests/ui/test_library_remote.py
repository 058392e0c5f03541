"""What can be managed on a server that is not the embedded one."""

import pytest
import streamlit as st
from faulty.scenarios import served

from facematch.client import FaceMatchClient
from facematch.engine.pipeline import FaceEngine
from facematch.service import Server, create_app
from facematch.settings import Settings
from facematch.ui.words import Speaker

from .conftest import texts
from .test_environments import ENVIRONMENTS

MASTER = "token-of-a-remote-service"


@pytest.fixture(params=["zh"])
def say(request):
    return Speaker(request.param)


@pytest.fixture
def remote(data_dir, app, monkeypatch, tmp_path):
    """Our own service elsewhere, which the pages call with a token that it issued."""
    here = Settings(data_dir=tmp_path / "remote")
    server = Server(create_app(FaceEngine(here), token=MASTER, settings=here))
    with FaceMatchClient(server.url, MASTER) as client:
        issued = client.local.issue_token("console")
        monkeypatch.setenv("FACEMATCH_URL", server.url)
        monkeypatch.setenv("FACEMATCH_TOKEN", issued.token)
        st.cache_resource.clear()
        yield issued
    server.stop()


def test_the_token_that_the_console_uses_cannot_be_revoked_here(remote, app, say):
    app.session_state["panels.tab"] = "tokens"
    app.switch_page(ENVIRONMENTS)
    app.run()

    assert say("token.own") in texts(app)
    assert [button.key for button in app.button if "revoke" in str(button.key)] == []


def test_a_server_that_is_not_ours_has_nothing_to_manage(app, monkeypatch, say):
    with served() as server:
        monkeypatch.setenv("FACEMATCH_URL", f"{server.url}/good")
        monkeypatch.setenv("FACEMATCH_TOKEN", MASTER)
        st.cache_resource.clear()
        app.switch_page(ENVIRONMENTS)
        app.run()

    assert not app.exception
    assert say("kept.nothing") in texts(app)
    assert [tab.label for tab in app.tabs if tab.label == say("kept.tab.tokens")] == []
