"""Every page in both themes, on a log with calls of every kind: nothing hinders a person, nothing scrolls sideways."""

import pytest
from playwright.sync_api import expect

from facematch.ui.frame import PAGES

from .accessibility import in_both_themes, over_the_edge, unfold, violations
from .conftest import dashboard, settled, visiting
from .worked_log import CALLS, two_days, write

NOTHING = {"light": [], "dark": []}


@pytest.fixture(scope="module")
def worked_url(tmp_path_factory):
    data = tmp_path_factory.mktemp("worked")
    (data / "log").mkdir()
    write(data / "log" / "calls.db", two_days())
    with dashboard(data) as url:
        yield url


def opened(page, url):
    page.goto(url)
    expect(page.locator("h1")).to_be_visible()
    settled(page)
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0, timeout=60_000)


@pytest.mark.parametrize("name", PAGES)
def test_nothing_on_a_page_hinders_a_person(chromium, worked_url, name):
    with visiting(chromium, worked_url) as page:
        opened(page, f"{worked_url}/{'' if name == 'overview' else name}")

        assert in_both_themes(page) == NOTHING
        assert over_the_edge(page) == []
        unfold(page)
        assert in_both_themes(page) == NOTHING
        assert over_the_edge(page) == []


def test_nor_does_a_verdict_with_all_that_it_is_based_on(chromium, worked_url):
    with visiting(chromium, worked_url) as page:
        opened(page, f"{worked_url}/photo_match")
        page.locator(".st-key-sample_same_person button").click()
        expect(page.locator(".st-key-verdict")).to_be_visible()
        unfold(page)

        assert in_both_themes(page) == NOTHING
        assert over_the_edge(page) == []


def test_nor_does_a_call_in_full(chromium, worked_url):
    with visiting(chromium, worked_url) as page:
        opened(page, f"{worked_url}/history?trace={CALLS:020d}")
        expect(page.locator(".st-key-call h3")).to_be_visible()
        page.locator(".st-key-again_open button").click()
        expect(page.locator(".st-key-again")).to_be_visible()
        unfold(page)

        assert in_both_themes(page) == NOTHING
        assert over_the_edge(page) == []


def test_nor_do_the_panels_of_what_a_server_keeps(chromium, worked_url):
    with visiting(chromium, worked_url) as page:
        opened(page, f"{worked_url}/environments")
        tabs = page.get_by_role("tab")
        expect(tabs).to_have_count(6)
        for number in range(6):
            tabs.nth(number).click()
            expect(tabs.nth(number)).to_have_attribute("aria-selected", "true")
            unfold(page)

            assert in_both_themes(page) == NOTHING
            assert over_the_edge(page) == []


def test_the_check_finds_what_it_is_there_for(chromium, worked_url):
    with visiting(chromium, worked_url) as page:
        opened(page, f"{worked_url}/error_codes")
        spoilt = '<img src="data:image/gif;,"><p style="color:#999;background:#fff;width:900px">pale and wide</p>'
        page.evaluate("spoilt => document.querySelector('h1').insertAdjacentHTML('afterend', spoilt)", spoilt)

        assert {each.rule for each in violations(page)} == {"image-alt", "color-contrast"}
        assert over_the_edge(page)[0] == "sideways"
