import pytest

from facematch import codes
from facematch.samples import PAIRS

from .conftest import HISTORY, PHOTO_MATCH, compare, rows, texts, upload


def test_two_uploaded_photos_of_one_person_get_a_verdict_and_a_row(open_page, say, data_dir):
    at = compare(open_page(PHOTO_MATCH))

    assert f"### {say('verdict.passed')}" in at.success[0].value
    (row,) = rows(data_dir)
    assert (row["env"], row["endpoint"], row["outcome"], row["success"]) == ("embedded", "match", "ok", 1)
    assert row["trace_no"] in texts(at)


def test_a_stranger_is_an_answer_not_a_failure(open_page, say, data_dir):
    at = compare(open_page(PHOTO_MATCH), "obama_3.jpg", "biden_1.jpg")

    assert f"### {say('verdict.not_passed')}" in at.warning[0].value
    assert not at.error
    assert rows(data_dir)[0]["outcome"] == "ok"


def test_the_result_shows_its_meaning_its_evidence_and_the_wire_without_base64(open_page, say):
    at = compare(open_page(PHOTO_MATCH))

    said = texts(at)
    assert say("check.sharpness") in said
    assert "<base64," in said
    assert "$(base64 < reference.jpg" in said
    assert 'base64_of("probe.jpg")' in said
    assert "LFW" in said
    assert "/9j/" not in said  # how the base64 of every JPEG begins


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.key)
def test_one_click_on_a_sample_pair_shows_what_it_is_made_to_show(open_page, say, pair):
    at = open_page(PHOTO_MATCH)
    at.button(key=f"sample_{pair.key}").click().run()

    assert not at.exception
    if pair.expected == "match":
        assert say("verdict.passed") in at.success[0].value
    elif pair.expected == "no_match":
        assert say("verdict.not_passed") in at.warning[0].value
    else:
        told = codes.CATALOGUE[pair.expected].words(say.language)
        side = "image" if pair.key == "two_faces" else "faceData"
        for part in (f"errcode {pair.expected}", told.meaning, told.cause, told.remedy, say(f"side.{side}")):
            assert part in at.error[0].value


def test_the_photos_and_the_result_outlive_a_page_switch(open_page, say):
    compare(open_page(PHOTO_MATCH))
    open_page(HISTORY)
    at = open_page(PHOTO_MATCH)

    assert say("verdict.passed") in at.success[0].value
    assert not at.button(key="ask").disabled


def test_a_new_photo_takes_the_old_result_away(open_page):
    at = compare(open_page(PHOTO_MATCH))
    upload(at, "probe", "biden_1.jpg")

    assert not at.success


def test_swapping_and_clearing_the_photos(open_page, say):
    at = compare(open_page(PHOTO_MATCH))
    at.button(key="swap").click().run()
    assert at.session_state["photo.reference"].name == "obama_1.jpg"

    at.button(key="clear").click().run()
    assert say("photo_match.missing") in texts(at)
    assert at.button(key="ask").disabled
