"""Videos run again against a service with a scripted engine: SILENT with its verdict, LIP with a code of its own."""

import pytest
import streamlit as st
from scripted_engine import ScriptedEngine

from facematch import codes

from .conftest import HISTORY, VIDEO_MATCH, rows, texts
from .test_run_again import beside, in_full, row_of


@pytest.fixture
def engine_script():
    return ScriptedEngine()


@pytest.fixture
def page(data_dir, app, own_service, token, monkeypatch):
    monkeypatch.setenv("FACEMATCH_URL", own_service.url)
    monkeypatch.setenv("FACEMATCH_TOKEN", token)
    st.cache_data.clear()
    st.cache_resource.clear()
    app.switch_page(VIDEO_MATCH)
    return app.run()


def give(at, box, name, data):
    at.file_uploader(key=next(each.key for each in at.file_uploader if each.key.startswith(box))).upload(name, data)
    at.run()
    assert not at.exception


def ask(at):
    at.button(key="ask").click().run()
    at.run()
    assert not at.exception


def film(at, video, code=None):
    """A call of the video page, in full."""
    if code is not None:
        at.segmented_control(key="_video_mode").set_value("LIP").run()
        at.text_input(key="_live_code").set_value(code).run()
    give(at, "reference_upload", "a.jpg", b"1")
    give(at, "video_upload", "clip.mp4", video)
    ask(at)


def test_a_silent_video_is_run_again_to_its_verdict_and_another_one_changes_it(page, say, data_dir):
    film(page, b"video 0.9")
    at = in_full(page, rows(data_dir)[0]["trace_no"])
    at.button(key="again_open").click().run()
    assert say("again.held") in texts(at)
    assert texts(at).count(say("again.same_file")) == 2
    give(at, "video_upload", "other.mp4", b"video 0.2")
    assert say("again.other_file") in texts(at)
    ask(at)

    first, second = rows(data_dir)
    assert [(row["mode"], row["success"]) for row in (first, second)] == [("SILENT", 1), ("SILENT", 0)]
    assert row_of(beside(at), say("call.answer")).startswith("fm-changed")
    assert row_of(beside(at), say("call.errcode")).startswith("fm-same")


def test_the_video_page_keeps_its_own_video_whatever_is_run_again(page, say, data_dir):
    film(page, b"video 0.9")
    at = in_full(page, rows(data_dir)[0]["trace_no"])
    at.button(key="again_open").click().run()
    give(at, "video_upload", "other.mp4", b"video 0.2")
    give(at, "reference_upload", "other.jpg", b"0.5")
    at.switch_page(VIDEO_MATCH).run()
    assert at.session_state["video.probe"].data == b"video 0.9"
    assert at.session_state["photo.reference"].data == b"1"
    assert say("verdict.passed") in texts(at)
    give(at, "video_upload", "third.mp4", b"video 0.3")
    in_full(at, rows(data_dir)[0]["trace_no"])
    ask(at)

    assert rows(data_dir)[1]["success"] == 0
    assert at.session_state["video.probe"].data == b"video 0.3"
    assert rows(data_dir)[1]["probe_digest"] != rows(data_dir)[0]["probe_digest"]


def test_a_lip_call_is_run_again_with_a_code_that_no_other_form_uses(page, say, data_dir):
    film(page, b"video 0.9", "0000")
    assert rows(data_dir)[0]["errcode"] == codes.UNKNOWN_LIVE_CODE
    at = in_full(page, rows(data_dir)[0]["trace_no"])
    at.button(key="again_open").click().run()
    assert say("again.old_digits") in texts(at)
    assert at.text_input(key="_live_code").value == ""
    assert at.button(key="ask").disabled
    at.button(key="ask_code").click().run()
    (code,) = at.session_state["live_codes"]
    ask(at)

    _, issued, second = rows(data_dir)
    assert (code.form, at.session_state["live_code.typed.video_match"]) == ("again", "0000")
    assert (issued["endpoint"], second["mode"], second["success"]) == ("validate_data", "LIP", 1)
    assert at.session_state["live_codes"][0].used_ms is not None
    for name in ("call.answer", "call.errcode"):
        assert row_of(beside(at), say(name)).startswith("fm-changed")
    at.switch_page(HISTORY).run()
    assert not at.exception
    assert code.code not in texts(at) + beside(at)
