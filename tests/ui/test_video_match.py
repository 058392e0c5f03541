import pytest

from facematch import codes
from facematch.engine import silent_meaning
from tests.engine.clips import encoded, swaying

from .conftest import VIDEO_MATCH, rows, texts, upload


@pytest.fixture(scope="module")
def waved_photo():
    return encoded(swaying("obama_1.jpg", 3.0))


def give(at, video, name="clip.mp4"):
    at.file_uploader(key="video_upload_0").upload(name, video, "video/mp4")
    return at.run()


def compare(at, video, **how):
    upload(at, "reference", "obama_2.jpg")
    give(at, video, **how)
    at.button(key="ask").click().run()
    assert not at.exception
    return at


def test_a_waved_photo_never_passes_and_the_page_says_which_cue_decided(open_page, say, data_dir, waved_photo):
    at = compare(open_page(VIDEO_MATCH), waved_photo)

    (row,) = rows(data_dir)
    assert (row["mode"], row["outcome"], row["success"]) == ("SILENT", "biz_error", None)
    assert row["errcode"] in (codes.REPLAY, codes.NOT_A_PERSON, codes.LIVENESS_NOT_PASSED)
    said = texts(at)
    assert say("liveness.title") in said
    assert codes.CATALOGUE[row["errcode"]].words(say.language).remedy in said
    assert say("side.faceData") in said
    assert say("failure.measured") in at.error[0].value
    assert say("evidence.rule.only") not in said.partition(say("evidence.frame.only"))[2]
    assert f"### {say('verdict.passed')}" not in said


def test_the_measured_rates_and_what_they_do_not_claim_are_on_the_page(open_page, say):
    said = texts(open_page(VIDEO_MATCH))

    assert say("liveness.no_certificate") in said
    for each in silent_meaning.ATTACKS:
        assert f"{each.passed} / {each.clips}" in said


def test_lip_needs_a_code_and_says_in_which_languages_it_hears(open_page, say, waved_photo):
    at = open_page(VIDEO_MATCH)
    upload(at, "reference", "obama_2.jpg")
    give(at, waved_photo)
    at.segmented_control(key="_video_mode").set_value("LIP").run()

    assert at.button(key="ask").disabled
    assert say("video.missing.LIP") in texts(at)
    assert say("lip.languages", languages=say("list.join").join((say("language.en"), say("language.zh")))) in texts(at)


def test_a_code_is_asked_for_filled_in_and_not_spent_by_a_video_without_sound(open_page, say, data_dir, waved_photo):
    at = open_page(VIDEO_MATCH)
    at.segmented_control(key="_video_mode").set_value("LIP").run()
    at.button(key="ask_code").click().run()
    code = at.text_input[0].value
    compare(at, encoded(swaying("obama_1.jpg", 3.4)))

    issued, asked = rows(data_dir)
    assert code.isdigit()
    assert (issued["endpoint"], asked["endpoint"], asked["mode"]) == ("validate_data", "match", "LIP")
    assert asked["errcode"] == codes.NO_SOUND
    assert at.text_input[0].value == code
    assert not any(code in str(value) for row in (issued, asked) for value in (row["errmsg"], row["extra"]))


def test_a_result_says_which_check_it_is_of_and_that_the_form_asks_for_another_since(open_page, say, waved_photo):
    at = compare(open_page(VIDEO_MATCH), waved_photo)
    told = say("result.kind", kind=say("video.mode.SILENT"))
    assert told in texts(at)
    assert say("result.changed") not in texts(at)

    at.segmented_control(key="_video_mode").set_value("LIP").run()
    assert told + say("sentence.join") + say("result.changed") in texts(at)


def test_the_live_code_outlives_a_page_switch(open_page):
    at = open_page(VIDEO_MATCH)
    at.segmented_control(key="_video_mode").set_value("LIP").run()
    at.text_input(key="_live_code").set_value("0123").run()
    open_page("pages/history.py")

    assert open_page(VIDEO_MATCH).text_input(key="_live_code").value == "0123"


def test_the_snippets_name_every_file_and_variable_that_they_want(open_page, say, waved_photo):
    at = open_page(VIDEO_MATCH)
    at.segmented_control(key="_video_mode").set_value("LIP").run()
    at.text_input(key="_live_code").set_value("0123").run()
    said = texts(compare(at, waved_photo))

    assert say("wire.files", files=say("list.join").join(("`reference.jpg`", "`probe.mp4`"))) in said
    assert say("wire.variables", variables="`FACEMATCH_LIVE_CODE`") in said


def test_what_is_no_video_is_refused_with_its_reason(open_page, say):
    at = compare(open_page(VIDEO_MATCH), b"not a video at all", name="notes.txt")

    assert codes.CATALOGUE[codes.VIDEO_NOT_DECODABLE].words(say.language).meaning in at.error[0].value


def test_the_video_outlives_a_page_switch_and_can_be_cleared(open_page, say, waved_photo):
    at = compare(open_page(VIDEO_MATCH), waved_photo)
    open_page("pages/history.py")
    at = open_page(VIDEO_MATCH)
    assert say("liveness.title") in texts(at)

    at.button(key="clear_video").click().run()
    assert say("video.missing.SILENT") in texts(at)
