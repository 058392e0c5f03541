"""A click into a chart shows its calls and can be undone; the report of a selection opens without a network."""

import time

from playwright.sync_api import expect

from facematch.ui.words import Speaker

from . import worked_log
from .conftest import dashboard, settled, visiting
from .test_history_page import CUT, taken

EN = Speaker("en")
FAILURES = [{"outcome": "biz_error", "errcode": 2010}] * 3 + [{"outcome": "timeout", "http_status": None}]
ROWS = [*FAILURES, *(worked_log.judged(score, subject_mask="3****************1") for score in (91.0, 20.0))]


def drawn(page):
    expect(page.locator(".js-plotly-plot")).not_to_have_count(0, timeout=120_000)  # the first page of a new process
    settled(page)


def test_a_click_on_a_bar_shows_its_calls_and_the_back_button_undoes_it(chromium, tmp_path):
    worked_log.write(tmp_path / "log" / "calls.db", ROWS)
    with dashboard(tmp_path) as url, visiting(chromium, url) as page:
        page.goto(f"{url}/history?period=week")
        drawn(page)
        calls = page.locator(".st-key-the_calls")
        bar = page.locator("[class*=st-key-chart_errors] .barlayer .point path").first
        bar.scroll_into_view_if_needed()
        bar.click(force=True)
        expect(calls).to_contain_text(EN("history.count", count=3))
        expect(page).to_have_url(f"{url}/history?outcome=biz_error&errcode=2010&period=week")
        settled(page)
        page.go_back()
        expect(calls).to_contain_text(EN("history.count", count=6))
        page.go_forward()
        expect(calls).to_contain_text(EN("history.count", count=3))
        settled(page)
        page.locator(".st-key-undo_click").get_by_role("button").first.click()
        expect(calls).to_contain_text(EN("history.count", count=6))
        settled(page)

        page.get_by_text(EN("history.download"), exact=True).click()
        report = taken(page, "take_report")
        text = report.read_text("utf-8")
        assert "<script" not in text
        assert "****" not in text
        (tmp_path / "report.html").write_text(text)
    asked = []
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "report.html").as_uri())
    expect(page.get_by_role("heading", level=1)).to_have_text(EN("report.title"))
    expect(page.get_by_role("img", name=EN("chart.funnel.title"))).to_be_visible()
    context.close()
    assert asked == [(tmp_path / "report.html").as_uri()]


def test_long_counts_and_times_in_milliseconds_are_whole_on_a_phone_of_two_periods_too(chromium, tmp_path):
    month_ago_ms = time.time_ns() // 1_000_000 - 40 * 86_400_000
    now, then = ({"latency_ms": 404.0}, {"latency_ms": 404.0, "ts_ms": month_ago_ms})
    rows = [worked_log.judged(91.0, **about) for about in (now, then) for _ in range(1200)]
    worked_log.write(tmp_path / "log" / "calls.db", rows)
    look = {"locale": "zh-CN", "viewport": {"width": 390, "height": 900}}
    with dashboard(tmp_path) as url, visiting(chromium, url, **look) as page:
        for params, sides in (("", 1), ("?cmp=period", 2)):
            page.goto(f"{url}/history{params}")
            drawn(page)
            values = page.locator("[data-testid=stMetricValue]")
            expect(values.get_by_text("1,200", exact=True)).to_have_count(2 * sides)  # all of them passed
            expect(values.filter(has_text="毫秒")).to_have_count(2 * sides)

            assert page.evaluate(CUT) == []
