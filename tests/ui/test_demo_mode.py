"""Demo mode: one switch, an address or a setting; nothing personal, no debug; leaving is as easy."""

import pytest
from browser.worked_log import judged, write
from streamlit.testing.v1 import AppTest

from facematch import samples
from facematch.client import FaceMatchClient
from facematch.environments import EnvironmentList, Remote, put
from facematch.settings import Settings
from facematch.ui import services
from facematch.ui.formats import plain
from facematch.ui.forms.elsewhere import from_link
from facematch.ui.forms.held import Held
from facematch.ui.forms.photos import sample
from facematch.ui.words import Speaker

from .conftest import PHOTO_MATCH, ROOT, VIDEO_MATCH, texts

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


def told_and_drawn(at):
    """What the page says, with the texts that stand in for pictures and what can be chosen."""
    alts = [str(image.proto) for image in at.get("imgs") or at.get("image")]
    return "\n".join((texts(at), *alts, *(option for box in at.selectbox for option in box.options)))


@pytest.fixture
def named(open_page):
    """The photo page with a file, a stored file and a link that bear a person's name, compared."""

    def go(page):
        own = services.embedded()
        with FaceMatchClient(own.server.url, own.token) as client:
            client.local.upload("ZhangSan/a.jpg", samples.photo("obama_1.jpg"))
        at = open_page(page)
        at.session_state["photo.reference"] = Held("ZhangSan.jpg", samples.photo("obama_2.jpg"), "upload")
        at.session_state["photo.probe"] = Held("ZhangSan.txt", b"no photo", "upload")
        at.session_state["video.probe"] = Held("ZhangSan.avi", b"no video", "upload", "video")
        return at.run()

    return go


@pytest.mark.parametrize(("page", "kinds"), [(PHOTO_MATCH, ["photo"]), (VIDEO_MATCH, ["photo", "video"])])
def test_a_files_name_is_not_for_a_stage(named, say, page, kinds):
    at = named(page)
    at.button(key="ask").click().run()
    assert "ZhangSan" in told_and_drawn(at)
    at.toggle(key="_demo").set_value(True).run()

    assert not at.exception
    assert "ZhangSan" not in told_and_drawn(at)
    assert [say(f"held.{kind}") for kind in kinds if say(f"held.{kind}") not in texts(at)] == []


def test_a_stored_files_path_and_a_link_are_not_for_a_stage(named, say):
    at = named(PHOTO_MATCH)
    at.session_state["photo.reference"] = from_link("https://store.example/ZhangSan.jpg?a=b", "photo")
    at.session_state["probe_source"] = say("elsewhere.tab")
    at.run()
    at.segmented_control(key="probe_elsewhere_0_place").set_value("fds").run()
    at.selectbox(key="probe_elsewhere_0_file").set_value("ZhangSan/a.jpg").run()
    for name in ("ZhangSan/a", plain("ZhangSan/a.jpg"), plain("https://store.example/ZhangSan.jpg")):
        assert name in told_and_drawn(at)
    at.toggle(key="_demo").set_value(True).run()

    assert not at.exception
    assert "ZhangSan" not in told_and_drawn(at)
    assert say("elsewhere.told.uri", name=say("held.photo")) in [info.value for info in at.info]
    file = at.selectbox(key="probe_elsewhere_0_file")
    assert [option.partition(" · ")[0] for option in file.options] == [
        say("elsewhere.file.hidden", number=1, size="").partition(" · ")[0]
    ]
    assert at.session_state["photo.probe"].address == "ZhangSan/a.jpg"


def test_a_samples_name_may_be_seen_on_a_stage(open_page, say):
    at = open_page(PHOTO_MATCH)
    at.session_state["photo.reference"] = sample("obama_2.jpg")
    at.toggle(key="_demo").set_value(True).run()

    assert plain("obama_2.jpg") in texts(at)


def test_a_banner_and_a_test_on_a_stage_name_the_environment_and_no_address(open_page, data_dir, say):
    way = {"proxy": "http://127.0.0.1:8", "check": "off", "connect_timeout_s": 0.5}
    place = EnvironmentList(data_dir / "environments.json")
    place.change(lambda now: put(now, Remote("aa", "Lab", "https://127.0.0.1:9", **way)))
    place.change(lambda now: put(now, Remote("bb", "Direct", "http://127.0.0.1:7", connect_timeout_s=0.5)))
    at = open_page(PAGE)
    at.toggle(key="_demo").set_value(True).run()
    at.selectbox(key="_environment").select("aa").run()
    for key in ("aa", "bb"):
        at.button(key=f"environment_test_{key}").click().run()

    assert not at.exception
    assert say("environments.unverified", name="Lab", url="Lab") in [error.value for error in at.error]
    assert say("environments.step.reach.failed", url="Direct") in texts(at)
    assert say("environments.step.proxy.unreachable", proxy=say("kept.hidden")) in texts(at)
    assert "127.0.0.1" not in texts(at)
