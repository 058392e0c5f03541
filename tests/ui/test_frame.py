"""What stands around every page: navigation, the line that tells how the environment is, the language."""

import socket
import threading
import time

import pytest
from streamlit.testing.v1 import AppTest

from facematch.client import FaceMatchClient
from facematch.local import Health
from facematch.ui import health_watch
from facematch.ui.frame import GROUPS, PAGES
from facematch.ui.health_strip import AGAIN_S, ICONS, state_of
from facematch.ui.health_watch import ASKING, Watch
from facematch.ui.words import Speaker

from .conftest import ROOT, texts

PAGE = "pages/environments.py"


@pytest.fixture
def hanging():
    """The address of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def until(condition, within_s=30):
    deadline = time.monotonic() + within_s
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_each_page_stands_in_one_group_of_the_navigation():
    assert sorted(page for pages in GROUPS.values() for page in pages) == sorted(PAGES)


def test_every_page_says_which_environment_is_driven_how_it_is_and_which_version(open_page, say):
    at = open_page(PAGE)

    assert until(lambda: say("health.ready") in texts(at.run()))
    line = next(each.value for each in at.markdown if say("health.ready") in each.value)
    assert say("environment.embedded") in line
    assert say("health.version", version="0\\.1\\.0") in line


def test_no_run_waits_for_a_server_that_hangs(hanging):
    watch = Watch()
    with FaceMatchClient(hanging, timeout_s=20) as client:
        began = time.monotonic()
        first = watch.look(client)
        asked_once = sum(thread.name == health_watch.THREAD for thread in threading.enumerate())
        again = [watch.look(client) for _ in range(3)]
        took_s = time.monotonic() - began

        assert first is ASKING
        assert again == [ASKING] * 3
        assert took_s < 4  # the server would have been waited for 5 s each time
        assert asked_once == sum(thread.name == health_watch.THREAD for thread in threading.enumerate()) == 1


def test_a_known_answer_stands_while_the_server_is_asked_anew(hanging):
    known = Health("ready", "1", engine="e")
    watch = Watch(known, time.monotonic() - health_watch.READY_S - 1)
    with FaceMatchClient(hanging, timeout_s=20) as client:
        assert watch.look(client) is known
        watch.at_s -= health_watch.STALE_S

        assert watch.look(client) is ASKING


def test_a_server_that_is_gone_is_told_with_what_to_do_and_the_address(data_dir, say, monkeypatch):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("FACEMATCH_URL", f"http://127.0.0.1:{free.getsockname()[1]}")
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.session_state["language"] = say.language

    assert until(lambda: say("health.unreachable") in texts(at.run()))
    assert say("error.ConnectFailed.cause") in texts(at)
    assert say("health.unreachable.remedy") in texts(at)


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (ASKING, "asking"),
        (None, "unknown"),
        (Health("ready", "1", engine="e"), "ready"),
        (Health("ready", "1"), "no_details"),
        (Health("broken", "1"), "broken"),
        (Health("warming", "1"), "warming"),
        (Health("unreachable", "1"), "unknown"),
        (Health("on fire", "1"), "unknown"),
    ],
)
def test_the_state_is_one_of_ours_whatever_a_server_says(found, state, say):
    assert state_of(found) == state
    assert say.knows(f"health.{state}")
    assert set(ICONS) >= set(AGAIN_S)


def test_the_language_survives_a_page_switch_and_a_second_click(app):
    for language in ("zh", "en", "zh"):
        app.segmented_control(key="_language").set_value(language).run()
        app.switch_page(PAGE).run()

        assert app.title[0].value == Speaker(language)("page.environments")
        assert app.segmented_control(key="_language").value == language
        app.switch_page("app.py").run()
