"""ID verification with a video, on a server of somebody else's, and by an operator who may not see personal data."""

import pytest
import streamlit as st

from facematch import samples
from facematch.engine.pipeline import FaceEngine
from facematch.environments import FROM_SETTINGS
from facematch.log.privacy import mask_id, mask_name
from facematch.service import Server, create_app
from facematch.settings import Settings
from facematch.ui import services, sign_in
from facematch.ui.sign_in import Operator
from facematch.ui.words import Speaker
from tests.engine.clips import encoded, swaying

from .conftest import rows, texts, upload
from .test_id_verification import FIRST, ID_VERIFICATION, enter, verify, verify_case

TOKEN = "token-of-a-remote-service"  # noqa: S105 - of this test's own service


@pytest.fixture(params=["zh"])
def say(request):
    return Speaker(request.param)


@pytest.fixture(scope="module")
def waved_photo():
    return encoded(swaying("obama_1.jpg", 3.0))


@pytest.fixture
def remote(data_dir, app, monkeypatch, tmp_path):
    """Our own service as a remote one, with the demo persons in its library."""
    here = Settings(data_dir=tmp_path / "remote")
    server = Server(create_app(FaceEngine(here), token=TOKEN, settings=here))
    with services.FaceMatchClient(server.url, TOKEN) as client:
        client.local.enrol_demo()
    monkeypatch.setenv("FACEMATCH_URL", server.url)
    monkeypatch.setenv("FACEMATCH_TOKEN", TOKEN)
    st.cache_resource.clear()
    app.session_state[services.CHOSEN] = FROM_SETTINGS
    app.switch_page(ID_VERIFICATION)
    yield app.run()
    server.stop()


@pytest.fixture
def sees_nothing_personal(monkeypatch):
    monkeypatch.setattr(sign_in, "operator", lambda *_: Operator("Gus", sees_personal=False))


def test_a_video_is_checked_as_on_the_video_page_and_its_row_says_so(open_page, say, data_dir, waved_photo):
    at = open_page(ID_VERIFICATION)
    at.button(key="case_own_photo").click().run()
    at.segmented_control(key="_id_kind").set_value("video").run()
    at.file_uploader(key="video_upload_0").upload("clip.mp4", waved_photo, "video/mp4")
    at.run()
    verify(at)

    (row,) = rows(data_dir)
    assert (row["endpoint"], row["mode"], row["outcome"]) == ("match_idno", "SILENT", "biz_error")
    assert say("verdict.none") in at.error[0].value
    assert say("liveness.title") in texts(at)
    assert FIRST.id_number not in texts(at)


def test_lip_wants_a_code_of_this_form_and_says_what_is_missing(open_page, say, data_dir):
    at = open_page(ID_VERIFICATION)
    at.segmented_control(key="_id_kind").set_value("video").run()
    at.segmented_control(key="_video_mode").set_value("LIP").run()
    verify(enter(at, FIRST.id_number, FIRST.name))
    lacking = say("list.join").join((say("id.lacks.probe"), say("id.lacks.code")))

    assert say("id.missing", what=lacking) in [warning.value for warning in at.warning]
    assert rows(data_dir) == []


def test_a_remote_service_is_asked_and_its_library_is_left_alone(remote, say, data_dir):
    assert not [button for button in remote.button if str(button.key).startswith("case_")]
    upload(remote, "probe", "obama_3.jpg")
    verify(enter(remote, FIRST.id_number, FIRST.name))

    assert say("verdict.passed") in remote.success[0].value
    assert say("library_side.state.passed") in texts(remote)
    (row,) = rows(data_dir)
    assert row["env"].startswith("127.0.0.1:")


def test_whoever_may_not_see_personal_data_sees_no_masks_and_types_dots(open_page, say, sees_nothing_personal):
    at = open_page(ID_VERIFICATION)
    assert [field.proto.type for field in at.text_input] == [field.proto.PASSWORD for field in at.text_input] != []
    said = texts(verify_case(at, "own_photo")).replace("\\", "")

    assert say("verdict.passed") in at.success[0].value
    assert say("id.sent.hidden") in said
    assert say("wire.hidden") in said
    assert not [mask for mask in (mask_id(FIRST.id_number), mask_name(FIRST.name)) if mask in said]


def test_a_sample_portrait_can_be_taken_out_again_and_the_samples_come_back(open_page, say):
    at = open_page(ID_VERIFICATION)
    at.button(key="probe_sample_1").click().run()
    assert at.session_state["photo.probe"].data == samples.photo("obama_2.jpg")
    at.button(key="probe_remove").click().run()

    assert not at.exception
    assert at.session_state["photo.probe"] is None
    assert at.button(key="probe_sample_1")
