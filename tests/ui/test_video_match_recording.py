"""What comes back from the recorder, and a recording in the form; the recorder itself is driven in tests/browser."""

import base64

import pytest

from facematch.engine import lip
from facematch.ui.formats import plain
from facematch.ui.forms import live_codes
from facematch.ui.forms.live_codes import SessionCode
from facematch.ui.forms.photos import Held
from facematch.ui.video import recorder, takes, videos
from facematch.ui.video.takes import Take
from tests.engine.clips import encoded, swaying

from .conftest import VIDEO_MATCH, rows, texts, upload

MP4, WEBM = b"\0\0\0\x18ftypisom" + b"x" * 40, b"\x1aE\xdf\xa3" + b"x" * 40


def sent(data, **other):
    raw = {"take": "7", "nonce": "0", "ms": 4100, "size": len(data), "b64": base64.b64encode(data).decode()}
    return recorder.read({**raw, **other})


@pytest.mark.parametrize(("data", "suffix"), [(MP4, ".mp4"), (WEBM, ".webm")])
def test_a_recording_comes_back_as_it_was_whatever_the_browser_calls_it(data, suffix):
    recording = sent(data, mime="image/png")

    assert (recording.data, recording.suffix, recording.ms, recording.problem) == (data, suffix, 4100, None)


@pytest.mark.parametrize(
    "other",
    [
        {"b64": base64.b64encode(b"<html>no film</html>").decode(), "size": 20},
        {"size": len(MP4) + 1},
        {"b64": "not base64!"},
        {"b64": None},
        {"b64": ""},
        {"size": None},
    ],
)
def test_what_did_not_arrive_whole_or_is_no_film_is_not_taken(other):
    recording = sent(MP4, **other)

    assert (recording.data, recording.problem) == (b"", "damaged")


def test_what_is_larger_than_can_be_handed_over_is_not_even_decoded():
    recording = sent(MP4, b64="A" * (recorder.MAX_BYTES // 3 * 4 + 5))

    assert (recording.data, recording.problem) == (b"", "too_big")


def test_a_message_of_nonsense_is_a_damaged_recording_and_no_crash():
    recording = recorder.read({"take": None, "ms": "long", "nonce": {}, "b64": 7, "size": []})

    assert (recording.problem, recording.ms) == ("damaged", 0)


def test_neither_the_film_nor_the_code_is_in_a_text_of_it():
    video = Held("recording.mp4", MP4, "recorder", "video")

    assert "ftyp" not in repr(sent(MP4)) + repr(Take(video, "4219", 4.1))
    assert "4219" not in repr(Take(video, "4219", 4.1)) + repr(recorder.Script("LIP", 6, 3, 100, "4219"))


def test_the_browser_warns_of_the_voice_that_the_engine_would_refuse():
    assert recorder.QUIET_DBFS == lip.QUIET_DBFS


def test_the_recorder_has_words_for_whatever_it_may_say(say):
    assert [name for name in recorder.LABELS if not say.knows(f"recorder.{name}")] == []


@pytest.fixture(scope="module")
def waved_photo():
    return encoded(swaying("obama_1.jpg", 3.4))


@pytest.fixture
def with_recording(open_page, waved_photo):
    """The page in LIP, with a recording that was made while *code* was on the screen."""

    def go(code):
        at = open_page(VIDEO_MATCH)
        at.segmented_control(key="_video_mode").set_value("LIP").run()
        video = Held("recording.mp4", waved_photo, "recorder", "video")
        at.session_state[videos.HELD] = video
        at.session_state[takes.TAKE] = Take(video, code, 6.0)
        upload(at, "reference", "obama_2.jpg")
        return at

    return go


def test_a_recording_read_with_another_code_is_sent_only_on_purpose(with_recording, say, data_dir):
    at = with_recording("1111")
    at.text_input(key="_live_code").set_value("2222").run()
    assert say("video.other_code") in texts(at)
    assert at.button(key="ask").disabled

    at.checkbox[0].check().run()
    at.button(key="ask").click().run()
    assert not at.exception
    (row,) = rows(data_dir)
    assert (row["mode"], row["errcode"]) == ("LIP", 1131)


def test_a_recording_without_a_code_is_not_silently_sent_as_one_with_a_code(with_recording, say):
    at = with_recording("")
    at.text_input(key="_live_code").set_value("2222").run()

    assert say("video.no_code_read") in texts(at)
    assert at.button(key="ask").disabled


def test_a_code_that_ran_out_after_it_was_read_is_told_and_a_new_one_offered(with_recording, say):
    at = with_recording("1111")
    at.session_state[live_codes.KEY] = [SessionCode("1111", "embedded", "video_match", issued_ms=0, ttl_s=300)]
    at.text_input(key="_live_code").set_value("1111").run()
    assert say("video.code_over.expired") in texts(at)
    at.button(key="renew_code").click().run()

    assert not at.exception
    newest = at.session_state[live_codes.KEY][0]
    assert (newest.form, newest.used_ms, at.text_input(key="_live_code").value) == ("video_match", None, newest.code)


def test_a_recording_for_lip_may_be_sent_as_a_silent_one(with_recording, say):
    at = with_recording("1111")
    at.segmented_control(key="_video_mode").set_value("SILENT").run()

    assert not at.button(key="ask").disabled
    assert say("video.other_code") not in texts(at)


def test_the_server_can_get_the_video_itself_by_link(open_page, say, data_dir):
    at = open_page(VIDEO_MATCH)
    upload(at, "reference", "obama_2.jpg")
    at.text_input(key="video_elsewhere_0_link").set_value("not an address").run()
    assert say("elsewhere.link.bad") in texts(at)

    at.text_input(key="video_elsewhere_0_link").set_value("http://127.0.0.1:9/clip.mp4?key=secret").run()
    assert any(plain("/clip.mp4") in each.value for each in at.info)
    assert "secret" not in texts(at)
    at.button(key="ask").click().run()
    assert not at.exception
    (row,) = rows(data_dir)
    assert (row["mode"], row["errcode"]) == ("SILENT", 1105)


def test_a_file_of_the_embedded_file_server_is_chosen_from_a_list_and_sent_by_its_path(
    open_page, waved_photo, say, data_dir
):
    at = open_page(VIDEO_MATCH)
    upload(at, "reference", "obama_2.jpg")
    stored = data_dir / "files" / "clips" / "waved.mp4"
    stored.parent.mkdir(parents=True, exist_ok=True)
    stored.write_bytes(waved_photo)
    at.segmented_control(key="video_elsewhere_0_place").set_value("fds").run()
    at.selectbox(key="video_elsewhere_0_file").select("clips/waved.mp4").run()
    assert not at.exception
    assert say("elsewhere.told.fds", name=plain("clips/waved.mp4")) in [each.value for each in at.info]
    at.button(key="ask").click().run()

    assert not at.exception
    (row,) = rows(data_dir)
    assert (row["mode"], row["errcode"] // 100) == ("SILENT", 10)  # watched, and not taken for a living person


def test_an_emptied_link_leaves_the_uploaded_video_alone(open_page, waved_photo):
    at = open_page(VIDEO_MATCH)
    at.file_uploader(key="video_upload_0").upload("clip.mp4", waved_photo, "video/mp4").run()
    at.text_input(key="video_elsewhere_0_link").set_value("no link").run()
    assert at.session_state[videos.HELD].name == "clip.mp4"

    at.text_input(key="video_elsewhere_0_link").set_value("").run()
    assert at.session_state[videos.HELD].name == "clip.mp4"
