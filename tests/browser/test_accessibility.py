"""Every page in both themes, on a log with calls of every kind: nothing that hinders a person."""

import pytest
from playwright.sync_api import expect

from facematch.ui.frame import PAGES

from .accessibility import violations
from .conftest import dashboard, settled, visiting
from .worked_log import two_days, write


@pytest.fixture(scope="module")
def worked_url(tmp_path_factory):
    data = tmp_path_factory.mktemp("worked")
    (data / "log").mkdir()
    write(data / "log" / "calls.db", two_days())
    with dashboard(data) as url:
        yield url


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_on_a_page_hinders_a_person(chromium, worked_url, name, theme):
    with visiting(chromium, worked_url, color_scheme=theme) as page:
        page.goto(f"{worked_url}/{'' if name == 'overview' else name}")
        expect(page.locator("h1")).to_be_visible()
        settled(page)
        page.wait_for_function("document.querySelector('[data-testid=stSkeleton]') === null")

        assert violations(page) == []


def test_the_check_finds_what_it_is_there_for(chromium, worked_url):
    with visiting(chromium, worked_url) as page:
        page.goto(f"{worked_url}/error_codes")
        expect(page.locator("h1")).to_be_visible()
        settled(page)
        page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"data:image/gif;,\">')")

        assert {each.rule for each in violations(page)} == {"image-alt"}
