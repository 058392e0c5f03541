import re
import socket

import pytest
from playwright.sync_api import expect

from facematch import samples
from facematch.ui.frame import PAGES
from facematch.ui.words import Speaker

from .conftest import dashboard, visiting

EN, ZH = Speaker("en"), Speaker("zh")


def give(page, part, *names):
    page.locator(f"[class*=st-key-{part}_upload] input[type=file]").set_input_files(
        [{"name": name, "mimeType": "image/jpeg", "buffer": samples.photo(name)} for name in names]
    )


def compare(page, reference, probe, say=EN):
    give(page, "reference", reference)
    expect(page.get_by_alt_text(reference)).to_be_visible()
    give(page, "probe", probe)
    ask = page.locator(".st-key-ask button")
    expect(ask).to_be_enabled()
    ask.click()
    expect(page.locator(".st-key-verdict")).to_be_visible()


def test_a_newcomer_goes_from_the_overview_to_a_verdict_and_finds_it_in_the_history(chromium, tmp_path):
    with dashboard(tmp_path) as url, visiting(chromium, url) as page:
        page.goto(url)
        expect(page.get_by_role("heading", name=EN("page.overview"))).to_be_visible()
        page.get_by_role("link", name=EN("overview.start")).click()
        page.locator(".st-key-sample_same_person button").click()
        expect(page.locator(".st-key-verdict")).to_contain_text(EN("verdict.passed"))
        page.get_by_role("link", name=EN("number.open")).click()
        expect(page.locator(".st-key-call")).to_contain_text(EN("verdict.passed"))
        expect(page.get_by_text(EN("chart.scores.title"), exact=True)).to_be_visible()
        assert re.search(r"/history\?trace=\d{20}$", page.url)


def test_two_uploaded_photos_get_a_verdict(page, base_url):
    page.goto(f"{base_url}/photo_match")
    compare(page, "obama_2.jpg", "obama_1.jpg")

    expect(page.locator(".st-key-verdict")).to_contain_text(EN("verdict.passed"))
    expect(page.get_by_alt_text(EN("evidence.crop"))).to_have_count(2)


def test_a_photo_of_two_persons_is_refused_and_the_side_is_named(page, base_url):
    page.goto(f"{base_url}/photo_match")
    compare(page, "obama_2.jpg", "two_faces.jpg")

    verdict = page.locator(".st-key-verdict")
    expect(verdict).to_contain_text("errcode 2012")
    expect(verdict).to_contain_text(EN("side.faceData"))


def test_a_pasted_picture_becomes_the_reference(page, base_url):
    page.goto(f"{base_url}/photo_match")
    box = page.locator("[class*=st-key-reference_upload] [data-testid=stFileUploaderDropzone]")
    expect(box).to_be_visible()
    box.evaluate(
        """(box, bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "pasted.jpg", {type: "image/jpeg"}));
            box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        list(samples.photo("grace_hopper_1.jpg")),
    )

    expect(page.get_by_alt_text("pasted.jpg")).to_be_visible()


def test_the_camera_is_asked_for_only_on_demand_and_gives_a_photo(page, base_url):
    page.goto(f"{base_url}/photo_match")
    expect(page.get_by_role("tab", name=EN("photo.camera")).first).to_be_visible()
    assert page.locator("[data-testid=stCameraInput]").count() == 0
    page.get_by_role("tab", name=EN("photo.camera")).first.click()
    page.wait_for_function("document.querySelector('[data-testid=stCameraInput] video')?.readyState >= 3")
    page.locator("[data-testid=stCameraInputButton]").click()

    expect(page.get_by_text(EN("photo.from.camera", size="")[:15])).to_be_visible()


def test_the_keyboard_alone_compares_a_sample_pair(page, base_url):
    page.goto(f"{base_url}/photo_match")
    page.locator(".st-key-sample_different_persons button").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-verdict")).to_contain_text(EN("verdict.not_passed"))


def test_a_deep_link_to_the_history_works_on_a_fresh_process(chromium, tmp_path):
    with dashboard(tmp_path) as url, visiting(chromium, url) as page:
        page.goto(f"{url}/history?trace=12345678901234567890")

        expect(page.get_by_role("heading", name=EN("page.history"))).to_be_visible()
        expect(page.get_by_text(EN("history.not_found", trace="12345678901234567890"))).to_be_visible()
        links = page.locator("[data-testid=stSidebar] [data-testid=stPageLink-NavLink]")
        expect(links).to_have_text([re.compile(EN(f"page.{name}")) for name in PAGES])


def test_a_click_on_a_line_of_the_history_opens_the_call(page, base_url):
    page.goto(f"{base_url}/photo_match")
    page.locator(".st-key-sample_same_person button").click()
    expect(page.locator(".st-key-verdict")).to_be_visible()
    page.locator("[data-testid=stSidebar]").get_by_role("link", name=EN("page.history")).click()
    expect(page.get_by_role("heading", name=EN("history.calls"), exact=True)).to_be_visible()
    page.locator(".st-key-calls .dvn-scroller").click(position={"x": 19, "y": 53})

    expect(page.locator(".st-key-call")).to_contain_text(EN("field.trace"))
    page.locator(".st-key-close button").click()
    expect(page.locator(".st-key-call")).to_have_count(0)
    assert "trace" not in page.url
    page.go_back()
    expect(page.locator(".st-key-call")).to_contain_text(EN("field.trace"))


@pytest.mark.parametrize(("locale", "say", "other"), [("zh-CN", ZH, EN), ("en-GB", EN, ZH)])
def test_the_language_is_the_browsers_until_one_click_changes_it(chromium, base_url, locale, say, other):
    with visiting(chromium, base_url, locale=locale) as page:
        page.goto(base_url)
        expect(page.get_by_role("heading", name=say("page.overview"), exact=True)).to_be_visible()
        page.locator(".st-key-_language").get_by_text({"en": "English", "zh": "中文"}[other.language]).click()

        expect(page.get_by_role("heading", name=other("page.overview"), exact=True)).to_be_visible()


def shown(page, selector):
    """The text that a style puts in the place of Streamlit's own, which it makes as small as nothing."""
    element = page.locator(selector).first
    expect(element).to_be_visible()
    return element.evaluate("e => [getComputedStyle(e).fontSize, getComputedStyle(e, '::after').content]")


def test_streamlits_own_words_are_replaced_in_chinese(chromium, base_url):
    with visiting(chromium, base_url, locale="zh-CN") as page:
        page.goto(f"{base_url}/photo_match")
        button, limits = (
            '[data-testid="stFileUploaderDropzone"] button p',
            "[data-testid=stFileUploaderDropzoneInstructions]",
        )
        assert shown(page, button) == ["0px", f'"{ZH("native.upload")}"']
        assert shown(page, limits) == ["0px", f'"{ZH("native.limits", size="2.4 MB", side=4000)}"']
        page.get_by_role("tab", name=ZH("photo.camera")).first.click()
        assert shown(page, "[data-testid=stCameraInputButton]") == ["0px", f'"{ZH("native.camera")}"']


@pytest.mark.parametrize("path", ["", "photo_match", "history"])
def test_a_page_fits_a_phone(chromium, base_url, path):
    with visiting(chromium, base_url, viewport={"width": 390, "height": 844}) as page:
        page.goto(f"{base_url}/{path}")
        expect(page.locator("h1")).to_be_visible()

        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def handshake_status(base_url, host):
    """The HTTP status of a websocket handshake that names *host*."""
    port = int(base_url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(
            f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        return int(connection.recv(64).split()[1])


def test_the_dashboard_refuses_a_foreign_host(base_url):
    assert handshake_status(base_url, "127.0.0.1") == 101
    assert handshake_status(base_url, "evil.example") == 403


def test_the_dashboard_listens_on_loopback_only(base_url):
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.2", int(base_url.rpartition(":")[2])), timeout=2)
