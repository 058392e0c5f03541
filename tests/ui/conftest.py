"""The real pages, run without a browser, on the real service, engine and log."""

from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from facematch import samples
from facematch.client import FaceMatchClient
from facematch.log import CallLog
from facematch.ui import services
from facematch.ui.words import CATALOGUE, Speaker

ROOT = Path(__file__).parents[2]
PHOTO_MATCH, HISTORY, VIDEO_MATCH = "pages/photo_match.py", "pages/history.py", "pages/video_match.py"


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


@pytest.fixture
def panel(open_page, app):
    """The page of environments with one of its tabs open."""

    def go(tab):
        app.session_state["panels.tab"] = tab
        return open_page("pages/environments.py")

    return go


@pytest.fixture
def service(app):
    """The embedded service, asked directly."""
    own = services.embedded()
    with FaceMatchClient(own.server.url, own.token) as client:
        yield client.local


def percent(number, say):
    """A share as the pages write it."""
    return f"{number:.1f}%" if say.language == "zh" else f"{number:.1f} %"


def texts(at):
    """Everything that the page says, as one text."""
    kinds = (at.title, at.subheader, at.markdown, at.caption, at.success, at.warning, at.error, at.info, at.code)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def rows(data_dir: Path):
    log = CallLog(data_dir / "log" / "calls.db")
    with log.reading() as db:
        found = [dict(row) for row in db.execute(text("SELECT * FROM calls ORDER BY id")).mappings()]
    log.close()
    return found


def upload(at, part, name, data=None):
    widget = at.file_uploader(key=f"{part}_upload_0")
    widget.upload(name, samples.photo(name) if data is None else data, "image/jpeg")
    return at.run()


def compare(at, reference="obama_2.jpg", probe="obama_1.jpg"):
    upload(at, "reference", reference)
    upload(at, "probe", probe)
    at.button(key="ask").click().run()
    assert not at.exception
    return at
