"""Files go to our own service from where they are, shown as a size; and what it is asked before takes little time."""

import time

import pytest
from faulty_server import FaultyServer, echoes, hangs, sent_body, tells

from facematch.client import Photo, Video
from facematch.client.body import BLOCK_BYTES, Body, marked
from facematch.client.hiding import shown_body
from facematch.errors import DeadlineExceeded, Refusal, RequestInvalid
from facematch.samples import DEMO_PERSONS
from facematch.settings import Settings

NUMBER, NAME = DEMO_PERSONS[0].id_number, "张三"


@pytest.fixture
def own_settings(tmp_path):
    return Settings(data_dir=tmp_path / "own")


@pytest.fixture
def own(own_service, client_of):
    return client_of(own_service.url)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "name-of-a-person.jpg"
    path.write_bytes(b"0.8")
    return path


@pytest.mark.parametrize("kind", [Photo, Video])
def test_a_file_is_uploaded_from_its_path(kind, own, path):
    stored = own.local.upload("a/probe.bin", kind.from_path(path))

    assert (stored.path, stored.bytes) == ("a/probe.bin", 3)
    assert own.match(Photo(b"1.0"), Photo.from_file_server("a/probe.bin")).score == 80


def test_what_arrives_is_the_file_byte_for_byte(path, client_of):
    path.write_bytes(bytes(range(256)) * 1024 * 3 + b"end")
    stored = {"path": "a", "bytes": path.stat().st_size, "modified_at": "2026-11-22T12:00:00Z"}
    with FaultyServer(tells(stored)) as server:
        client_of(server.url).local.upload("a", Photo.from_path(path))

    head, _, body = server.received[0].partition(b"\r\n\r\n")
    assert body == path.read_bytes()
    assert len(body) > 2 * BLOCK_BYTES
    assert b"Content-Type: application/octet-stream" in head


def test_what_is_not_on_this_machine_is_not_uploaded(own):
    for medium in (Photo.from_link("https://h/a.jpg"), Video.from_file_server("a.mp4")):
        with pytest.raises(RequestInvalid, match="not on this machine"):
            own.local.upload("a", medium)


def test_a_portrait_is_enrolled_from_its_path(own, path):
    path.write_bytes(b"1.0")

    assert own.local.enrol(NUMBER, NAME, Photo.from_path(path)).person.portrait == "usable"
    assert own.verify_identity(NUMBER, NAME, Photo(b"0.8")).passed


def test_a_call_from_a_path_shows_and_keeps_what_one_of_bytes_does(path, client_of, rows):
    with FaultyServer(tells({"isSccess": "true", "score": "99"})) as server:
        client = client_of(server.url)
        answers = [client.match(Photo(b"1.0"), probe) for probe in (Photo(b"0.8"), Photo.from_path(path))]

    assert answers[0].exchange.request == answers[1].exchange.request
    assert answers[1].exchange.request["faceData"]["data"] == "<base64, 4 characters>"
    assert sent_body(server.received[0]) == sent_body(server.received[1])
    kept = [[row[name] for name in ("req_digest", "req_bytes", "ref_digest", "probe_digest")] for row in rows()]
    assert kept[0] == kept[1]
    assert None not in kept[0]


@pytest.mark.parametrize("size", [1, 2, 3, BLOCK_BYTES + 1])
def test_a_size_is_shown_without_reading_the_file(size, path):
    path.write_bytes(bytes(size))
    marks = {}
    body = Body({"image": marked(Photo.from_path(path), marks).to_wire(), "async": True}, marks)
    path.unlink()

    shown = f"<base64, {(size + 2) // 3 * 4:,} characters>"
    assert shown_body(body.wire, body.media) == {"image": {"origin": "self", "data": shown}, "async": True}


@pytest.mark.parametrize(
    "ask", [lambda client: client.health(), lambda client: client.evidence("1")], ids=["health", "evidence"]
)
def test_what_a_server_echoes_to_the_console_has_no_token(ask, client_of, token):
    with FaultyServer(echoes) as server, pytest.raises(Refusal) as caught:
        ask(client_of(server.url))

    assert token not in f"{caught.value}{vars(caught.value)}"
    assert "[token]" in caught.value.errmsg


def test_a_health_that_hangs_holds_nobody_up_for_as_long_as_a_call_may_take(client_of):
    started = time.monotonic()
    with FaultyServer(hangs) as server, pytest.raises(DeadlineExceeded):
        client_of(server.url, timeout_s=60.0).health()

    assert time.monotonic() - started < 30
