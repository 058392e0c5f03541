"""Forms stay calm: double clicks, keys instead of a mouse, a page left while a call is out, a token that expired."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from facematch import samples
from facematch.ui.words import Speaker
from tests.gated_server import gated_server

from .conftest import dashboard, settled, visiting

EN = Speaker("en")
TABS = 80  # more than there are places to stop at


@pytest.fixture(scope="module")
def server():
    with gated_server() as server:
        yield server


@pytest.fixture(scope="module")
def console(server, tmp_path_factory) -> Iterator[str]:
    """A dashboard that drives *server*."""
    data = tmp_path_factory.mktemp("calm")
    with dashboard(data, FACEMATCH_URL=server.url, FACEMATCH_TOKEN="not-a-secret") as url:  # noqa: S106
        yield url


@pytest.fixture
def form(chromium, console):
    """The photo page with two photos."""
    with visiting(chromium, console) as page:
        page.goto(f"{console}/photo_match")
        for part, name in (("reference", "obama_2.jpg"), ("probe", "obama_1.jpg")):
            file = {"name": name, "mimeType": "image/jpeg", "buffer": samples.photo(name)}
            page.locator(f"[class*=st-key-{part}_upload] input[type=file]").set_input_files([file])
            expect(page.get_by_alt_text(name)).to_be_visible()
        expect(page.locator(".st-key-ask button")).to_be_enabled()
        settled(page)
        yield page


def double_click(page):
    page.locator(".st-key-ask button").dblclick()


def two_shortcuts(page):
    page.locator(".st-key-ask button").focus()
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")


def two_enters(page):
    page.locator(".st-key-ask button").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("press", [double_click, two_shortcuts, two_enters])
@pytest.mark.parametrize("is_slow", [True, False], ids=["while the first is out", "of a quick answer"])
def test_two_quick_presses_make_one_call(form, server, press, is_slow):
    before = len(server.calls)
    if is_slow:
        server.gate.clear()
    press(form)
    if is_slow:
        expect(form.locator(".st-key-ask button")).to_be_disabled()
        form.keyboard.press("Control+Enter")
        server.gate.set()
    expect(form.locator(".st-key-verdict")).to_contain_text(EN("verdict.passed"))
    expect(form.locator(".st-key-ask button")).to_be_enabled()
    settled(form)

    assert len(server.calls) - before == 1


def test_a_page_left_while_a_call_is_out_has_its_result_when_one_comes_back(form, server):
    server.gate.clear()
    form.locator(".st-key-ask button").click()
    expect(form.locator(".st-key-ask button")).to_be_disabled()
    form.locator("[data-testid=stSidebar]").get_by_role("link", name=EN("page.history")).click()
    expect(form.get_by_role("heading", name=EN("page.history"), exact=True)).to_be_visible()
    server.gate.set()
    form.go_back()

    expect(form.get_by_role("heading", name=EN("page.photo_match"), exact=True)).to_be_visible()
    expect(form.locator(".st-key-verdict")).to_contain_text(EN("verdict.passed"))
    expect(form.get_by_alt_text("obama_1.jpg").first).to_be_visible()
    form.get_by_role("link", name=EN("number.open")).click()
    expect(form.locator(".st-key-call")).to_contain_text(EN("verdict.passed"))


def test_an_expired_token_is_told_with_the_way_out_and_the_form_keeps_everything(form, server):
    server.knows_token = False
    try:
        form.locator(".st-key-ask button").click()
        expect(form.locator(".st-key-verdict")).to_contain_text("40102")
        form.get_by_role("link", name=EN("failure.environments")).click()
        expect(form.get_by_role("heading", name=EN("page.environments"), exact=True)).to_be_visible()
    finally:
        server.knows_token = True
    form.go_back()
    expect(form.get_by_alt_text("obama_1.jpg").first).to_be_visible()
    settled(form)
    form.locator(".st-key-ask button").click()

    expect(form.locator(".st-key-verdict")).to_contain_text(EN("verdict.passed"))


def tab_to(page, selector):
    """Go on with the Tab key, from where the focus is, until it is on *selector*."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if page.evaluate("(place) => document.activeElement.matches(place)", selector):
            return
    pytest.fail(f"the Tab key does not come to {selector}")


def test_keys_alone_compare_a_sample_pair_and_compare_it_again(chromium, base_url):
    with visiting(chromium, base_url) as page:
        page.goto(f"{base_url}/photo_match")
        expect(page.locator(".st-key-sample_different_persons button")).to_be_visible()
        settled(page)
        tab_to(page, ".st-key-sample_different_persons button")
        page.keyboard.press("Enter")
        expect(page.locator(".st-key-verdict")).to_contain_text(EN("verdict.not_passed"))
        settled(page)
        first = page.get_by_text("traceNo").locator("code").first.inner_text()
        tab_to(page, ".st-key-swap button")
        page.keyboard.press("Enter")
        expect(page.locator(".st-key-verdict")).to_have_count(0)
        settled(page)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".st-key-verdict")).to_contain_text(EN("verdict.not_passed"))

        assert page.get_by_text("traceNo").locator("code").first.inner_text() != first
