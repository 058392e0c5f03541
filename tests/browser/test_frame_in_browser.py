"""What of the frame only a browser shows: Streamlit's own words, the page's language, larger type on the stage."""

from playwright.sync_api import expect

from facematch.ui.words import Speaker
from facematch.ui.words.native import PHRASES

from .conftest import settled, visiting

EN, ZH = Speaker("en"), Speaker("zh")


ROOT_PX = "parseFloat(getComputedStyle(document.documentElement).fontSize)"


def test_streamlits_own_words_follow_the_language_there_and_back(chromium, base_url):
    with visiting(chromium, base_url, locale="zh-CN") as page:
        page.goto(f"{base_url}/error_codes")
        expect(page.get_by_role("heading", name=ZH("page.error_codes"), exact=True)).to_be_visible()
        settled(page)
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        expect(page).to_have_title(ZH("page.tab", page=ZH("page.error_codes")))
        for own in ("Main menu", "Skip to main content"):
            expect(
                page.get_by_label(PHRASES["zh"][own]).or_(page.get_by_text(PHRASES["zh"][own])).first
            ).to_be_attached()
        expect(page.locator("a[aria-current=page]")).to_contain_text(ZH("page.error_codes"))
        page.locator(".st-key-_language").get_by_text("English").click()
        expect(page.get_by_role("heading", name=EN("page.error_codes"), exact=True)).to_be_visible()
        settled(page)

        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page).to_have_title(EN("page.tab", page=EN("page.error_codes")))
        for own in ("Main menu", "Skip to main content"):
            expect(page.get_by_label(own).or_(page.get_by_text(own)).first).to_be_attached()


def test_the_stage_has_larger_type_until_one_click_leaves_it(chromium, base_url):
    with visiting(chromium, base_url) as page:
        page.goto(f"{base_url}/photo_match?demo=1")
        expect(page.locator(".st-key-demo_on")).to_be_visible()
        page.wait_for_function(f"{ROOT_PX} > 18")
        expect(page.locator(".st-key-sample_same_person")).to_be_visible()
        page.locator("[data-testid=stSidebar]").get_by_role("link", name=EN("page.live_code")).click()
        expect(page.get_by_role("heading", name=EN("page.live_code"), exact=True)).to_be_visible()
        expect(page.locator(".st-key-demo_on")).to_be_visible()
        page.locator(".st-key-demo_leave button").click()
        expect(page.locator(".st-key-demo_on")).to_have_count(0)

        page.wait_for_function(f"{ROOT_PX} === 16")
