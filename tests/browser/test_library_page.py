"""The embedded service's data in Chromium: a number checked while typed, undo, a file's path, a token shown once."""

import pytest
from playwright.sync_api import expect

from facematch import samples
from facematch.samples import DEMO_PERSONS
from facematch.ui.words import Speaker

from .conftest import dashboard, settled, visiting

EN = Speaker("en")
PERSON = DEMO_PERSONS[0]


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    with dashboard(tmp_path_factory.mktemp("kept")) as url:
        yield url


def open_tab(page, url, name):
    page.goto(f"{url}/environments")
    page.get_by_role("tab", name=EN(f"kept.tab.{name}"), exact=True).click()
    settled(page)


def give(page, place, name):
    page.locator(f"{place} input[type=file]").set_input_files(
        {"name": name, "mimeType": "image/jpeg", "buffer": samples.photo(name)}
    )


def test_a_person_is_checked_while_typed_enrolled_deleted_and_put_back(kept, chromium):
    with visiting(chromium, kept) as page:
        open_tab(page, kept, "library")
        number = page.get_by_label(EN("person.number"), exact=True)
        number.press_sequentially(PERSON.id_number[:-1] + "5", delay=20)
        expect(page.get_by_text(EN("person.check_digit.misfit"))).to_be_visible()
        number.fill(PERSON.id_number)
        expect(page.get_by_text(EN("person.check_digit.right"))).to_be_visible()
        page.get_by_label(EN("person.name"), exact=True).fill(PERSON.name)
        give(page, "[class*=st-key-enrol_portrait]", PERSON.portrait)
        expect(page.get_by_alt_text(EN("person.portrait"))).to_be_visible()
        settled(page)
        page.locator(".st-key-person_enrol_do button").click()
        expect(page.get_by_text(EN("person.portrait.usable"))).to_be_visible()
        settled(page)
        page.locator("[class*=st-key-ask_person] button").click()
        page.locator("[class*=st-key-do_person] button").click()
        expect(page.get_by_text(EN("person.none"))).to_be_visible()
        settled(page)
        page.locator(".st-key-undo_library button").click()

        expect(page.get_by_text(EN("person.portrait.usable"))).to_be_visible()
        expect(page.get_by_label(EN("person.number"), exact=True)).to_have_value("")


def test_a_portrait_without_a_face_is_told_with_its_reason(kept, chromium):
    with visiting(chromium, kept) as page:
        open_tab(page, kept, "library")
        other = DEMO_PERSONS[1]
        page.get_by_text(EN("person.enrol"), exact=True).click()
        page.get_by_label(EN("person.number"), exact=True).fill(other.id_number)
        page.get_by_label(EN("person.name"), exact=True).fill(other.name)
        give(page, "[class*=st-key-enrol_portrait]", "no_face.jpg")
        expect(page.get_by_alt_text(EN("person.portrait"))).to_be_visible()
        settled(page)
        page.locator(".st-key-person_enrol_do button").click()

        expect(page.locator(".st-key-notice_library")).to_contain_text(EN("person.unusable"))
        settled(page)
        page.locator(".st-key-undo_library button").click()
        expect(page.locator(".st-key-notice_library")).to_contain_text(EN("person.as_before"))


def test_a_file_is_uploaded_and_its_path_is_there_to_copy(kept, chromium):
    with visiting(chromium, kept) as page:
        open_tab(page, kept, "files")
        give(page, ".st-key-shelf_upload", "obama_1.jpg")
        page.locator(".st-key-shelf_store button").click()
        expect(page.locator(".st-key-notice_files")).to_contain_text("obama_1.jpg")
        settled(page)
        page.locator("[class*=st-key-use_] button").first.click()

        expect(page.get_by_text(EN("file.use.help"))).to_be_visible()


def test_a_token_is_shown_until_it_is_stored_and_revoked_after_a_question(kept, chromium):
    with visiting(chromium, kept) as page:
        open_tab(page, kept, "tokens")
        page.get_by_label(EN("token.note"), exact=True).fill("nightly run")
        page.locator(".st-key-token_issue button").click()
        shown = page.locator(".st-key-new_token")
        expect(shown).to_be_visible()
        settled(page)
        page.locator(".st-key-token_stored button").click()
        expect(shown).to_have_count(0)
        settled(page)
        page.locator("[class*=st-key-ask_revoke] button").click()
        page.locator("[class*=st-key-do_revoke] button").click()

        expect(page.get_by_text(EN("token.none_valid"))).to_be_visible()
