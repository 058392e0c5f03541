"""Photo against video in a real browser, with clips made for the test."""

import re

import pytest
from playwright.sync_api import expect

from facematch import samples
from facematch.ui.words import Speaker
from tests.engine.clips import encoded, swaying

from .conftest import settled, visiting

EN = Speaker("en")


@pytest.fixture(scope="module")
def waved_photo():
    return encoded(swaying("obama_1.jpg", 3.0))


def give(page, key, name, data, kind):
    page.locator(f"[class*=st-key-{key}_upload] input[type=file]").set_input_files(
        {"name": name, "mimeType": kind, "buffer": data}
    )


def seen_on_any_frame(page, text):
    """A quick call shows *text* for less time than lies between two looks of `expect`."""
    page.wait_for_function("text => document.body.innerText.includes(text)", arg=text, polling="raf")


def test_a_waved_photo_is_not_taken_for_a_living_person_and_every_cue_is_shown(page, base_url, waved_photo):
    page.goto(f"{base_url}/video_match")
    give(page, "reference", "obama_2.jpg", samples.photo("obama_2.jpg"), "image/jpeg")
    expect(page.get_by_alt_text("obama_2.jpg")).to_be_visible()
    give(page, "video", "clip.mp4", waved_photo, "video/mp4")
    ask = page.locator(".st-key-ask button")
    expect(ask).to_be_enabled()
    ask.click()

    expect(page.locator(".st-key-verdict")).to_contain_text("errcode 100")
    expect(page.get_by_role("heading", name=EN("liveness.title"))).to_be_visible()
    expect(page.get_by_text(EN("cue.relief"))).to_be_visible()
    expect(page.get_by_role("heading", name=EN("clip.title"))).to_be_visible()


def test_a_result_is_there_on_return_when_its_page_was_left_while_the_call_ran(page, base_url):
    long_clip = encoded(swaying("obama_1.jpg", 10.0))  # its call outlasts the way to another page
    page.goto(f"{base_url}/video_match")
    give(page, "reference", "obama_2.jpg", samples.photo("obama_2.jpg"), "image/jpeg")
    give(page, "video", "clip.mp4", long_clip, "video/mp4")
    ask = page.locator(".st-key-ask button")
    expect(ask).to_be_enabled()
    ask.click()
    seen_on_any_frame(page, EN("video.running"))
    menu = page.locator("[data-testid=stSidebar]")
    menu.get_by_role("link", name=EN("page.history")).click()
    expect(page.get_by_role("heading", name=EN("page.history"), exact=True)).to_be_visible()
    menu.get_by_role("link", name=EN("page.video_match")).click()

    expect(page.locator(".st-key-verdict")).to_contain_text("errcode 100")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_box_for_the_video_names_its_own_limits(chromium, base_url, language):
    say = Speaker(language)
    with visiting(chromium, base_url, locale={"en": "en-GB", "zh": "zh-CN"}[language]) as page:
        page.goto(f"{base_url}/video_match")
        formats = say("list.join").join(("MP4", "MOV", "WEBM", "AVI", "FLV"))
        limits = say("native.video_limits", formats=formats, size="6.3 MB", silent="2–15", lip="3–15")
        box = page.locator("[class*=st-key-video_upload] [data-testid=stFileUploaderDropzoneInstructions]")
        expect(box).to_be_visible()

        assert box.evaluate("e => getComputedStyle(e, '::after').content") == f'"{limits}"'


def test_a_phone_has_room_for_the_form_the_code_and_what_the_check_stops(chromium, base_url):
    with visiting(chromium, base_url, viewport={"width": 390, "height": 844}) as page:
        page.goto(f"{base_url}/video_match")
        page.get_by_role("radio", name=EN("video.mode.LIP")).click()
        page.locator(".st-key-ask_code button").click()
        expect(page.get_by_text(EN("video.missing.LIP"))).to_be_visible()
        expect(page.locator(".st-key-_live_code input")).to_have_value(re.compile(r"^\d{4}$"))
        settled(page)  # what a run draws anew is closed again
        page.get_by_text(EN("liveness.measured")).click()
        expect(page.get_by_text(EN("attack.screen_filling"))).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
