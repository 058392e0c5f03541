"""Who sees personal data, from what an identity token says: nobody, unless something grants it."""

import pytest
from streamlit.testing.v1 import AppTest

from facematch.settings import Settings
from facematch.ui.sign_in import NAME_CHARACTERS, holds, name_of, sees_personal
from facematch.ui.words import Speaker

from .conftest import ROOT, texts

BY_GROUP = Settings(personal_claim="groups", personal_values=("reviewers", "admins"))
BY_ADDRESS = Settings(personal_emails=("Rita@example.com",))


@pytest.mark.parametrize(
    ("claims", "settings", "expected"),
    [
        ({}, Settings(), False),
        ({"groups": ["reviewers"]}, Settings(), False),
        ({"groups": ["reviewers"]}, BY_GROUP, True),
        ({"groups": "admins"}, BY_GROUP, True),
        ({"groups": ["reviewers-to-be"]}, BY_GROUP, False),
        ({"groups": None}, BY_GROUP, False),
        ({"groups": [None, 1, {"reviewers": True}]}, BY_GROUP, False),
        ({"roles": ["reviewers"]}, BY_GROUP, False),
        ({"email": "rita@EXAMPLE.com", "email_verified": True}, BY_ADDRESS, True),
        ({"email": "rita@example.com", "email_verified": False}, BY_ADDRESS, False),
        ({"email": "rita@example.com", "email_verified": "true"}, BY_ADDRESS, False),
        ({"email": "rita@example.com"}, BY_ADDRESS, False),
        ({"email": "gus@example.com", "email_verified": True}, BY_ADDRESS, False),
    ],
)
def test_personal_data_are_for_whom_a_claim_or_a_verified_address_grants_them(claims, settings, expected):
    assert sees_personal(claims, settings) is expected


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"realm_access": {"roles": ["qa"]}}, True),
        ({"realm_access.roles": ["qa"]}, True),
        ({"realm_access": ["roles"]}, False),
        ({"realm_access": {"roles": {"qa": 1}}}, False),
        ({}, False),
    ],
)
def test_a_dot_leads_into_a_claim_of_claims(claims, expected):
    assert holds(claims, "realm_access.roles", ("qa",)) is expected


def test_a_person_is_called_by_the_best_name_there_is():
    assert name_of({"name": " Rita ", "email": "r@example.com"}) == "Rita"
    assert name_of({"name": "", "email": "r@example.com", "sub": "1"}) == "r@example.com"
    assert name_of({"name": 7}) == "?"
    assert len(name_of({"sub": "x" * 300})) == NAME_CHARACTERS


@pytest.mark.parametrize("page", ["app.py", "pages/environments.py"])
def test_a_console_that_wants_sign_in_and_has_no_provider_shows_and_starts_nothing(data_dir, monkeypatch, page):
    monkeypatch.setenv("FACEMATCH_LOGIN", "1")
    say = Speaker("en")
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.session_state["language"] = "en"
    at.run()
    at.switch_page(page).run()

    assert [each.value for each in at.error] == [say("sign_in.not_set_up")]
    assert not at.title
    assert say("brand.line") not in texts(at)
    assert not data_dir.exists()
