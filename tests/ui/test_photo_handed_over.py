"""A photo by link, from the file server, and out of the form again."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from facematch import samples
from facematch.client import FaceMatchClient
from facematch.ui import services
from facematch.ui.words import Speaker

from .conftest import PHOTO_MATCH, rows, texts, upload

PROBE = "obama_1.jpg"


@pytest.fixture(params=["zh"])
def say(request):
    return Speaker(request.param)


@pytest.fixture
def elsewhere(open_page, say):
    """The photo page with a reference, and its probe on the tab for links and files."""
    own = services.embedded()
    with FaceMatchClient(own.server.url, own.token) as client:
        client.local.upload("probes/a.jpg", samples.photo(PROBE))
    at = open_page(PHOTO_MATCH)
    upload(at, "reference", "obama_2.jpg")
    at.session_state["probe_source"] = say("elsewhere.tab")
    at.run()
    assert not at.exception
    return at


def choose(at, say, place):
    at.segmented_control(key="probe_elsewhere_0_place").set_value(place).run()
    assert not at.exception
    return at


def ask(at):
    at.button(key="ask").click().run()
    assert not at.exception
    return at


@pytest.fixture
def link():
    """A photo on a server of this computer, which the embedded one does not fetch from."""
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/a.jpg?key=secret-of-the-link"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_file_of_the_embedded_file_server_is_chosen_from_a_list_and_compared(elsewhere, say, data_dir):
    at = choose(elsewhere, say, "fds")
    at.selectbox(key="probe_elsewhere_0_file").set_value("probes/a.jpg").run()
    assert say("elsewhere.told.fds", name="probes\\/a\\.jpg") in texts(at)
    ask(at)

    assert say("verdict.passed") in at.success[0].value
    assert len(at.get("image")) == 4  # both previews of the reference, both crops; the file itself is not here
    assert [(row["outcome"], row["success"]) for row in rows(data_dir)] == [("ok", 1)]


def test_a_link_is_handed_over_and_its_query_is_nowhere(elsewhere, say, data_dir, link):
    at = choose(elsewhere, say, "uri")
    at.text_input(key="probe_elsewhere_0_link").set_value(link).run()
    ask(at)

    (row,) = rows(data_dir)
    assert row["outcome"] == "biz_error"  # a loopback address is not fetched
    assert say("verdict.none") in at.error[0].value
    assert "secret-of-the-link" not in texts(at) + repr(row)


@pytest.mark.parametrize("bad", ["ftp://a.example/x.jpg", "a.jpg", "http://"])
def test_what_is_no_link_is_told_and_cannot_be_sent(elsewhere, say, bad):
    at = choose(elsewhere, say, "uri")
    at.text_input(key="probe_elsewhere_0_link").set_value(bad).run()

    assert say("elsewhere.link.bad") in [warning.value for warning in at.warning]
    assert at.button(key="ask").disabled


def test_one_photo_is_taken_out_again_and_the_other_stays(open_page, say):
    at = open_page(PHOTO_MATCH)
    upload(at, "reference", "obama_2.jpg")
    upload(at, "probe", PROBE)
    at.button(key="probe_remove").click().run()

    assert not at.exception
    assert at.session_state["photo.probe"] is None
    assert at.session_state["photo.reference"].name == "obama_2.jpg"
    assert at.button(key="ask").disabled
    assert say("photo_match.missing") in texts(at)
