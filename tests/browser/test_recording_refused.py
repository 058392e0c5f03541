"""What the recorder says when there is no camera to be had, and that it lets go of one that it has."""

import pytest
from playwright.sync_api import expect

from facematch.ui.words import Speaker
from tests.engine.clips import encoded, swaying

from .conftest import CHROMIUM, FLAGS, dashboard, settled, visiting

EN, ZH = Speaker("en"), Speaker("zh")
ALLOWED, DEVICES = "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"
FAILING = (
    """navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("busy", "NotReadableError"); }"""
)


@pytest.fixture
def browser_with(chromium):
    """Another browser, with these flags only for its camera."""
    started = []

    def start(*flags):
        plain = [flag for flag in FLAGS if flag not in (ALLOWED, DEVICES)]
        started.append(chromium.browser_type.launch(executable_path=CHROMIUM, args=[*plain, *flags]))
        return started[-1]

    yield start
    for each in started:
        each.close()


def upload_instead(page):
    """The upload is beside the sentence, and works."""
    box = page.locator("[class*=st-key-video_upload] input[type=file]")
    clip = {"name": "clip.mp4", "mimeType": "video/mp4", "buffer": encoded(swaying("obama_1.jpg", 2.4))}
    box.set_input_files(clip)
    expect(page.get_by_text("clip.mp4 ·")).to_be_visible()


@pytest.mark.parametrize(
    ("flags", "key"),
    [((DEVICES,), "recorder.refused_camera"), ((ALLOWED,), "recorder.no_camera")],
    ids=["refused", "missing"],
)
def test_a_camera_that_is_refused_or_missing_is_told_with_the_upload_beside_it(browser_with, base_url, flags, key):
    with visiting(browser_with(*flags), base_url) as page:
        page.goto(f"{base_url}/video_match")
        page.locator(".open").click()

        expect(page.locator(".trouble")).to_have_text(EN(key))
        expect(page.locator(".open")).to_be_visible()
        upload_instead(page)


def test_a_busy_camera_is_told_in_the_language_that_is_chosen(chromium, base_url):
    with visiting(chromium, base_url) as page:
        page.add_init_script(FAILING)
        page.goto(f"{base_url}/video_match")
        page.locator(".open").click()
        expect(page.locator(".trouble")).to_have_text(EN("recorder.busy"))
        page.get_by_text("中文", exact=True).click()

        expect(page.locator(".trouble")).to_have_text(ZH("recorder.busy"))
        expect(page.locator(".open")).to_have_text(ZH("recorder.open"))


def test_an_address_without_https_is_told_at_once(browser_with, tmp_path):
    elsewhere = "console.test"  # not localhost, hence no secure context
    with dashboard(tmp_path / "data", STREAMLIT_SERVER_ALLOWED_HOSTS=f"{elsewhere} 127.0.0.1") as url:
        browser = browser_with(ALLOWED, DEVICES, f"--host-resolver-rules=MAP {elsewhere} 127.0.0.1")
        there = url.replace("127.0.0.1", elsewhere)
        with visiting(browser, there) as page:
            page.goto(f"{there}/video_match")

            expect(page.locator(".trouble")).to_have_text(EN("recorder.insecure"), timeout=60_000)
            upload_instead(page)


def test_the_keyboard_opens_the_camera_and_leaving_the_page_lets_go_of_it(chromium, base_url):
    with visiting(chromium, base_url, viewport={"width": 390, "height": 844}) as page:
        page.goto(f"{base_url}/video_match")
        expect(page.locator(".open")).to_be_visible()
        settled(page)
        page.locator(".open").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".record")).to_be_focused()
        track = page.locator(".live").evaluate_handle("live => live.srcObject.getVideoTracks()[0]")
        assert track.evaluate("track => track.readyState") == "live"
        assert page.evaluate("document.documentElement.scrollWidth") <= 390

        page.keyboard.press("Escape")
        expect(page.locator(".open")).to_be_focused()
        assert track.evaluate("track => track.readyState") == "ended"

        page.keyboard.press("Enter")
        expect(page.locator(".record")).to_be_focused()
        track = page.locator(".live").evaluate_handle("live => live.srcObject.getVideoTracks()[0]")
        page.evaluate("window.history.pushState({}, '', '/'); window.dispatchEvent(new PopStateEvent('popstate'))")
        expect(page.locator(".open, .record")).to_have_count(0)

        assert track.evaluate("track => track.readyState") == "ended"
