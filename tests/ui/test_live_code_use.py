"""A code that is read aloud on the Live code page, and sent again, against a service with a scripted engine."""

from dataclasses import replace
from io import BytesIO

import pytest
import streamlit as st
from PIL import Image
from scripted_engine import ScriptedEngine

from facematch import codes

from .conftest import rows, texts

LIVE_CODE = "pages/live_code.py"


def picture():
    file = BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    return file.getvalue()


class Showing(ScriptedEngine):
    """Its crops can be looked at."""

    def look(self, picture):
        return shown(super().look(picture))

    def watch(self, video, video_type):
        watch = super().watch(video, video_type)
        return replace(watch, look=None if watch.look is None else shown(watch.look))


def shown(look):
    return replace(look, seen=replace(look.seen, crop=picture()))


@pytest.fixture
def engine_script():
    return Showing()


@pytest.fixture
def page(data_dir, app, own_service, token, monkeypatch):
    monkeypatch.setenv("FACEMATCH_URL", own_service.url)
    monkeypatch.setenv("FACEMATCH_TOKEN", token)
    st.cache_data.clear()
    st.cache_resource.clear()
    app.switch_page(LIVE_CODE)
    at = app.run()
    at.button(key="ask_code").click().run()
    at.button(key="record_here").click().run()
    at.file_uploader(key="reference_upload_0").upload("a.jpg", b"1", "image/jpeg").run()
    return at


def read_aloud(at, video):
    at.file_uploader(key="video_upload_0").upload("clip.mp4", video, "video/mp4").run()
    at.button(key="ask").click().run()
    at.run()
    assert not at.exception
    return at


def drawn(at):
    """What is drawn as HTML."""
    return "\n".join(element.proto.body for element in at.get("html"))


def test_the_code_is_used_up_shown_as_heard_and_refused_the_second_time(page, data_dir, say):
    at = read_aloud(page, b"video 0.9")
    (code,) = at.session_state["live_codes"]
    assert code.used_ms is not None
    assert say("verdict.passed") in texts(at)
    assert say("challenge.heard", expected=code.code, heard=code.code) in texts(at)
    assert drawn(at).count(say("challenge.digit.right")) == 4
    assert say("code.gone") in texts(at)
    assert say("trials.sent.own") in texts(at)
    at.button(key="trial_second_use").click().run()
    at.run()

    _, used, again = rows(data_dir)
    assert (used["mode"], used["errcode"]) == ("LIP", 0)
    assert (again["mode"], again["errcode"]) == ("LIP", codes.USED_LIVE_CODE)
    assert say("trial.passed") in "\n".join(each.value for each in at.success)


def test_a_wrong_digit_is_marked_at_its_place_and_uses_the_code_up(page, data_dir, say):
    (code,) = page.session_state["live_codes"]
    wrong = code.code[:2] + next(each for each in "0123456789" if each not in code.code) + code.code[3]
    at = read_aloud(page, b"video 0.9 said " + wrong.encode())

    assert rows(data_dir)[-1]["errcode"] == codes.WRONG_DIGITS
    assert at.session_state["live_codes"][0].used_ms is not None
    assert drawn(at).count(say("challenge.digit.right")) == 3
    assert drawn(at).count(say("challenge.digit.wrong")) == 1


def test_a_video_that_ends_at_liveness_leaves_the_code_fresh(page, data_dir, say):
    at = read_aloud(page, b"video replay")

    assert rows(data_dir)[-1]["errcode"] == codes.REPLAY
    assert at.session_state["live_codes"][0].used_ms is None
    assert say("gauge.group.decided") in drawn(at)
    assert say("trial.second_use.first") in texts(at)


def test_where_nothing_was_heard_the_page_says_so_and_compares_no_digits(page, say):
    at = read_aloud(page, b"video soundless")

    assert say("challenge.not_heard") in texts(at)
    assert say("challenge.row.expected") not in drawn(at)
