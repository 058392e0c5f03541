"""The History in a real browser: a call reviewed, another threshold, calls taken away, on any screen."""

import csv
import io
import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError as TooLate
from playwright.sync_api import expect

from facematch.ui.words import Speaker

from . import worked_log
from .conftest import dashboard, settled, visiting

EN, ZH = Speaker("en"), Speaker("zh")
ROWS = [*worked_log.two_days(), worked_log.judged(91.0, mode="SILENT")]
FILMED = f"{len(ROWS):020d}"
CUT = """() => [...document.querySelectorAll(
        '[data-testid=stMetricValue] *, [data-testid=stMetricLabel] p, .js-plotly-plot, .legendtext')]
    .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible'
        || e.getBoundingClientRect().right > innerWidth)
    .map(e => e.textContent)"""
CONTRAST = """() => {
    const light = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(c => c / 255)
        .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const page = light(getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor);
    return [...document.querySelectorAll('.js-plotly-plot text')].filter(e => e.textContent)
        .map(e => light(getComputedStyle(e).fill))
        .map(ink => (Math.max(ink, page) + 0.05) / (Math.min(ink, page) + 0.05));
}"""


@pytest.fixture(scope="module")
def worked(tmp_path_factory):
    """A dashboard whose log has two days of work in it; its address."""
    data = tmp_path_factory.mktemp("worked")
    worked_log.write(data / "log" / "calls.db", ROWS)
    with dashboard(data) as url:
        yield url


@pytest.fixture
def visit(chromium, worked):
    with visiting(chromium, worked) as page:
        yield page


def opened(page, url, trace):
    """The call in full."""
    page.goto(f"{url}/history?trace={trace}")
    return whole(page)


def whole(page):
    """The call in full on a page whose run has ended."""
    expect(page.locator(".st-key-call")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(7)
    settled(page)
    return page.locator(".st-key-call")


def word(call, question, name):
    """One of the words to choose from."""
    return call.locator(f"[class*=st-key-review_{question}]").get_by_role("radio", name=name, exact=True)


def said(call, say):
    """What was said before; its lines are there once the log has them."""
    return call.locator("[data-testid=stExpander]").filter(has_text=say("review.history"))


def sign(call, say, name):
    field = call.get_by_role("textbox", name=say("review.who"))
    field.fill(name)
    field.press("Enter")


def test_a_call_made_just_now_is_reviewed_and_the_word_outlives_a_reload_until_it_is_taken_back(visit, worked):
    visit.goto(f"{worked}/photo_match")
    visit.locator(".st-key-sample_same_person button").click()
    visit.get_by_role("link", name=EN("number.open")).click()
    call = whole(visit)
    same = EN("review.identity.same")
    expect(call.locator("[class*=st-key-review_presentation]")).to_have_count(0)  # of photos nobody can say it
    sign(call, EN, "Li Na")
    word(call, "identity", same).click()
    expect(said(call, EN)).to_be_visible()
    visit.reload()
    call = whole(visit)
    expect(word(call, "identity", same)).to_be_checked()
    said(call, EN).click()
    expect(said(call, EN)).to_contain_text("Li Na")

    word(call, "identity", same).click()
    expect(said(call, EN)).to_have_count(0)
    visit.reload()
    expect(word(whole(visit), "identity", same)).not_to_be_checked()


def test_of_a_video_a_reviewer_also_says_whether_a_living_person_was_there(chromium, worked):
    with visiting(chromium, worked, locale="zh-CN") as page:
        call = opened(page, worked, FILMED)
        attack, different = ZH("review.presentation.attack"), ZH("review.identity.different")
        word(call, "presentation", attack).click()
        expect(said(call, ZH)).to_be_visible()
        word(call, "identity", different).click()
        expect(said(call, ZH).locator("p", has_text=different)).to_have_count(1)
        page.reload()
        call = whole(page)

        expect(word(call, "presentation", attack)).to_be_checked()
        expect(word(call, "identity", different)).to_be_checked()
        said(call, ZH).click()
        expect(said(call, ZH).locator("p", has_text=attack)).to_contain_text(ZH("review.anonymous"))


def test_at_another_threshold_the_verdicts_that_would_change_are_listed_and_a_click_opens_one(visit, worked):
    flipped = [number for number, row in enumerate(ROWS, 1) if row.get("success") == 0 and row["score"] >= 60]
    assert flipped
    visit.goto(f"{worked}/history")
    expect(visit.locator(".js-plotly-plot")).to_have_count(7)
    settled(visit)
    what_if = visit.locator(".st-key-what_if")
    expect(what_if.get_by_text(EN("what_if.nobody"))).to_be_visible()
    slider = what_if.get_by_role("slider")
    slider.focus()
    for _ in range(10):
        slider.press("ArrowLeft")

    expect(slider).to_have_value("60")
    expect(what_if.get_by_text(EN("what_if.flips", shown=len(flipped), count=len(flipped)))).to_be_visible()
    expect(what_if.locator("[data-testid=stMetric]").nth(1)).to_contain_text(str(len(flipped)))
    settled(visit)
    what_if.locator(".st-key-flips .dvn-scroller").click(position={"x": 19, "y": 53})
    expect(visit.locator(".st-key-call")).to_contain_text(f"{flipped[-1]:020d}")


def taken(page, key):
    """What a press on the button gives the operator; a press while the page is still moving may be lost."""
    for patience_ms in (10_000, 15_000, 30_000):
        settled(page)
        try:
            with page.expect_download(timeout=patience_ms) as download:
                page.locator(f".st-key-{key} button").click()
        except TooLate:
            continue
        return Path(download.value.path())
    raise AssertionError(f"{key} gave no file")


def test_the_calls_arrive_as_csv_and_the_whole_log_as_a_database(visit, worked):
    visit.goto(f"{worked}/history")
    expect(visit.locator(".js-plotly-plot")).to_have_count(7)
    settled(visit)
    visit.get_by_text(EN("history.download"), exact=True).click()
    lines = list(csv.DictReader(io.StringIO(taken(visit, "take_csv").read_text("utf-8-sig"))))
    db = sqlite3.connect(taken(visit, "take_all"))
    rows = db.execute("SELECT trace_no, score FROM calls ORDER BY ts_ms, id").fetchall()
    is_whole = db.execute("PRAGMA integrity_check").fetchone()
    db.close()

    assert is_whole == ("ok",)
    assert len(rows) >= len(ROWS)
    assert [(line["trace_no"], line["score"]) for line in lines] == [
        (trace, "" if score is None else str(score)) for trace, score in rows
    ]


@pytest.mark.parametrize(
    ("locale", "theme", "width"), [("en-GB", "light", 1280), ("zh-CN", "light", 390), ("en-GB", "dark", 390)]
)
def test_nothing_is_cut_or_too_faint_to_be_read(chromium, worked, locale, theme, width):
    look = {"locale": locale, "color_scheme": theme, "viewport": {"width": width, "height": 900}}
    with visiting(chromium, worked, **look) as page:
        opened(page, worked, FILMED)

        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("[data-testid=stMain]").evaluate("e => e.scrollWidth - e.clientWidth") <= 0
        assert page.evaluate(CUT) == []
        contrasts = page.evaluate(CONTRAST)
        assert len(contrasts) > 50
        assert min(contrasts) >= 3
