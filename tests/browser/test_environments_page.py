"""The environments in a real browser: one is added, tested, used, and refused with the field that is wrong."""

import pytest
from playwright.sync_api import expect

from facematch.engine.pipeline import FaceEngine
from facematch.service import Server, create_app
from facematch.settings import Settings

from .conftest import settled

TOKEN = "token-of-the-browsers-service"  # noqa: S105 - of this test's own service


@pytest.fixture
def server(tmp_path):
    here = Settings(data_dir=tmp_path / "remote")
    server = Server(create_app(FaceEngine(here), token=TOKEN, settings=here))
    yield server
    server.stop()


def write(page, **fields):
    for field, value in fields.items():
        page.locator(f".st-key-environment_{field} input").fill(value)


def press(page, place):
    page.locator(f".st-key-environment_{place} button").click()
    settled(page)


def open_form(page, base_url):
    page.goto(f"{base_url}/environments")
    expect(page.locator(".st-key-environment_add button")).to_be_visible()
    settled(page)
    press(page, "add")


def test_an_environment_is_added_tested_and_used_and_its_token_never_comes_back(page, base_url, server):
    open_form(page, base_url)
    write(page, name="browser staging", url=server.url, token=TOKEN)
    for _ in range(2):  # by the eye within the field, whose blur is none for the browser
        page.keyboard.press("Tab")
    settled(page)
    press(page, "save_test")
    card = page.locator("[class*=st-key-environment_card_]", has_text="browser staging")
    expect(card).to_contain_text("This environment can be used.")
    expect(card).to_contain_text("Token: accepted.")

    card.get_by_role("button", name="Use", exact=True).click()
    expect(card).to_contain_text("in use")
    settled(page)
    card.get_by_role("button", name="Edit").click()
    expect(page.locator(".st-key-environment_token input")).to_have_value("")
    assert TOKEN not in page.content()


def test_a_wrong_address_is_told_at_its_field_and_a_dead_one_by_the_test(page, base_url):
    open_form(page, base_url)
    write(page, name="nowhere", url="face.example")
    press(page, "save")
    expect(page.get_by_text("Begin with https:// or http://.")).to_be_visible()
    expect(page.locator(".st-key-environment_name input")).to_have_value("nowhere")

    write(page, url="http://127.0.0.1:9")
    press(page, "save_test")

    card = page.locator("[class*=st-key-environment_card_]", has_text="nowhere")
    expect(card).to_contain_text("nothing answers at")
