"""What of the frame only a browser shows: Streamlit's own words, the page's language, larger type on the stage."""

from playwright.sync_api import expect

from facematch.ui.frame import PAGES
from facematch.ui.words import Speaker
from facematch.ui.words.native import NO_SUCH_PAGE, NOT_RUNNING, PHRASES, START

from .conftest import dashboard, settled, visiting

EN, ZH = Speaker("en"), Speaker("zh")
_FOCUS = """() => {
  const here = document.activeElement;
  return [here.innerText.trim().split('\\n').at(-1), getComputedStyle(here).outlineStyle];
}"""
ROOT_PX = "parseFloat(getComputedStyle(document.documentElement).fontSize)"


def stops(page, count):
    """Where *count* presses of Tab lead: the last line of each place's text, and how its outline is drawn."""
    for _ in range(count):
        page.keyboard.press("Tab")
        yield tuple(page.evaluate(_FOCUS))


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


def test_an_address_without_a_page_is_told_in_the_pages_language_and_leads_to_the_overview(chromium, base_url):
    page = chromium.new_context(locale="zh-CN").new_page()  # not visiting: Streamlit writes it to the console as well
    page.goto(f"{base_url}/no_such_page")

    expect(page.get_by_role("dialog")).to_contain_text(PHRASES["zh"][NO_SUCH_PAGE], timeout=60_000)
    expect(page.locator("h1")).to_have_text(ZH("page.overview"))
    page.context.close()


def test_keys_reach_every_page_in_order_show_where_they_are_and_skip_to_the_content(chromium, base_url):
    with visiting(chromium, base_url) as page:
        page.goto(f"{base_url}/error_codes")
        expect(page.get_by_role("heading", name=EN("page.error_codes"), exact=True)).to_be_visible()
        expect(page.locator(".st-key-health")).to_contain_text(EN("health.ready"))  # nothing is drawn anew after it
        expect(page.locator("[data-testid=stSidebar]").get_by_role("link")).to_have_count(len(PAGES))
        settled(page)
        page.keyboard.press("Tab")
        expect(page.get_by_text("Skip to main content")).to_be_focused()
        links = {EN(f"page.{name}") for name in PAGES}
        reached = [stop for stop in stops(page, 3 * len(PAGES)) if stop[0] in links]
        assert reached == [(EN(f"page.{each}"), "solid") for each in PAGES]
        page.get_by_text("Skip to main content").press("Enter")

        page.wait_for_function("document.activeElement.closest('[data-testid=stMain]') !== null")


def test_a_console_that_has_ended_is_told_with_how_to_start_it_in_both_languages(chromium, tmp_path):
    pages = {}
    with dashboard(tmp_path) as url:
        for language, locale in (("en", "en-US"), ("zh", "zh-CN")):
            pages[language] = chromium.new_context(locale=locale).new_page()
            pages[language].goto(f"{url.replace('127.0.0.1', 'localhost')}/error_codes")
            expect(pages[language].locator("h1")).to_be_visible(timeout=60_000)
            settled(pages[language])

    for language, page in pages.items():
        lost = page.get_by_role("dialog")
        expect(lost).to_contain_text(PHRASES[language]["Connection error"], timeout=60_000)
        expect(lost).to_contain_text(PHRASES[language][NOT_RUNNING])
        expect(lost).to_contain_text(*START.values())
        page.context.close()
