"""The Overview in a real browser: the first steps taken, a failure opened from it, on a phone and in the dark."""

import pytest
from playwright.sync_api import expect

from facematch.ui.words import Speaker

from . import worked_log
from .conftest import dashboard, settled, visiting

SAY = {"en-US": Speaker("en"), "zh-CN": Speaker("zh")}
PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "locale": "zh-CN"}
WIDER = "() => document.documentElement.scrollWidth - innerWidth"


def begun(page, url, path=""):
    page.goto(url + path)
    expect(page.locator(".st-key-health, [data-testid=stHeading]").first).to_be_visible()
    settled(page)


@pytest.mark.parametrize("locale", SAY)
def test_the_first_steps_really_happen_and_go_away(chromium, tmp_path, locale):
    say = SAY[locale]
    with dashboard(tmp_path) as url, visiting(chromium, url, locale=locale) as page:
        begun(page, url)
        steps = page.locator(".st-key-first_steps")
        page.locator(".st-key-guide_compare button").dblclick()
        expect(steps.get_by_role("link", name=say("guide.compare.see"))).to_be_visible()
        page.locator(".st-key-guide_fail button").click()
        expect(steps.get_by_role("link", name=say("guide.fail.see"))).to_be_visible()
        settled(page)
        expect(page.locator(".st-key-newest_calls [data-testid=stPageLink]")).to_have_count(2)
        page.locator(".st-key-guide_explain button").click()
        expect(page.locator(".st-key-funnel_of_call")).to_be_visible()
        settled(page)
        page.locator("h1").click()  # the keys are the page's, not a field's
        page.keyboard.press("1")
        expect(page.get_by_role("radio", name=say("review.identity.same"))).to_be_checked()
        settled(page)
        page.get_by_role("link", name=say("page.overview")).click()
        expect(page.locator(".st-key-guide_back")).to_be_visible()
        expect(steps).to_have_count(0)


def test_a_kind_of_failure_leads_to_its_calls_and_the_period_stays_in_the_address(chromium, tmp_path):
    say = SAY["en-US"]
    worked_log.write(tmp_path / "log" / "calls.db", worked_log.two_days())
    with dashboard(tmp_path) as url, visiting(chromium, url) as page:
        begun(page, url)
        page.get_by_role("radio", name=say("overview.period.week")).click()
        expect(page).to_have_url(f"{url}/?period=week")
        settled(page)
        expect(page.locator(".st-key-overview_scores [role=img]")).to_be_visible()
        page.locator(".st-key-overview_failures [data-testid=stPageLink] a").first.click()
        expect(page).to_have_url(f"{url}/history?period=week&outcome=biz_error&errcode=2010")
        settled(page)
        page.go_back()
        expect(page).to_have_url(f"{url}/?period=week")
        expect(page.get_by_role("radio", name=say("overview.period.week"))).to_be_checked()
        settled(page)


def test_on_a_phone_nothing_is_wider_than_the_screen(chromium, tmp_path):
    worked_log.write(tmp_path / "log" / "calls.db", worked_log.two_days())
    with dashboard(tmp_path) as url, visiting(chromium, url, **PHONE) as page:
        begun(page, url, "/?period=month")

        expect(page.locator(".st-key-overview_failures")).to_be_visible()
        assert page.evaluate(WIDER) <= 0
