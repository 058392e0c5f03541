"""The recorder and what is shown of a read code: in both themes, on a phone, and nothing of the file on a stage."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from facematch import samples
from facematch.engine.api import SOUND_HZ
from facematch.engine.pipeline import FaceEngine
from facematch.settings import Settings
from facematch.ui.words import Speaker
from tests.engine import clips

from .accessibility import in_both_themes, over_the_edge, unfold
from .conftest import dashboard, settled
from .fake_camera import LISTENING_HZ, somebody_reads

EN = Speaker("en")
NOTHING = {"light": [], "dark": []}


@pytest.fixture(scope="module")
def base_url(tmp_path_factory):
    """A dashboard that waits for its service on a busy machine, too: every stage is to be reached."""
    with dashboard(tmp_path_factory.mktemp("patient"), FACEMATCH_TIMEOUT_S="110") as url:
        yield url


def read_aloud(code):
    """A file in which somebody reads *code*."""
    frames, sound = somebody_reads(FaceEngine(Settings()), code, after_s=0.4, seconds=6.0)
    at = np.arange(len(sound) * LISTENING_HZ // SOUND_HZ) * SOUND_HZ / LISTENING_HZ
    voice = np.interp(at, np.arange(len(sound)), sound).astype(np.float32)
    return clips.encoded(frames, sound=voice)


def give(page, key, name, kind, data):
    box = page.locator(f"[class*=st-key-{key}_upload] input[type=file]")
    box.set_input_files({"name": name, "mimeType": kind, "buffer": data})


def ask_for_code(page):
    page.get_by_role("radio", name=EN("video.mode.LIP")).click()
    page.locator(".st-key-ask_code button").click()
    field = page.locator(".st-key-_live_code input")
    expect(field).to_have_value(re.compile(r"^\d{4}$"))
    settled(page)
    return field.input_value()


@pytest.mark.parametrize("address", ["video_match", "video_match?demo=1"])
def test_the_digits_that_were_heard_are_there_for_everybody(page, base_url, address):
    page.goto(f"{base_url}/{address}")
    expect(page.locator(".open")).to_be_visible()
    settled(page)
    give(page, "reference", "obama_2.jpg", "image/jpeg", samples.photo("obama_2.jpg"))
    expect(page.locator(".st-key-reference_card img")).to_be_visible()  # on a stage without its name
    code = ask_for_code(page)
    expect(page.locator(".code")).to_have_attribute("aria-label", f"{EN('recorder.read')} {' '.join(code)}")
    settled(page)
    give(page, "video", "clip.mp4", "video/mp4", read_aloud(code))
    expect(page.locator(".st-key-ask button")).to_be_enabled()
    page.locator(".st-key-ask button").click()
    expect(page.locator(".st-key-verdict")).to_be_visible(timeout=120_000)
    settled(page)
    expected = page.get_by_text(EN("challenge.heard", expected=code, heard=code).replace("**", ""))
    expect(expected).to_be_visible()
    expect(page.locator(".fm-stages .ended")).to_have_count(0)
    assert (page.get_by_text("h264").count() == 0) is ("demo" in address)
    assert (page.locator(".st-key-film_compared").bounding_box() or {"x": 9999})["x"] < 1280
    unfold(page)

    assert in_both_themes(page) == NOTHING
    assert over_the_edge(page) == []


def test_the_recorder_hinders_nobody_from_the_preview_to_the_review(page, base_url):
    page.goto(f"{base_url}/video_match")
    ask_for_code(page)
    page.locator(".open").click()
    expect(page.locator(".record")).to_be_enabled()
    assert in_both_themes(page) == NOTHING
    assert over_the_edge(page) == []
    page.locator(".record").click()
    expect(page.locator(".stop")).to_be_visible()
    page.locator(".stop").click()
    expect(page.locator(".again")).to_be_visible()

    assert in_both_themes(page) == NOTHING
    assert over_the_edge(page) == []
