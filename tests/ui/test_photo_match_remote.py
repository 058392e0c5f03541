import pytest
import streamlit as st

from facematch.engine.pipeline import FaceEngine
from facematch.environments import FROM_SETTINGS
from facematch.service import Server, create_app
from facematch.settings import Settings
from facematch.ui import services

from .conftest import PHOTO_MATCH, compare, rows, texts

TOKEN = "token-of-a-remote-service"  # noqa: S105 - of this test's own service


@pytest.fixture
def remote(data_dir, app, monkeypatch, tmp_path):
    """The pages driving our own service as a remote one."""
    here = Settings(data_dir=tmp_path / "remote")
    server = Server(create_app(FaceEngine(here), token=TOKEN, settings=here))
    monkeypatch.setenv("FACEMATCH_URL", server.url)
    monkeypatch.setenv("FACEMATCH_TOKEN", TOKEN)
    st.cache_resource.clear()
    app.session_state[services.CHOSEN] = FROM_SETTINGS
    app.switch_page(PHOTO_MATCH)
    yield app.run()
    server.stop()


def test_evidence_is_asked_for_where_health_offers_it_whoever_runs_the_service(remote, say, data_dir):
    at = compare(remote)

    assert say("verdict.passed") in at.success[0].value
    assert say("check.sharpness") in texts(at)
    assert rows(data_dir)[0]["env"].startswith("127.0.0.1:")
    assert any(say("environment.local", url="…").split("…")[0] in warning.value for warning in at.warning)


def test_a_server_that_does_not_know_the_token_is_not_shown_as_ready(remote, say, monkeypatch):
    compare(remote)  # its networks are loaded then
    monkeypatch.setenv("FACEMATCH_TOKEN", "another")
    st.cache_resource.clear()
    remote.switch_page("app.py")
    remote.run()

    assert not remote.exception
    assert say("health.no_details") in texts(remote)
