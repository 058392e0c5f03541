"""What else the embedded service keeps: files, tokens, limits."""

from dataclasses import fields

import pytest
import streamlit as st

from facematch.client import FaceMatchClient
from facematch.errors import AuthError
from facematch.limits import Limits, variable
from facematch.ui import services
from facematch.ui.kept.engine_panel import GROUPS, written
from facematch.ui.words import CATALOGUE, Speaker

from .conftest import texts
from .test_library import press


@pytest.fixture(params=["zh"])
def say(request):
    return Speaker(request.param)


def give(at, *files, turn=0, folder=""):
    at.file_uploader(key=f"shelf_upload_{turn}").set_value([(name, data, "image/jpeg") for name, data in files])
    at.text_input(key="shelf_folder").set_value(folder)
    at.run()
    assert not at.exception
    return at


def paths(service):
    return [file.path for file in service.files()]


def test_a_file_is_stored_used_by_its_path_deleted_and_brought_back(panel, say, service, data_dir):
    at = press(give(panel("files"), ("a.jpg", b"first"), folder="photos/new/"), "shelf_store")
    assert paths(service) == ["photos/new/a.jpg"]
    assert "photos/new/a.jpg" in [code.value for code in at.code]
    press(at, "do_file_photos/new/a.jpg")
    assert paths(service) == []
    press(at, "undo_files")

    assert (data_dir / "files" / "photos" / "new" / "a.jpg").read_bytes() == b"first"


def test_a_file_that_is_there_is_replaced_only_when_told_and_comes_back(panel, say, service, data_dir):
    at = press(give(panel("files"), ("a.jpg", b"first")), "shelf_store")
    give(at, ("a.jpg", b"second"), turn=1)
    assert say("file.replaces", paths="`a.jpg`") in at.warning[0].value
    press(at, "shelf_store")
    assert (data_dir / "files" / "a.jpg").read_bytes() == b"second"
    press(at, "undo_files")

    assert (data_dir / "files" / "a.jpg").read_bytes() == b"first"


@pytest.mark.parametrize(
    ("folder", "data", "key"),
    [("../up", b"x", "file.bad_path"), (".hidden", b"x", "file.bad_path"), ("", b"", "file.empty")],
)
def test_a_file_that_cannot_be_kept_is_refused_before_it_is_sent(panel, say, service, folder, data, key):
    at = give(panel("files"), ("a.jpg", data), folder=folder)

    assert say(key, path="|", each="16.8 MB").partition("|")[2] in at.error[0].value
    assert [button.key for button in at.button if button.key == "shelf_store"] == []


def test_limits_of_the_folder_hold(data_dir, monkeypatch, app, panel, say):
    monkeypatch.setenv("FACEMATCH_FILES_MAX", "1")
    monkeypatch.setenv("FACEMATCH_FILE_MAX_BYTES", "4")
    st.cache_resource.clear()
    at = give(panel("files"), ("a.jpg", b"12345"))
    assert say("file.too_large", path="`a.jpg`", each="4 B") in at.error[0].value
    give(at, ("a.jpg", b"1"), ("b.jpg", b"2"))

    assert say("file.too_many", most=1) in at.error[0].value


def test_a_token_is_shown_until_it_is_stored_and_refused_once_revoked(panel, say, service):
    at = panel("tokens")
    at.text_input(key="token_note").set_value("夜间回归")
    press(at, "token_issue")
    (token,) = (code.value for code in at.code if "." in code.value)
    url = services.embedded().server.url
    with FaceMatchClient(url, token) as client:
        assert client.local.persons() == ()
        press(at, "token_stored")
        assert token not in texts(at)
        press(at, f"do_revoke_{token.partition('.')[0]}")
        with pytest.raises(AuthError):
            client.local.persons()

    assert say("token.none_valid") in texts(at)
    assert "夜间回归" not in texts(at)
    at.toggle(key="token_with_revoked").set_value(True).run()
    assert "夜间回归" in texts(at)


def test_a_token_without_a_note_is_not_issued(panel, say, service):
    at = press(panel("tokens"), "token_issue")

    assert say("token.note.missing") in at.warning[0].value
    assert service.tokens() == ()


def test_every_limit_has_a_place_and_words_in_both_languages():
    names = {field.name for field in fields(Limits)}

    assert sorted(name for group in GROUPS.values() for name in group) == sorted(names)
    for language in CATALOGUE:
        speaker = Speaker(language)
        assert [name for name in names if not speaker.knows(f"limit.{name}")] == []
        assert all(speaker.knows(f"limits.{group}") for group in (*GROUPS, "other"))


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("live_code_ttl_s", 300.0, "300 s (5 min)"),
        ("uri_photo_s", 3.0, "3 s"),
        ("pose_warn_deg", 15.0, "15°"),
        ("image_max_side_px", 4000, "4,000 px"),
        ("file_max_bytes", 16, "16 B (16 B)"),
        ("uri_public", False, "否"),
        ("uri_nets", [], "无"),
        ("faces", "central", "取最靠近中心的一张"),
        ("brand_new", "x|y", "x|y"),
    ],
)
def test_a_limit_is_told_with_its_unit(say, name, value, expected):
    assert written(name, value, say) == expected


def test_a_limit_is_found_by_its_name_and_a_changed_one_is_marked(data_dir, monkeypatch, panel, say):
    monkeypatch.setenv("FACEMATCH_FILES_MAX", "12")
    st.cache_resource.clear()
    at = panel("limits")
    assert say("kept.limits.changed", usual="1,000").replace(",", "\\,") in texts(at)
    assert all(variable(field.name) in texts(at) for field in fields(Limits))
    at.text_input(key="limits_search").set_value("files_max").run()
    assert variable("calls_max") not in texts(at)
    at.text_input(key="limits_search").set_value("验证码").run()

    assert variable("live_code_ttl_s") in texts(at)


def test_an_undo_that_the_service_refuses_stays_on_offer(data_dir, monkeypatch, app, panel, service):
    at = press(give(panel("files"), ("a.jpg", b"first")), "shelf_store")
    press(at, "do_file_a.jpg")
    (data_dir / "files" / "a.jpg").mkdir(parents=True)  # in its place stands what no file replaces
    press(at, "undo_files")
    assert at.error
    (data_dir / "files" / "a.jpg").rmdir()
    press(at.run(), "undo_files")

    assert (data_dir / "files" / "a.jpg").read_bytes() == b"first"


@pytest.mark.parametrize("is_demo", [False, True])
def test_notes_of_tokens_are_searched_only_where_they_may_be_read(panel, app, say, service, is_demo):
    for number in range(11):
        service.issue_token(f"夜间回归 {number}")
    app.session_state["demo"] = is_demo
    at = panel("tokens")
    at.text_input(key="tokens_search").set_value("夜间回归 7").run()

    assert ("夜间回归 7" in texts(at)) is not is_demo
    assert (say("kept.none_fits") in texts(at)) is is_demo
    at.text_input(key="tokens_search").set_value(service.tokens()[3].id).run()
    assert f"`{service.tokens()[3].id}`" in texts(at)
