import pytest
import streamlit as st

from facematch import codes, samples
from facematch.environments import FROM_SETTINGS
from facematch.ui import services

from .conftest import PHOTO_MATCH, compare, rows, texts, upload


@pytest.mark.parametrize(
    ("data", "errcode"),
    [
        (b"no photo at all", 2101),
        (samples.photo("obama_1.jpg")[:5000], 2101),
        (b"x" * 4_000_000, 2102),
        (b"x" * 14_000_000, 2102),
    ],
    ids=["renamed", "truncated", "too large a photo", "too large a body"],
)
def test_a_bad_file_gets_one_clear_sentence_a_row_and_stays_in_the_form(open_page, say, data_dir, data, errcode):
    at = open_page(PHOTO_MATCH)
    upload(at, "reference", "obama_1.jpg")
    upload(at, "probe", "bad.jpg", data)
    at.button(key="ask").click().run()

    assert not at.exception
    assert codes.CATALOGUE[errcode].words(say.language).meaning in at.error[0].value
    assert [(row["outcome"], row["errcode"]) for row in rows(data_dir)] == [("biz_error", errcode)]
    assert at.session_state["photo.probe"].data == data


def test_an_empty_file_is_refused_here_and_stays_in_the_form(open_page, say):
    at = open_page(PHOTO_MATCH)
    upload(at, "reference", "obama_1.jpg")
    upload(at, "probe", "empty.jpg", b"")
    at.button(key="ask").click().run()

    assert not at.exception
    for words in (say("error.empty"), say("error.empty.remedy"), say("side.faceData")):
        assert words in at.error[0].value
    assert say("number.not_logged") in texts(at)
    assert at.session_state["photo.probe"].name == "empty.jpg"


def test_a_remote_service_that_stopped_is_told_and_logged(data_dir, say, app, monkeypatch):
    monkeypatch.setenv("FACEMATCH_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("FACEMATCH_TOKEN", "secret-token-value")
    st.cache_resource.clear()
    app.session_state[services.CHOSEN] = FROM_SETTINGS
    app.switch_page(PHOTO_MATCH)
    compare(app.run())

    assert say("error.ConnectFailed") in app.error[0].value
    assert say("error.ConnectFailed.remedy") in app.error[0].value
    assert say("failure.attempts", count=3) in texts(app)
    found = [(row["env"], row["outcome"], row["attempt"]) for row in rows(data_dir)]
    assert found == [("127.0.0.1:9", "connect_error", attempt) for attempt in (1, 2, 3)]
    assert "secret-token-value" not in texts(app)


def test_the_embedded_service_is_started_again_when_it_died(open_page, say):
    at = compare(open_page(PHOTO_MATCH))
    services.embedded().server.stop()
    at.button(key="ask").click().run()

    assert not at.exception
    assert say("verdict.passed") in at.success[0].value


def test_a_wrong_token_is_told_and_logged(data_dir, say, app, monkeypatch):
    own = services.embedded()
    monkeypatch.setenv("FACEMATCH_URL", own.server.url)
    monkeypatch.setenv("FACEMATCH_TOKEN", "wrong")
    services.settings.clear()
    app.session_state[services.CHOSEN] = FROM_SETTINGS
    app.switch_page(PHOTO_MATCH)
    compare(app.run())

    assert codes.CATALOGUE[40102].words(say.language).meaning in app.error[0].value
    assert rows(data_dir)[-1]["errcode"] == 40102


def test_a_log_that_cannot_be_opened_is_told_and_the_verdict_still_comes(tmp_path, monkeypatch, data_dir, say, app):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FACEMATCH_DATA_DIR", str(tmp_path / "file" / "below"))
    st.cache_resource.clear()
    app.switch_page(PHOTO_MATCH)
    compare(app.run())

    assert say("verdict.passed") in app.success[0].value
    assert any(say("log.not_written", reason="…").split("…")[0] in error.value for error in app.error)
    assert any(say("state.not_kept", reason="…").split("…")[0] in warning.value for warning in app.warning)
