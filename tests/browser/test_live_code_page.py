"""Live codes in a real browser: what is left is counted down there, and a dead code is tried with one click."""

import re

import pytest
from playwright.sync_api import expect

from facematch.ui.words import Speaker

from .conftest import dashboard, settled, visiting

EN, ZH = Speaker("en"), Speaker("zh")
LIFE_S = 6


@pytest.fixture(scope="module")
def short_lived(tmp_path_factory):
    """A dashboard whose codes live some seconds."""
    with dashboard(tmp_path_factory.mktemp("short"), FACEMATCH_LIVE_CODE_TTL_S=str(LIFE_S)) as url:
        yield url


def ask(page):
    page.locator(".st-key-ask_code button").click()
    clock = page.locator(".st-key-code_clock .clock")
    expect(clock).to_be_visible()
    return clock


def test_a_code_is_copied_expires_before_the_readers_eyes_and_is_refused_with_one_click(chromium, short_lived):
    with visiting(chromium, short_lived, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"{short_lived}/live_code")
        clock = ask(page)
        digits = "".join(clock.locator(".digits span").all_inner_texts())
        clock.get_by_role("button", name=EN("code.copy")).click()
        expect(clock.get_by_role("status")).not_to_be_empty()
        assert re.fullmatch(r"\d{4}", digits)
        assert page.evaluate("navigator.clipboard.readText()") == digits
        expect(page.locator(".st-key-_live_code input")).to_have_value(digits)
        listed = page.locator(".st-key-code_list tbody tr")
        expect(clock).to_have_attribute("data-state", "expired")
        expect(listed).to_have_attribute("data-state", "expired")
        expect(clock.get_by_role("timer")).to_have_text(EN("code.expired"))
        expect(page.locator(".st-key-record_here button")).to_be_disabled()
        settled(page)
        page.locator(".st-key-trial_expiry button").click()

        card = page.locator(".st-key-trial_card_expiry")
        expect(card).to_contain_text("errcode 1132")
        expect(card).to_contain_text(EN("trial.passed"))
        card.get_by_role("link", name=EN("number.open")).click()
        expect(page).to_have_url(re.compile(r"/history\?trace=\w+"))


def test_a_trial_counts_down_and_ends_by_itself_on_a_phone_in_chinese(chromium, short_lived):
    with visiting(chromium, short_lived, locale="zh-CN", viewport={"width": 390, "height": 844}) as page:
        page.goto(f"{short_lived}/live_code")
        page.locator(".st-key-trial_expiry button").click()
        card = page.locator(".st-key-trial_card_expiry")
        expect(card.get_by_role("timer")).to_be_visible()
        expect(card).to_contain_text(ZH("trial.passed"), timeout=60_000)

        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_server_that_does_not_answer_is_told_with_what_to_do(chromium, tmp_path):
    gone = "http://127.0.0.1:9"  # the port of "discard", where nobody listens
    with (
        dashboard(tmp_path / "data", FACEMATCH_URL=gone, FACEMATCH_TOKEN="t" * 20) as url,
        visiting(chromium, url) as page,
    ):
        page.goto(f"{url}/live_code")
        page.locator(".st-key-ask_code button").click()

        expect(page.get_by_text(EN("error.ConnectFailed"))).to_be_visible()
        expect(page.get_by_text(EN("codes.none"))).to_be_visible()
