"""ID verification in a real browser: checked while typed, masked once sent."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

import facematch.ui.identity.id_checks
from facematch import samples
from facematch.samples import DEMO_PERSONS
from facematch.ui.words import Speaker
from tests.id_numbers import EXAMPLE, TABLE

from .conftest import settled, visiting

EN, ZH = Speaker("en"), Speaker("zh")
NUMBER, NAME = ".st-key-_id_number input", ".st-key-_id_name input"
CHECKS = ".st-key-id_checks li"


def opened(page, base_url):
    page.goto(f"{base_url}/id_verification")
    expect(page.locator(CHECKS)).to_have_count(5)
    settled(page)


def verdict_of(page):
    page.locator(".st-key-ask button").click()
    verdict = page.locator(".st-key-verdict")
    expect(verdict).to_be_visible()
    settled(page)
    return verdict


def test_the_rules_of_the_browser_are_those_of_the_server(chromium, base_url):
    rules = Path(facematch.ui.identity.id_checks.__file__).with_name("rules.js").read_text("utf-8")
    with visiting(chromium, base_url) as page:
        page.goto(f"{base_url}/_stcore/health")
        told = page.evaluate(
            """async ([rules, table]) => {
                const { parts } = await import(URL.createObjectURL(new Blob([rules], {type: "text/javascript"})));
                return table.map((typed) => parts(typed).map(({part, reason}) => `${part} ${reason}`));
            }""",
            [rules, list(TABLE)],
        )

    assert dict(zip(TABLE, map(tuple, told), strict=True)) == TABLE


@pytest.mark.parametrize(("locale", "say"), [("en-US", EN), ("zh-CN", ZH)])
def test_a_number_is_checked_at_every_key_before_the_field_is_left(chromium, base_url, locale, say):
    with visiting(chromium, base_url, locale=locale) as page:
        opened(page, base_url)
        checks = page.locator(CHECKS)
        page.locator(NUMBER).focus()
        page.keyboard.type("110105194913")
        expect(checks.nth(0)).to_contain_text(say("id.length.short").replace("#", "12"))
        expect(checks.nth(2)).to_contain_text(say("id.birth_date.month"))
        page.keyboard.press("Backspace")
        page.keyboard.type("231002x")
        expect(checks.nth(2)).to_contain_text(say("id.birth_date.right"))
        expect(checks.nth(3)).to_contain_text(say("id.check_digit.right"))
        page.keyboard.press("Backspace")
        page.keyboard.type("3")
        expect(checks.nth(3)).to_contain_text(say("id.check_digit.misfit"))

        assert checks.nth(3).get_attribute("data-state") == "wrong"
        assert page.evaluate("document.activeElement.value").endswith("1949123100" + "23")


def test_a_demo_person_is_verified_and_masked_everywhere(chromium, base_url):
    person = DEMO_PERSONS[0]
    said = []
    with visiting(chromium, base_url) as page:
        opened(page, base_url)
        page.locator(".st-key-case_own_photo button").click()
        expect(page.locator(NUMBER)).to_have_value(person.id_number)
        expect(page.get_by_alt_text("obama_3.jpg")).to_be_visible()
        settled(page)
        expect(verdict_of(page)).to_contain_text(EN("verdict.passed"))
        expect(page.locator(NUMBER)).to_have_count(0)
        said.append(page.content())
        page.locator(".st-key-library_side").scroll_into_view_if_needed()
        expect(page.locator(".st-key-library_side")).to_contain_text(EN("library_side.usable"))
        page.get_by_text(EN("wire.both")).click()
        expect(page.get_by_text("idNum").first).to_be_visible()
        said.append(page.content())
        page.locator(".st-key-id_another button").click()
        expect(page.locator(NUMBER)).to_have_value("")
        expect(page.locator(".st-key-verdict")).to_have_count(0)
        page.locator(".st-key-demo_remove button").click()
        expect(page.get_by_text(EN("demo_persons.gone"))).to_be_visible()
        said.append(page.url)

    assert not [text for text in said if person.id_number in text or json.dumps(person.name) in text]
    assert person.id_number[0] + "*" * 16 + person.id_number[-1] in said[0].replace("\\", "")


def test_a_wrong_number_is_sent_all_the_same_straight_from_the_field(chromium, base_url):
    with visiting(chromium, base_url) as page:
        opened(page, base_url)
        page.locator("[class*=st-key-probe_upload] input[type=file]").set_input_files(
            [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": samples.photo("obama_1.jpg")}]
        )
        expect(page.get_by_alt_text("a.jpg")).to_be_visible()
        settled(page)
        page.locator(NAME).fill("Nobody")
        page.locator(NUMBER).fill(EXAMPLE[:-1] + "1")
        verdict = verdict_of(page)

        expect(verdict).to_contain_text("errcode 2003")
        expect(page.locator(".st-key-library_side")).to_contain_text(EN("library_side.state.ended"))


def test_what_is_missing_is_told_and_nothing_is_sent(chromium, base_url):
    with visiting(chromium, base_url, viewport={"width": 390, "height": 844}) as page:
        opened(page, base_url)
        page.locator(NUMBER).fill(EXAMPLE)
        page.locator(".st-key-ask button").click()
        lacking = EN("list.join").join(EN(f"id.lacks.{name}") for name in ("name", "probe"))
        expect(page.get_by_text(EN("id.missing", what=lacking))).to_be_visible()

        expect(page.locator(NUMBER)).to_have_value(EXAMPLE)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
