"""Demo mode: one switch, an address or a setting; nothing personal, no debug; leaving is as easy."""

import pytest
from browser.worked_log import judged, write
from streamlit.testing.v1 import AppTest

from facematch.settings import Settings
from facematch.ui.words import Speaker

from .conftest import ROOT, texts

PAGE = "pages/environments.py"


def is_on(at, say):
    return say("demo.on") in texts(at)


def test_the_switch_holds_on_every_page_until_it_is_turned_off(app, say):
    assert not is_on(app, say)
    app.toggle(key="_demo").set_value(True).run()
    assert is_on(app, say)
    app.switch_page(PAGE).run()
    assert is_on(app, say)
    assert app.toggle(key="_demo").value is True
    app.button(key="demo_leave").click().run()

    assert not is_on(app, say)
    assert app.toggle(key="_demo").value is False
    app.switch_page("app.py").run()
    assert not is_on(app, say)
    assert not app.exception


def test_an_address_turns_it_on_and_the_switch_still_turns_it_off(data_dir):
    at, say = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60), Speaker("en")
    at.session_state["language"] = "en"
    at.query_params["demo"] = "1"
    at.run()
    assert is_on(at, say)
    at.toggle(key="_demo").set_value(False).run()

    assert not is_on(at, say)
    assert "demo" not in at.query_params


def test_a_setting_starts_with_it_and_an_address_leaves_it(data_dir, monkeypatch):
    monkeypatch.setenv("FACEMATCH_DEMO", "1")
    say = Speaker("en")
    for asked, expected in ((None, True), ("0", False), ("perhaps", True)):
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        at.session_state["language"] = "en"
        if asked is not None:
            at.query_params["demo"] = asked
        assert is_on(at.run(), say) is expected


def test_it_is_off_unless_somebody_wants_it():
    assert Settings().demo is False


def test_on_a_stage_there_is_no_place_on_a_disk_no_address_and_no_version(data_dir, monkeypatch):
    address = "http://127.0.0.1:9"
    monkeypatch.setenv("FACEMATCH_URL", address)
    at, say = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60), Speaker("en")
    at.session_state["language"] = "en"
    at.run()
    for shown in (address, "calls.db", say("log.title")):
        assert shown in texts(at)
    at.toggle(key="_demo").set_value(True).run()

    for hidden in (address, "calls.db", say("log.title"), say("health.version", version="0")[:-1]):
        assert hidden not in texts(at)


@pytest.mark.parametrize("is_demo", [False, True])
def test_a_reviewers_name_is_not_for_a_stage(data_dir, is_demo):
    write(data_dir / "log" / "calls.db", [judged(86.0)])
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.session_state["language"], at.session_state["reviewer"], at.session_state["demo"] = "en", "Rita", is_demo
    at.run()
    at.query_params["trace"] = f"{1:020d}"
    at.switch_page("pages/history.py").run()

    assert not at.exception
    assert at.segmented_control(key="review_identity_1") is not None
    assert [box.value for box in at.text_input if box.key == "_reviewer"] == ([] if is_demo else ["Rita"])
