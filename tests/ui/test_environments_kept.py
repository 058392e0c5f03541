"""What the list of environments survives: damage, a session whose choice is gone, another computer."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from facematch.environments import EnvironmentList, Remote, Secret, put, without
from facematch.log import CallLog
from facematch.log.rollups import DAY_MS
from facematch.ui.environment import moving as environment_moving

from .conftest import ROOT, texts

ENVIRONMENTS = "pages/environments.py"
UNCHECKED = Remote("77", "lab", "https://127.0.0.1:9", check="off", token=Secret("file", 1))


@pytest.fixture
def kept(data_dir):
    return EnvironmentList(data_dir / "environments.json")


def opened(say, page=ENVIRONMENTS):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.session_state["language"] = say.language
    at.run()
    at.switch_page(page)
    at.run()
    assert not at.exception
    return at


def test_a_damaged_list_is_told_and_the_embedded_service_goes_on(kept, say):
    kept.path.parent.mkdir(parents=True)
    kept.path.write_text("{")
    at = opened(say)

    assert any("environments.damaged-" in error.value for error in at.error)
    assert say("environment.embedded") in texts(at)
    assert kept.path.read_text() == "{"


def test_every_page_says_loudly_that_a_certificate_is_not_checked_and_a_session_survives_a_removal_elsewhere(kept, say):
    kept.change(lambda now: put(now, UNCHECKED))
    at = opened(say)
    at.button(key="environment_use_77").click().run()
    loud = say("environments.unverified", name="lab", url="`https://127.0.0.1:9`")
    assert loud in [error.value for error in at.error]
    at.switch_page("pages/live_code.py")
    at.run()
    assert loud in [error.value for error in at.error]

    kept.change(lambda now: without(now, "77"))
    at.run()

    assert not at.exception
    assert loud not in [error.value for error in at.error]
    assert say("environments.gone") in [warning.value for warning in at.warning]


def test_what_a_new_session_starts_with_is_chosen_once_and_moves_no_other(kept, say):
    kept.change(lambda now: put(now, UNCHECKED))
    first = opened(say)
    first.button(key="environment_start_77").click().run()
    assert not first.exception

    assert first.selectbox(key="_environment").value == "embedded"
    assert opened(say).selectbox(key="_environment").value == "77"


def test_a_list_goes_to_another_computer_without_its_secrets(kept, data_dir, app):
    listed = kept.change(lambda now: put(now, UNCHECKED))
    text = environment_moving.exported(listed)
    assert not {"token", "id"} & json.loads(text)["environments"][0].keys()

    kept.change(lambda now: put(now, Remote("5", "other", "http://127.0.0.1:1")))
    done = environment_moving.imported(text.replace('"lab"', '"lab two"').encode(), ())
    again = environment_moving.imported(text.encode(), ())

    assert (done.added, again.added, again.skipped) == (1, 0, 1)
    (new,) = (each for each in kept.read().remotes if each.name == "lab two")
    assert (new.check, new.token) == ("off", None)
    assert environment_moving.imported(b"[1]", ()).added is None


def test_a_shorter_retention_tells_what_it_deletes_and_waits_for_a_yes(kept, data_dir, say):
    kept.change(lambda now: put(now, UNCHECKED))
    log = CallLog(data_dir / "log" / "calls.db")
    for age in (1, 30, 40):
        with log.recording(env="lab", endpoint="match", mode="photo", request_id="r") as draft:
            draft.ts_ms, draft.outcome = draft.ts_ms - age * DAY_MS, "connect_error"
    log.close()
    at = opened(say)
    at.button(key="environment_edit_77").click().run()
    at.number_input(key="environment_retention_days").set_value(7.0).run()
    at.button(key="environment_save").click().run()
    told, box = at.warning[0].value, at.checkbox[-1]

    assert (box.label, box.value) == (say("environments.retention.agree", count=2), False)
    assert "lab" in told
    assert say("environments.problem.agree") in [error.value for error in at.error]
    assert kept.read().find("77").retention_days is None

    box.check().run()
    at.button(key="environment_save").click().run()

    assert kept.read().find("77").retention_days == 7
