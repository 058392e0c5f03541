"""A call in full in a real browser: from one to the next by keyboard, its link, run again with both side by side."""

import re
import sqlite3

import pytest
from playwright.sync_api import expect

from facematch.ui.words import Speaker

from . import worked_log
from .conftest import dashboard, settled, visiting

SAY = {"en-US": Speaker("en"), "zh-CN": Speaker("zh")}


def rows(data_dir):
    with sqlite3.connect(data_dir / "log" / "calls.db") as db:
        return db.execute("SELECT trace_no, outcome, errcode FROM calls ORDER BY id").fetchall()


def opened(page, url, trace):
    page.goto(f"{url}/history?trace={trace}")
    expect(page.locator(".st-key-funnel_of_call")).to_be_visible()
    settled(page)


@pytest.mark.parametrize("locale", SAY)
def test_a_call_is_run_again_with_what_this_session_kept_and_both_stand_side_by_side(chromium, tmp_path, locale):
    say = SAY[locale]
    with dashboard(tmp_path) as url, visiting(chromium, url, locale=locale) as page:
        page.goto(f"{url}/photo_match")
        page.locator(".st-key-sample_different_persons button").click()
        expect(page.locator(".st-key-verdict")).to_be_visible()
        settled(page)
        page.get_by_role("link", name=say("number.open")).click()
        expect(page.locator(".st-key-funnel_of_call")).to_be_visible()
        settled(page)
        page.locator(".st-key-again_open button").click()
        panel = page.locator(".st-key-again")
        expect(panel.get_by_text(say("again.same_file"))).to_have_count(2)
        settled(page)
        panel.locator(".st-key-ask button").dblclick()
        beside = page.locator(".st-key-beside")
        expect(beside.locator("table")).to_be_visible()
        settled(page)
        score = beside.locator("tr").filter(has=page.get_by_role("rowheader", name=say("call.score"), exact=True))
        expect(score).to_have_class("fm-same")
        beside.get_by_role("link", name=say("beside.open_second")).click()
        settled(page)
        first, second = rows(tmp_path)
        expect(page).to_have_url(re.compile(rf"/history\?trace={second[0]}&runs=[0-9a-f]{{32}}%2C[0-9a-f]{{32}}$"))
        page.reload()
        expect(beside.locator("table")).to_be_visible()
        settled(page)
        expect(beside.get_by_role("link", name=say("beside.open_first"))).to_be_visible()
        assert first[1:] == second[1:]


def test_the_keyboard_goes_from_call_to_call_and_a_failure_says_where_why_and_what_to_do(chromium, tmp_path):
    say = SAY["en-US"]
    failed = {"outcome": "biz_error", "errcode": 1103, "mode": "LIP", "subject_mask": "1****************X"}
    worked_log.write(tmp_path / "log" / "calls.db", (worked_log.judged(91.0), failed, worked_log.judged(20.0)))
    with dashboard(tmp_path) as url, visiting(chromium, url) as page:
        opened(page, url, f"{1:020d}")
        expect(page.locator(".st-key-call_older button")).to_be_disabled()
        page.locator("h1").click()
        page.keyboard.press("k")
        funnel = page.locator(".st-key-funnel_of_call")
        expect(funnel.get_by_text(say("funnel.ended"))).to_be_visible()
        expect(funnel).to_contain_text(say("failure.remedy"))
        expect(funnel).to_contain_text("1103")
        expect(funnel.get_by_text(say("funnel.not_reached"))).to_have_count(2)
        settled(page)
        expect(page).to_have_url(re.compile(f"trace={2:020d}"))
        page.get_by_text(say("logged_wire.title"), exact=True).click()
        expect(page.get_by_text(say("logged_wire.rebuilt"))).to_be_visible()
        page.locator("[data-testid=stPopoverButton]").filter(has_text=say("call.link")).click()
        expect(page.get_by_text(f"{url}/history?trace={2:020d}")).to_be_visible()
