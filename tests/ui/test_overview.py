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
    assert say("guide.help", done=0, environment=say("environment.embedded")) in texts(app)
    assert app.button(key="guide_explain").disabled
    assert say("overview.empty") in texts(app)


def test_the_first_steps_make_real_calls_and_tick_themselves_when_the_log_has_them(app, say, data_dir):
    app.button(key="guide_compare").click().run()
    app.button(key="guide_fail").click().run()
    assert not app.exception
    assert [(row["success"], row["errcode"]) for row in rows(data_dir)] == [(1, 0), (None, 2010)]
    assert say("guide.help", done=2, environment=say("environment.embedded")) in texts(app)
    app.button(key="guide_explain").click().run()
    assert not app.exception
    app.button_group(key="review_identity_1").set_value("same").run()
    app.switch_page("app.py")
    app.run()

    assert not app.exception
    assert rows(data_dir)[0]["label"] == 1
    assert say("guide.title") not in [heading.value for heading in app.subheader]
    assert say("guide.compare.do") not in [button.label for button in app.button]


def test_the_first_steps_are_put_away_and_brought_back(app, say):
    app.button(key="guide_away").click().run()
    assert say("guide.title") not in [heading.value for heading in app.subheader]
    app.button(key="guide_back").click().run()

    assert not app.exception
    assert say("guide.title") in [heading.value for heading in app.subheader]


def test_the_overview_names_the_place_of_the_log(app, data_dir):
    assert str(data_dir / "log" / "calls.db") in texts(app)


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
