"""Signing in, against a real provider on loopback: who sees nothing, who sees the pages, who sees personal data too."""

import time
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from facematch.ui.words import Speaker

from .conftest import dashboard, settled, visiting
from .identity_provider import Person, providing, secrets_file
from .worked_log import judged, write

EN = Speaker("en")
TRACE, MASK = f"{1:020d}", "3****************1"
PEOPLE = {
    "reviewer": Person({"name": "Rita Reviewer", "groups": ["staff", "face-reviewers"]}),
    "guest": Person({"name": "Gus Guest", "groups": ["staff"]}),
    "stranger": Person({"name": "Sam Stranger"}),
    "late": Person({"name": "Lou Late", "groups": ["staff"]}, "expired"),
    "forger": Person({"name": "Fay Forger", "groups": ["staff", "face-reviewers"]}, "forged"),
    "yesterday": Person({"name": "Yu Yesterday", "groups": ["staff", "face-reviewers"]}, "long_ago"),
    "refused": Person({"name": "Ray Refused"}, "refused"),
}
ROLES = {
    "FACEMATCH_LOGIN": "1",
    "FACEMATCH_LOGIN_CLAIM": "groups",
    "FACEMATCH_LOGIN_VALUES": "staff",
    "FACEMATCH_PERSONAL_CLAIM": "groups",
    "FACEMATCH_PERSONAL_VALUES": "face-reviewers",
}


@pytest.fixture(scope="module")
def provider():
    with providing(PEOPLE) as provider:
        yield provider


@pytest.fixture(scope="module")
def guarded(provider, tmp_path_factory):
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "secrets.toml").write_text(secrets_file(provider))
    of_a_person = judged(86.0, endpoint="match_idno", subject_mask=MASK, trace_no=TRACE)
    (folder / "data" / "log").mkdir(parents=True)
    write(folder / "data" / "log" / "calls.db", [of_a_person])
    with dashboard(folder / "data", STREAMLIT_SECRETS_FILES=str(folder / "secrets.toml"), **ROLES) as url:
        yield url


@contextmanager
def going(chromium, guarded, provider, path="", as_whom=None):
    """A new browser that asks for *path* and, if told, signs in."""
    with visiting(chromium, guarded, provider.url) as page:
        page.goto(f"{guarded}/{path}")
        expect(page.locator(".st-key-sign_in_now button")).to_be_visible()
        if as_whom is not None:
            sign_in(page, as_whom)
        yield page


def sign_in(page, as_whom):
    page.locator(".st-key-sign_in_now button").click()
    page.get_by_role("link", name=as_whom).click()


def is_out(page):
    expect(page.locator(".st-key-sign_in")).to_contain_text(EN("sign_in.in"))
    settled(page)
    return page.locator("[data-testid=stSidebar] a, h1, .st-key-health").count() == 0


def test_signed_out_sees_nothing_of_any_page_and_the_service_is_not_even_started(chromium, guarded, provider, tmp_path):
    with going(chromium, guarded, provider, f"history?trace={TRACE}") as page:
        assert is_out(page)
        assert MASK not in page.content()
        assert TRACE not in page.locator("[data-testid=stApp]").inner_html()
    (tmp_path / "secrets.toml").write_text(secrets_file(provider))
    with (
        dashboard(tmp_path / "data", STREAMLIT_SECRETS_FILES=str(tmp_path / "secrets.toml")) as url,
        visiting(chromium, url) as page,
    ):
        page.goto(url)
        expect(page.locator(".st-key-sign_in_now button")).to_be_visible()

        assert is_out(page)
        assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["output.txt"]


def test_the_right_role_returns_to_the_call_it_asked_for_and_sees_the_person_and_signs_out(chromium, guarded, provider):
    with going(chromium, guarded, provider, f"history?trace={TRACE}", "reviewer") as page:
        page.wait_for_url(f"**/history?trace={TRACE}")
        expect(page.locator(".st-key-call")).to_contain_text(TRACE)
        settled(page)
        expect(page.locator("[data-testid=stSidebar]")).to_contain_text(EN("sign_in.sees"))
        expect(page.locator(".st-key-call")).to_contain_text(MASK)
        expect(page.get_by_role("textbox", name=EN("review.who"))).to_have_value("Rita Reviewer")
        page.goto(f"{guarded}/history?trace={TRACE}&demo=1")
        expect(page.locator(".st-key-demo_on")).to_be_visible()
        expect(page.locator(".st-key-call")).to_contain_text(TRACE)
        settled(page)
        assert MASK not in page.content()
        ended = provider.signed_out
        page.locator(".st-key-sign_out button").click()
        expect(page.locator(".st-key-sign_in_now button")).to_be_visible()

        assert is_out(page)
        assert provider.signed_out == ended + 1
        page.goto(f"{guarded}/history?trace={TRACE}")
        assert is_out(page)


def test_the_other_role_sees_the_call_without_the_person(chromium, guarded, provider):
    with going(chromium, guarded, provider, f"history?trace={TRACE}", "guest") as page:
        expect(page.locator(".st-key-call")).to_contain_text(TRACE)
        settled(page)

        expect(page.locator("[data-testid=stSidebar]")).to_contain_text(EN("sign_in.sees_not"))
        assert MASK not in page.content()


def test_whom_the_console_is_not_open_to_is_told_so_and_sees_nothing(chromium, guarded, provider):
    with going(chromium, guarded, provider, "", "stranger") as page:
        expect(page.get_by_role("alert")).to_contain_text(
            EN("sign_in.not_admitted", name="Sam Stranger").partition(".")[0]
        )

        assert page.locator("[data-testid=stSidebar] a, h1").count() == 0


@pytest.mark.parametrize("person", ["late", "forger", "refused"])
def test_an_expired_a_forged_and_a_refused_sign_in_lead_nowhere(chromium, guarded, provider, person):
    with going(chromium, guarded, provider, "history", person) as page:
        page.wait_for_url(f"{guarded}/**")

        assert is_out(page)
        assert not [cookie for cookie in page.context.cookies() if cookie["name"] == "_streamlit_user"]


def test_a_sign_in_that_is_too_long_ago_and_a_made_up_cookie_are_not_taken(chromium, guarded, provider):
    with going(chromium, guarded, provider, "", "yesterday") as page:
        expect(page.get_by_text(EN("sign_in.again"))).to_be_visible()
        assert is_out(page)
        page.context.clear_cookies()
        made_up = f"2|1:0|10:{int(time.time())}|15:_streamlit_user|4:e30=|{'0' * 64}"
        page.context.add_cookies([{"name": "_streamlit_user", "value": made_up, "url": guarded}])
        page.goto(guarded)
        expect(page.get_by_text(EN("sign_in.why"))).to_be_visible()

        assert is_out(page)


def test_without_a_usable_section_of_secrets_a_console_that_wants_sign_in_shows_nothing(chromium, tmp_path):
    (tmp_path / "secrets.toml").write_text("[auth\n")
    with (
        dashboard(tmp_path / "data", STREAMLIT_SECRETS_FILES=str(tmp_path / "secrets.toml")) as url,
        visiting(chromium, url) as page,
    ):
        page.goto(f"{url}/history")

        expect(page.get_by_role("alert")).to_contain_text(EN("sign_in.not_set_up")[:60])
        assert page.locator("[data-testid=stSidebar] a, h1").count() == 0
