"""What a connection test comes to, and a form that is saved twice, by a second tab, or with another token."""

import json
import time
from dataclasses import replace

import pytest
from faulty.server import FaultyServer

from facematch.engine.pipeline import FaceEngine
from facematch.environments import EnvironmentList, Remote, put, without
from facematch.errors import EnvironmentsUnavailable
from facematch.service import Server, create_app
from facematch.settings import Settings
from facematch.ui import services
from facematch.ui.environment import moving, saving
from facematch.ui.environment.rules import Draft
from facematch.ui.words import CATALOGUE, Speaker

from .conftest import texts
from .test_environments import ENVIRONMENTS, TOKEN, add, fill, id_of, listed, press


@pytest.fixture(params=["zh"])
def say(request):
    return Speaker(request.param)


@pytest.fixture
def server(tmp_path):
    here = Settings(data_dir=tmp_path / "remote")
    server = Server(create_app(FaceEngine(here), token=TOKEN, settings=here))
    yield server
    server.stop()


@pytest.fixture
def page(open_page):
    return open_page(ENVIRONMENTS)


def told(page, say):
    """What the page says as soon as its server has answered and stands, however late."""
    by = time.monotonic() + 60
    while any(say(f"health.{state}") in texts(page) for state in ("asking", "warming")) and time.monotonic() < by:
        page.run()
    return texts(page)


def test_our_own_service_without_a_token_cannot_be_used_and_a_new_one_is_known_at_once(page, server, data_dir, say):
    add(page, "staging", server.url)
    key = id_of(data_dir, "staging")
    press(page, f"environment_test_{key}")
    assert say("environments.step.token.missing") in texts(page)
    assert say("environments.steps.bad") in texts(page)
    press(page, f"environment_use_{key}")
    assert say("health.no_details") in told(page, say)

    press(page, f"environment_edit_{key}")
    fill(page, token=TOKEN)
    press(page, "environment_save")

    assert say("health.no_details") not in told(page, say)
    press(page, f"environment_test_{key}")
    assert say("environments.steps.good") in texts(page)


def test_of_another_products_server_only_a_real_call_tells_that_it_can_be_used(page, data_dir, say):
    def act(server, connection, request):
        connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    with FaultyServer(act) as foreign:
        add(page, "foreign", foreign.url)
        key = id_of(data_dir, "foreign")
        press(page, f"environment_test_{key}")
        assert say("environments.steps.unsure") in texts(page)
        assert say("environments.steps.good") not in texts(page)
        press(page, f"environment_call_{key}")

    assert say("environments.call.address") in texts(page)
    assert say("environments.steps.bad") in texts(page)


@pytest.mark.parametrize("name", ["embedded", "*", *(words["environment.embedded"] for words in CATALOGUE.values())])
def test_no_environment_looks_like_the_embedded_one(name, page, data_dir, say):
    add(page, name, "http://127.0.0.1:9")

    assert say("environments.problem.reserved") in [error.value for error in page.error]
    assert not (data_dir / "environments.json").exists()


def test_a_form_that_is_saved_twice_is_one_environment_and_keeps_its_token(page, data_dir):
    draft = Draft("a1", "staging", "http://127.0.0.1:9")
    first = saving.save(draft, saving.Typed(TOKEN), saving.Typed(), ())
    again = saving.save(draft, saving.Typed(), saving.Typed(), ())

    assert (first.problems, again.problems) == ({}, {})
    assert [(each["id"], each["token"] is None) for each in listed(data_dir)] == [("a1", False)]


def test_a_change_that_cannot_be_listed_leaves_the_token_that_belongs_to_the_address(page, data_dir):
    draft = Draft("a1", "staging", "http://127.0.0.1:9")
    before = saving.save(draft, saving.Typed(TOKEN), saving.Typed(), ()).remote
    changed = replace(draft, url="http://127.0.0.1:10", is_new=False)
    (data_dir / ".environments.json.lock").unlink()
    (data_dir / ".environments.json.lock").mkdir()
    for typed in (saving.Typed("another-token-of-another-server"), saving.Typed(removes=True)):
        with pytest.raises(EnvironmentsUnavailable):
            saving.save(changed, typed, saving.Typed(), ())

        assert services.environment_list().read().find("a1") == before
        assert services.tokens_kept().find("a1", "token", before.token.place) == TOKEN


def test_a_name_that_another_tab_took_meanwhile_leaves_no_secret(page, data_dir, say):
    press(page, "environment_add")
    fill(page, name="staging", url="http://127.0.0.1:9", token=TOKEN)
    EnvironmentList(data_dir / "environments.json").change(lambda now: put(now, Remote("77", "Staging", "http://h")))
    press(page, "environment_save")

    assert say("environments.problem.taken") in [error.value for error in page.error]
    assert not [path for path in data_dir.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]


def test_what_another_tab_changes_while_a_page_is_open_is_on_its_next_run(page, data_dir, say):
    kept = EnvironmentList(data_dir / "environments.json")
    kept.change(lambda now: put(put(now, Remote("77", "lab", "http://127.0.0.1:9")), Remote("78", "b", "http://h")))
    press(page, "environment_add")
    press(page, "environment_cancel")
    press(page, "environment_use_77")
    kept.change(lambda now: without(put(now, Remote("78", "renamed", "http://h")), "77"))
    page.run()

    assert not page.exception
    assert page.selectbox(key="_environment").options == [say("environment.embedded"), "renamed"]
    assert say("environments.gone") in [warning.value for warning in page.warning]


def test_an_import_tells_what_is_there_already_from_what_cannot_be_used(page, data_dir):
    EnvironmentList(data_dir / "environments.json").change(lambda now: put(now, Remote("77", "lab", "http://h")))
    told = [{"name": name, "url": url} for name, url in (("Lab", "http://h"), ("a,b", "http://h"), ("c", "no address"))]
    done = moving.imported(json.dumps({"environments": [*told, {"name": "new", "url": "https://h"}]}).encode(), ())

    assert (done.added, done.skipped, done.unusable) == (1, 1, 2)
    assert [each["name"] for each in listed(data_dir)] == ["lab", "new"]


def test_a_folder_that_cannot_be_written_is_told_and_the_form_keeps_what_was_typed(page, data_dir, say):
    (data_dir / "keys" / "tokens").write_text("a file where the folder belongs")
    add(page, "staging", "http://127.0.0.1:9", token=TOKEN)

    assert any(say("environments.not_saved", reason="")[:4] in error.value for error in page.error)
    assert page.text_input(key="environment_name").value == "staging"
    assert not (data_dir / "environments.json").exists()
