"""What the list of environments survives: damage, a session whose choice is gone, another computer."""

import json
import time
from dataclasses import replace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from facematch.environments import EnvironmentList, Remote, Secret, put, without
from facematch.errors import EnvironmentsUnavailable
from facematch.log import CallLog
from facematch.log.rollups import DAY_MS
from facematch.tokens_kept import TokensKept
from facematch.ui import services
from facematch.ui.environment import moving as environment_moving
from facematch.ui.environment import removal as environment_removal

from .conftest import ROOT, rows, texts

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


def write_calls(data_dir, env, *ages):
    log = CallLog(data_dir / "log" / "calls.db")
    for age in ages:
        with log.recording(env=env, endpoint="match", mode="photo", request_id="r") as draft:
            draft.ts_ms, draft.outcome = draft.ts_ms - age * DAY_MS, "connect_error"
    log.close()


def calls_left(data_dir):
    """After the housekeeping, if there is any, has done what it does."""
    log = services.call_log()
    keeper = services.housekeeping(log)
    for _ in range(100):
        if not services.retention() or keeper.last is not None:
            break
        time.sleep(0.05)
    return len(rows(data_dir))


def test_a_shorter_retention_tells_what_it_deletes_and_waits_for_a_yes(kept, data_dir, say):
    kept.change(lambda now: put(now, UNCHECKED))
    write_calls(data_dir, "lab", 1, 30, 40)
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


@pytest.fixture
def lab_keeps_longer(kept, monkeypatch):
    """A year, where the settings keep calls for a month."""
    monkeypatch.setenv("FACEMATCH_RETENTION_DAYS", "30")
    st.cache_resource.clear()
    kept.change(lambda now: put(now, replace(UNCHECKED, retention_days=365.0)))


@pytest.mark.usefixtures("lab_keeps_longer")
def test_what_a_removal_would_delete_is_told_and_nothing_goes_while_it_can_be_taken_back(kept, data_dir, say):
    write_calls(data_dir, "lab", 1, 60, 70)
    at = opened(say)
    at.session_state["environments.confirm"] = "77"
    at.run()
    told = [warning.value for warning in at.warning if "lab" in warning.value]
    at.button(key="environment_remove_yes_77").click().run()

    assert len(told) == 1
    assert "2" in told[0]
    assert calls_left(data_dir) == 3
    at.button(key="environment_undo_77").click().run()
    assert kept.read().find("77").retention_days == 365


@pytest.mark.usefixtures("lab_keeps_longer")
def test_a_list_that_cannot_be_read_starts_no_shorter_retention_and_leaves_the_sessions_choice(kept, data_dir, say):
    write_calls(data_dir, "lab", 60)
    at = opened(say)
    at.button(key="environment_use_77").click().run()
    good = kept.path.read_bytes()
    kept.path.write_text("{")
    at.run()

    assert any(say("environments.unread", reason="…").split("…")[0] in error.value for error in at.error)
    assert at.selectbox(key="_environment").value == "embedded"
    assert calls_left(data_dir) == 1
    kept.path.write_bytes(good)
    at.run()
    assert at.selectbox(key="_environment").value == "77"


def test_what_is_imported_can_be_read_again_and_brings_no_retention(kept, data_dir, app):
    write_calls(data_dir, "test", 60)
    told = {"name": "test", "url": "https://b.example ", "retention_days": 7}
    text = json.dumps({"version": 1, "environments": [told]}).encode()

    assert environment_moving.imported(text, ()).added == 1
    assert [(each.url, each.retention_days) for each in kept.read().remotes] == [("https://b.example", None)]
    assert calls_left(data_dir) == 1


def test_a_list_that_could_not_be_read_again_is_not_written(kept):
    kept.change(lambda now: put(now, UNCHECKED))
    with pytest.raises(EnvironmentsUnavailable):
        kept.change(lambda now: put(now, replace(UNCHECKED, retention_days=-5.0)))

    assert kept.read().find("77") == UNCHECKED


class LockedKeyring:
    """Takes secrets and does not give one up as long as it is locked."""

    def __init__(self):
        self.locked, self.held = False, {}

    def get_password(self, service, username):
        return self.held.get(username)

    def set_password(self, service, username, password):
        self.held[username] = password

    def delete_password(self, service, username):
        if self.locked:
            raise RuntimeError("locked")
        del self.held[username]


def test_a_token_that_cannot_be_deleted_keeps_the_entry_that_leads_to_it(kept, data_dir, app, monkeypatch):
    ring = LockedKeyring()
    keeper = TokensKept(data_dir / "keys" / "tokens", lambda: ring)
    monkeypatch.setattr(services, "tokens_kept", lambda: keeper)
    held = Secret(keeper.keep("77", "token", "t"), 1), Secret(keeper.keep("77", "proxy", "a:b"), 1)
    kept.change(lambda now: put(now, replace(UNCHECKED, token=held[0], proxy_login=held[1])))
    gone = replace(kept.read().find("77"), removed_at_ms=1)
    kept.change(lambda now: put(now, gone))

    for locked, left in ((True, 2), (False, 0)):
        ring.locked = locked
        environment_removal.forget_soon([gone])

        assert len(ring.held) == left
        assert len(kept.read().environments) == bool(left)
