"""The real pages, run without a browser, on the real service, engine and log."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from facematch.ui.words import CATALOGUE, Speaker

ROOT = Path(__file__).parents[2]


@pytest.fixture
def data_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("FACEMATCH_DATA_DIR", str(tmp_path / "data"))
    st.cache_data.clear()
    st.cache_resource.clear()
    yield tmp_path / "data"
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture(params=CATALOGUE)
def say(request):
    return Speaker(request.param)


@pytest.fixture
def app(data_dir, say):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.session_state["language"] = say.language
    return at.run()


@pytest.fixture
def open_page(app):
    """Go to a page and run it; every run must end without an exception."""

    def go(name):
        app.switch_page(name)
        app.run()
        assert not app.exception
        return app

    return go


def texts(at):
    """Everything that the page says, as one text."""
    kinds = (at.title, at.subheader, at.markdown, at.caption, at.success, at.warning, at.error, at.info, at.code)
    return "\n".join(str(element.value) for kind in kinds for element in kind)
