"""Snippets of calls with a name, a number, a live code, a link or a path: they run, and hold nothing private."""

import json
import subprocess
import sys

import pytest
from faulty_server import HANDLED, FaultyServer, says_json, sent_body

from facematch.client import Photo, Video, as_curl, as_python

NUMBER, NAME, CODE = "19000119740816004X", "Demo A", "0521"
LINK = "https://files.example/clip.mp4?sig=very-secret"
STAND_IN = "curl() { cat; }\n"  # what curl would send
LANGUAGES = pytest.mark.parametrize("write", [as_curl, as_python])


@pytest.fixture
def folder(tmp_path, token, monkeypatch):
    """What the reader of a snippet is told to put beside it and to export."""
    (tmp_path / "reference.jpg").write_bytes(b"a reference")
    (tmp_path / "probe.jpg").write_bytes(b"a photo")
    (tmp_path / "probe.mp4").write_bytes(b"a video")
    monkeypatch.setenv("FACEMATCH_TOKEN", token)
    monkeypatch.setenv("FACEMATCH_NAME", NAME)
    monkeypatch.setenv("FACEMATCH_ID_NUMBER", NUMBER)
    monkeypatch.setenv("FACEMATCH_LIVE_CODE", CODE)
    return tmp_path


CALLS = {
    "match, video": lambda c: c.match(Photo(b"a reference"), Video(b"a video")),
    "match, LIP": lambda c: c.match(Photo(b"a reference"), Video(b"a video"), live_code=CODE),
    "identity, photo": lambda c: c.verify_identity(NUMBER, NAME, Photo(b"a photo")),
    "identity, LIP, async": lambda c: c.start_identity(NUMBER, NAME, Video(b"a video"), live_code=CODE),
    "paths": lambda c: c.match(Photo.from_file_server("a/b.jpg"), Video.from_file_server("c.mp4")),
    "hostile path": lambda c: c.match(
        Photo.from_file_server("$(touch broken)`touch broken`\\$HOME\\\" 'x"), Photo.from_file_server("\nBODY\n<<0>>")
    ),
    "live code": lambda c: c.live_code(),
}


@pytest.fixture(scope="module")
def server():
    answer = HANDLED | {"data": {**HANDLED["data"], "result": {"isSccess": "true", "score": "99", "code": "7391"}}}
    with FaultyServer(says_json(200, answer)) as server:
        yield server


@pytest.mark.parametrize("name", CALLS)
def test_the_shell_sends_what_the_client_sent(name, server, client_of, folder):
    exchange = CALLS[name](client_of(server.url)).exchange
    (folder / "call.sh").write_text(STAND_IN + as_curl(exchange.url, exchange.request))
    sent = subprocess.run(["sh", "call.sh"], cwd=folder, capture_output=True, timeout=30, check=True).stdout

    assert json.loads(sent) == sent_body(server.received[-1])
    assert not (folder / "broken").exists()


@pytest.mark.parametrize("name", CALLS)
def test_the_program_sends_what_the_client_sent(name, server, client_of, folder):
    exchange = CALLS[name](client_of(server.url)).exchange
    (folder / "call.py").write_text(as_python(exchange.url, exchange.request))
    subprocess.run([sys.executable, "call.py"], cwd=folder, capture_output=True, timeout=30, check=True)

    ours, theirs = server.received[-2:]
    assert sent_body(theirs) == sent_body(ours)


@LANGUAGES
def test_nothing_private_is_in_a_snippet(write, server, client_of, token):
    client = client_of(server.url)
    for exchange in (
        client.verify_identity(NUMBER, NAME, Video.from_link(LINK), live_code=CODE).exchange,
        client.match(Photo(b"a reference"), Video(b"a video"), live_code=CODE).exchange,
    ):
        text = write(exchange.url, exchange.request)

        assert not [
            secret for secret in (NUMBER, NAME, CODE, token, "very-secret", "base64,", "****") if secret in text
        ]


@LANGUAGES
def test_a_link_is_shown_without_its_query(write, server, client_of):
    exchange = client_of(server.url).match(Photo.from_link(LINK), Photo(b"p")).exchange

    assert '"https://files.example/clip.mp4?…"' in write(exchange.url, exchange.request)


@LANGUAGES
def test_a_snippet_is_the_same_every_time(write, server, client_of):
    exchange = CALLS["identity, LIP, async"](client_of(server.url)).exchange

    assert write(exchange.url, exchange.request) == write(exchange.url, exchange.request)
