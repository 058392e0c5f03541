"""The page of error codes in Chromium: search while typing, open a code, go to its calls; on a phone too."""

import pytest
from playwright.sync_api import expect

from facematch import codes
from facematch.ui.words import Speaker

from .conftest import dashboard, settled, visiting
from .worked_log import write

EN, ZH = Speaker("en"), Speaker("zh")
PHONE = {"width": 390, "height": 844}
UNKNOWN = 987654


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    """A dashboard whose log has failures of three kinds."""
    folder = tmp_path_factory.mktemp("codes")
    (folder / "log").mkdir()
    failed = [{"outcome": "biz_error", "errcode": errcode} for errcode in (2012, 2012, 2010, UNKNOWN)]
    write(folder / "log" / "calls.db", [*failed, {"outcome": "timeout", "http_status": None}])
    with dashboard(folder) as url:
        yield url


def entry(page, number):
    return page.locator(f".st-key-code_{number}, .st-key-code_{number}_alone")


def test_a_code_is_found_while_typing_and_leads_to_its_calls(logged, chromium):
    with visiting(chromium, logged) as page:
        page.goto(f"{logged}/error_codes")
        expect(entry(page, UNKNOWN)).to_be_visible()
        settled(page)
        page.get_by_label(EN("codes.search")).press_sequentially("多张人脸", delay=20)  # never Enter
        expect(entry(page, 2010)).to_have_count(0)
        settled(page)
        opened = entry(page, 2012)
        expect(opened).to_contain_text(codes.CATALOGUE[2012].en.remedy)
        opened.get_by_role("link", name=EN("codes.show", count=2)).click()
        expect(page.get_by_role("heading", name=EN("page.history"), exact=True)).to_be_visible()
        settled(page)

        assert "errcode=2012" in page.url


def test_a_link_to_a_code_opens_it_on_a_phone_in_chinese(logged, chromium):
    with visiting(chromium, logged, locale="zh-CN", viewport=PHONE, color_scheme="dark") as page:
        page.goto(f"{logged}/error_codes?code=2012")
        expect(entry(page, 2012)).to_contain_text(codes.CATALOGUE[2012].zh.remedy)
        settled(page)
        page.locator(".st-key-codes_all button").click()
        expect(entry(page, 40102)).to_be_visible()
        settled(page)

        assert "code=" not in page.url
        assert page.locator("[data-testid=stMain]").evaluate("main => main.scrollWidth <= main.clientWidth")


def test_a_search_that_finds_nothing_says_so_and_is_cleared(logged, chromium):
    with visiting(chromium, logged) as page:
        page.goto(f"{logged}/error_codes")
        expect(entry(page, 1)).to_be_visible()
        settled(page)
        page.get_by_label(EN("codes.search")).fill("no such code")
        expect(page.get_by_text(EN("codes.none_found"))).to_be_visible()
        settled(page)
        page.locator(".st-key-codes_clear button").click()

        expect(entry(page, 1)).to_be_visible()
        expect(page.get_by_label(EN("codes.search"))).to_have_value("")
