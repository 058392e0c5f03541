"""The Live code page: codes of the session, whose they are, and what becomes of dead ones."""

import time

import pytest

from facematch import codes
from facematch.ui.forms.live_codes import SessionCode, now_ms

from .conftest import VIDEO_MATCH, rows, texts

LIVE_CODE = "pages/live_code.py"
LIFE_S = 2.0


@pytest.fixture
def short_lives(monkeypatch):
    monkeypatch.setenv("FACEMATCH_LIVE_CODE_TTL_S", str(LIFE_S))


def kept(at):
    return at.session_state["live_codes"]


def ended(at, kind):
    """Run the page until the trial has ended; its thread makes the call."""
    (trial,) = (each for (name, _), each in at.session_state["live_code.trials"].items() if name == kind)
    assert trial.done.wait(30)
    return at.run()


def test_without_a_code_the_page_says_what_to_do_first(open_page, say):
    at = open_page(LIVE_CODE)

    said = texts(at)
    assert say("code.first") in said
    assert say("codes.none") in said
    assert say("trial.second_use.first") in said
    assert at.button(key="record_here").disabled
    assert at.button(key="trial_second_use").disabled


def test_a_code_is_asked_for_noted_and_put_into_the_field(open_page, data_dir, say):
    at = open_page(LIVE_CODE)
    at.button(key="ask_code").click().run()

    (code,) = kept(at)
    (row,) = rows(data_dir)
    assert (code.form, code.environment, code.state(now_ms())) == ("live_code", "embedded", "fresh")
    assert code.ttl_s == 300
    assert at.text_input(key="_live_code").value == code.code
    assert row["endpoint"] == "validate_data"
    assert not at.button(key="record_here").disabled
    assert code.code not in repr(code)


def test_two_clicks_in_a_second_ask_for_one_code(open_page, data_dir):
    at = open_page(LIVE_CODE)
    at.button(key="ask_code").click().run()
    at.button(key="ask_code").click().run()

    assert len(kept(at)) == len(rows(data_dir)) == 1


def test_another_code_can_be_typed_on_purpose_and_outlives_a_page_switch(open_page):
    at = open_page(LIVE_CODE)
    at.button(key="ask_code").click().run()
    at.text_input(key="_live_code").set_value("0000").run()
    open_page("pages/history.py")

    assert open_page(LIVE_CODE).text_input(key="_live_code").value == "0000"


def test_a_code_that_is_handed_over_belongs_to_the_other_form_alone(open_page, say):
    at = open_page(LIVE_CODE)
    at.button(key="ask_code").click().run()
    (code,) = kept(at)
    at.button(key="code_to_video_match").click().run()
    assert not at.exception
    at = open_page(VIDEO_MATCH)
    assert at.text_input(key="_live_code").value == code.code
    at = open_page(LIVE_CODE)

    assert [each.form for each in kept(at)] == ["video_match"]
    assert at.text_input(key="_live_code").value == ""
    assert say("code.first") in texts(at)


def test_recording_with_the_code_opens_the_recorder_in_place(open_page, say):
    at = open_page(LIVE_CODE)
    at.button(key="ask_code").click().run()
    at.button(key="record_here").click().run()
    assert not at.exception
    assert at.button(key="ask").disabled
    assert say("video.missing.LIP") in texts(at)

    at.button(key="close_recorder").click().run()
    assert "ask" not in [button.key for button in at.button]


def test_a_code_that_was_never_issued_is_refused_with_its_errcode(open_page, data_dir, say):
    at = open_page(LIVE_CODE)
    at.button(key="trial_unknown").click().run()
    ended(at, "unknown")

    (row,) = rows(data_dir)
    assert (row["mode"], row["errcode"]) == ("LIP", codes.UNKNOWN_LIVE_CODE)
    assert say("trial.passed") in at.success[0].value
    assert codes.CATALOGUE[codes.UNKNOWN_LIVE_CODE].words(say.language).meaning in at.success[0].value


def test_a_code_that_has_expired_in_this_session_is_sent_at_once(short_lives, open_page, data_dir, say):
    at = open_page(LIVE_CODE)
    at.button(key="ask_code").click().run()
    time.sleep(LIFE_S + 0.2)
    at.run()
    (code,) = kept(at)
    assert say("code.gone") in texts(at)
    at.button(key="trial_expiry").click().run()
    ended(at, "expiry")

    issued, tried = rows(data_dir)
    assert (tried["mode"], tried["errcode"]) == ("LIP", codes.EXPIRED_LIVE_CODE)
    assert say("trial.passed") in at.success[0].value
    assert len(kept(at)) == 1
    assert not any(code.code in str(value) for row in (issued, tried) for value in (row["errmsg"], row["extra"]))


def test_without_an_expired_code_one_is_asked_for_and_its_life_waited_out(short_lives, open_page, data_dir, say):
    at = open_page(LIVE_CODE)
    at.button(key="trial_expiry").click().run()
    assert say("trial.waiting") in texts(at)
    assert [each.form for each in kept(at)] == ["expiry_test"]
    open_page("pages/history.py")  # the call is made all the same
    at = open_page(LIVE_CODE)
    ended(at, "expiry")

    assert [row["errcode"] for row in rows(data_dir)] == [0, codes.EXPIRED_LIVE_CODE]
    assert say("trial.passed") in at.success[0].value


def test_a_trial_that_is_cancelled_sends_nothing(open_page, data_dir, say):
    at = open_page(LIVE_CODE)
    at.button(key="trial_expiry").click().run()
    at.button(key="cancel_expiry").click().run()

    assert say("trial.cancelled") in texts(at)
    assert [row["endpoint"] for row in rows(data_dir)] == ["validate_data"]


def test_a_server_that_takes_a_dead_code_is_told_to_have_failed(open_page, say):
    """Ours was never told that this code is used up."""
    at = open_page(LIVE_CODE)
    at.session_state["live_codes"] = [SessionCode("0123", "embedded", "video_match", now_ms(), 300.0, now_ms())]
    at.run()
    at.button(key="trial_second_use").click().run()
    ended(at, "second_use")

    assert say("trial.failed", errcode=codes.USED_LIVE_CODE) in at.error[0].value
    assert f"errcode {codes.UNKNOWN_LIVE_CODE}" in at.error[0].value
