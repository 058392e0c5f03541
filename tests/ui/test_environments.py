"""The list of environments: added, tested, changed, removed; what was typed stays, and no secret is shown."""

import json

import pytest

from facematch.engine.pipeline import FaceEngine
from facematch.service import Server, create_app
from facematch.settings import Settings

from .conftest import PHOTO_MATCH, compare, rows, texts

ENVIRONMENTS = "pages/environments.py"
TOKEN = "token-of-the-listed-service"  # noqa: S105 - of this test's own service


@pytest.fixture
def server(tmp_path):
    here = Settings(data_dir=tmp_path / "remote")
    server = Server(create_app(FaceEngine(here), token=TOKEN, settings=here))
    yield server
    server.stop()


@pytest.fixture
def page(open_page):
    return open_page(ENVIRONMENTS)


def fill(at, **fields):
    for field, value in fields.items():
        at.text_input(key=f"environment_{field}").set_value(value)
    return at.run()


def press(at, key):
    at.button(key=key).click().run()
    assert not at.exception
    return at


def add(at, name, url, **fields):
    press(at, "environment_add")
    fill(at, name=name, url=url, **fields)
    return press(at, "environment_save")


def listed(data_dir):
    return json.loads((data_dir / "environments.json").read_text())["environments"]


def id_of(data_dir, name):
    return next(each["id"] for each in listed(data_dir) if each["name"] == name)


def test_an_added_environment_is_tested_used_and_named_in_the_log(page, server, data_dir, say):
    add(page, "staging", server.url, token=TOKEN)
    key = id_of(data_dir, "staging")
    press(page, f"environment_test_{key}")

    assert say("environments.steps.good") in texts(page)
    assert say("environments.step.token.accepted") in texts(page)

    press(page, f"environment_use_{key}")
    page.switch_page(PHOTO_MATCH)
    compare(page.run())

    assert say("verdict.passed") in page.success[0].value
    assert [row["env"] for row in rows(data_dir)] == ["staging"]


def test_a_token_is_in_no_file_but_its_own_and_nowhere_on_the_page(page, server, data_dir, say):
    add(page, "staging", server.url, token=TOKEN)
    holding = [path for path in data_dir.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]

    assert [(path.parent.name, path.stat().st_mode & 0o777) for path in holding] == [("tokens", 0o600)]
    assert TOKEN not in repr(page.session_state)
    press(page, f"environment_edit_{id_of(data_dir, 'staging')}")
    assert page.text_input(key="environment_token").value == ""
    assert say("environments.field.token.set") in texts(page)


def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(page, say):
    add(page, "embedded", "face.example")

    told = [error.value for error in page.error]
    assert say("environments.problem.reserved") in told
    assert say("environments.problem.scheme") in told
    assert page.text_input(key="environment_url").value == "face.example"

    page.switch_page(PHOTO_MATCH)
    page.run()
    page.switch_page(ENVIRONMENTS)
    page.run()
    assert page.text_input(key="environment_url").value == "face.example"


def test_a_wrong_token_is_told_apart_from_a_wrong_address(page, server, data_dir, say):
    add(page, "wrong token", server.url, token=TOKEN[::-1])
    add(page, "wrong address", "http://127.0.0.1:9", token=TOKEN)
    press(page, f"environment_test_{id_of(data_dir, 'wrong token')}")
    assert say("environments.step.token.refused") in texts(page)

    press(page, f"environment_test_{id_of(data_dir, 'wrong address')}")

    assert say("environments.step.reach.failed", url="`http://127.0.0.1:9`") in texts(page)


def test_a_removed_environment_is_taken_back_with_its_token_until_the_next_page(page, server, data_dir, say):
    add(page, "staging", server.url, token=TOKEN)
    key = id_of(data_dir, "staging")
    press(page, f"environment_use_{key}")
    press(page, f"environment_remove_{key}")
    press(page, f"environment_remove_yes_{key}")
    assert say("environments.gone") in [warning.value for warning in page.warning]
    press(page, f"environment_undo_{key}")
    press(page, f"environment_test_{key}")
    assert say("environments.step.token.accepted") in texts(page)

    press(page, f"environment_remove_{key}")
    press(page, f"environment_remove_yes_{key}")
    page.switch_page(PHOTO_MATCH)
    page.run()

    assert listed(data_dir) == []
    assert not [path for path in (data_dir / "keys" / "tokens").iterdir() if path.is_file()]
