import time

import pytest
import streamlit as st

from facematch import codes
from facematch.engine.weights import YUNET
from facematch.ui import services
from facematch.ui.formats import plain
from facematch.ui.frame import PAGES
from facematch.ui.words import CATALOGUE, Speaker

from .conftest import PHOTO_MATCH, ROOT, compare, rows, texts


@pytest.mark.parametrize("path", [path for path, _ in PAGES.values()])
def test_every_page_opens_in_every_language_with_an_empty_log(open_page, app, say, path):
    name = next(name for name, (file, _) in PAGES.items() if file == path)
    at = app if path == "app.py" else open_page(path)

    assert not at.exception
    assert at.title[0].value == say(f"page.{name}")


def test_the_overview_of_an_empty_log_says_what_to_do_first(app, say):
    assert say("guide.title") in [heading.value for heading in app.subheader]
    assert say("guide.step1") in texts(app)
    assert say("page.video_match") in say("guide.step4")
    assert say("guide.step4") in texts(app)


def test_the_overview_names_engine_weights_and_the_place_of_the_log(app, data_dir):
    said = texts(app)

    assert "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10" in said
    assert "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee" in said
    assert str(data_dir / "log" / "calls.db") in said


def test_a_setting_that_cannot_be_used_is_named(data_dir, say, app, monkeypatch):
    monkeypatch.setenv("FACEMATCH_TIMEOUT_S", "soon")
    services.settings.clear()
    app.run()

    assert not app.exception
    assert "FACEMATCH_TIMEOUT_S" in app.error[0].value


def test_the_language_changes_in_one_click(app, say):
    other = next(language for language in CATALOGUE if language != say.language)
    app.segmented_control(key="_language").set_value(other).run()

    assert app.title[0].value == Speaker(other)("page.overview")


def test_the_navigation_lists_every_page_file():
    files = {f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py")}

    assert {path for path, _ in PAGES.values()} == files | {"app.py"}


def test_damaged_weights_are_told_before_and_after_a_comparison(app, say, data_dir, monkeypatch, tmp_path):
    (tmp_path / YUNET.file).write_bytes(b"damaged")
    monkeypatch.setenv("FACEMATCH_MODEL_DIR", str(tmp_path))
    st.cache_resource.clear()
    deadline = time.monotonic() + 30
    while not app.run().error and time.monotonic() < deadline:
        time.sleep(0.05)

    assert not app.exception
    assert plain(YUNET.file) in app.error[0].value
    assert say("health.broken") in texts(app)
    app.switch_page(PHOTO_MATCH)
    compare(app.run())
    assert codes.CATALOGUE[2001].words(say.language).meaning in app.error[0].value
    assert rows(data_dir)[0]["errcode"] == 2001
