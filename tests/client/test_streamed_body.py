"""A body is the same bytes whether it is built whole or made while it is sent, as often as it is wanted."""

import io
import json
import os
import time
from base64 import b64decode, b64encode

import pytest
from faulty_server import FaultyServer, closes, says, sent_body, tells
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facematch.client import Photo, Video
from facematch.client.body import BLOCK_BYTES, Body, Raw, base64_length, marked
from facematch.client.transport import Transport
from facematch.errors import RequestInvalid
from facematch.log import Key

SIZES = [1, 2, 3, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES + 7]
ANSWER = tells({"isSccess": "true", "score": "99"})


def content(size: int) -> bytes:
    return (bytes(range(251)) * (size // 251 + 1))[:size]


def body_of(*media, **more) -> Body:
    marks = {}
    wire = {f"part {n}": marked(medium, marks).to_wire() for n, medium in enumerate(media)}
    return Body({**wire, **more}, marks)


@pytest.fixture(params=["bytes", "path"])
def made(request, tmp_path):
    def photo(data: bytes) -> Photo:
        if request.param == "bytes":
            return Photo(data)
        path = tmp_path / f"photo-{len(data)}"
        path.write_bytes(data)
        return Photo.from_path(path)

    return photo


@pytest.mark.parametrize("size", SIZES)
def test_a_file_is_in_the_body_whole(size, made):
    body = body_of(made(content(size)), Photo(b"the other"), name="演示")
    sent = b"".join(body.blocks())

    assert len(sent) == len(body)
    assert json.loads(sent) == {
        "part 0": {"origin": "self", "data": b64encode(content(size)).decode()},
        "part 1": {"origin": "self", "data": b64encode(b"the other").decode()},
        "name": "演示",
    }
    assert max(map(len, body.blocks())) <= BLOCK_BYTES // 3 * 4


@pytest.mark.parametrize("size", SIZES)
def test_it_is_the_same_every_time(size, made):
    body = body_of(made(content(size)))

    assert len({b"".join(body.blocks()) for _ in range(3)}) == 1


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(st.lists(st.binary(min_size=1, max_size=2000), max_size=4), st.text(), st.lists(st.integers(1, 3000)))
def test_whatever_is_in_it_the_length_is_right_and_any_way_of_reading_gives_the_same(files, name, reads):
    body = body_of(*map(Photo, files), name=name.encode("utf-8", "replace").decode())
    whole = b"".join(body.blocks())
    with body.opened() as opened:
        begun = b"".join(opened.read(size) for size in reads)
        assert opened.tell() == len(begun)
        assert begun + opened.read() == whole
        assert opened.read(1) == opened.read() == b""
        assert opened.seek(0) == opened.tell() == 0
        assert opened.read(-1) == whole

    assert len(opened) == len(body) == len(whole)
    assert [b64decode(part["data"]) for part in json.loads(whole).values() if isinstance(part, dict)] == files


def test_it_goes_back_to_the_beginning_and_nowhere_else():
    with body_of(Photo(b"any")).opened() as opened:
        for place in ((1, io.SEEK_SET), (0, io.SEEK_END)):
            with pytest.raises(io.UnsupportedOperation):
                opened.seek(*place)


def test_a_name_that_looks_like_a_mark_stays_a_name():
    marks = {}
    wire = {"photo": marked(Photo(b"any"), marks).to_wire()}
    (mark,) = marks
    body = Body({**wire, "name": mark[:-1], "number": '"', "code": "\\"}, marks)

    assert json.loads(b"".join(body.blocks())) | {"photo": None} == {
        "photo": None,
        "name": mark[:-1],
        "number": '"',
        "code": "\\",
    }


def test_links_and_paths_are_text():
    body = body_of(Photo.from_link("https://h/a?b=c"), Video.from_file_server("照/1.mp4"))

    assert json.loads(b"".join(body.blocks())) == {
        "part 0": {"origin": "uri", "data": "https://h/a?b=c"},
        "part 1": {"origin": "fds", "data": "照/1.mp4"},
    }


def test_what_cannot_be_encoded_is_refused():
    with pytest.raises(RequestInvalid, match="Unicode"):
        Body({"name": "\ud800"})


def test_no_repr_shows_what_is_in_it():
    assert repr(body_of(Photo(b"any"), name="演示")) == "Body(58 bytes)"


def test_the_bytes_alone_are_sent_as_they_are(made):
    raw = Raw(made(content(BLOCK_BYTES + 5)))

    assert b"".join(raw.blocks()) == raw.opened().read() == content(BLOCK_BYTES + 5)
    assert len(raw) == BLOCK_BYTES + 5


def test_what_the_server_is_to_get_itself_has_no_bytes():
    with pytest.raises(RequestInvalid, match="not on this machine"):
        Raw(Photo.from_link("http://h/a"))
    assert base64_length(Photo.from_link("http://h/a")) == 0


@pytest.mark.parametrize("size", range(1, 8))
def test_the_length_of_base64_is_known_without_it(size):
    assert base64_length(Photo(bytes(size))) == len(b64encode(bytes(size)))


def test_a_digest_of_blocks_is_the_digest_of_the_whole():
    key = Key("k1", b"s" * 32)
    data = content(2 * BLOCK_BYTES + 1)

    assert key.digest_of(Photo(data).blocks(BLOCK_BYTES)) == key.digest(data)
    assert key.digest_of([]) == key.digest(b"")
    assert key.digest_of([data, b"x"]) != key.digest(data)


CHANGES = {
    "longer": lambda path: path.write_bytes(content(BLOCK_BYTES + 10)),
    "shorter": lambda path: path.write_bytes(b"any"),
    "empty": lambda path: path.write_bytes(b""),
    "another of this length": lambda path: (path.write_bytes(bytes(BLOCK_BYTES + 9)), os.utime(path, (1, 1))),
    "gone": lambda path: path.unlink(),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "a pipe": lambda path: (path.unlink(), os.mkfifo(path)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_is_another_now_is_not_sent(change, tmp_path, client_of, rows):
    path = tmp_path / "name-of-a-person.jpg"
    path.write_bytes(content(BLOCK_BYTES + 9))
    photo = Photo.from_path(path)
    CHANGES[change](path)
    with FaultyServer(ANSWER) as server, pytest.raises(RequestInvalid, match="the photo cannot be read") as caught:
        client_of(server.url).match(photo, photo)

    assert "person" not in str(caught.value)
    assert server.received == []
    assert [row["outcome"] for row in rows()] == ["request_invalid"]


@pytest.mark.parametrize("change", ["longer", "shorter", "another of this length"])
def test_a_file_that_changes_while_it_is_sent_never_arrives_whole(change, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(content(BLOCK_BYTES + 9))
    blocks = body_of(Photo.from_path(path)).blocks()
    begun = [next(blocks), next(blocks)]
    CHANGES[change](path)
    with pytest.raises(RequestInvalid, match="changed"):
        next(blocks)

    assert b64encode(content(BLOCK_BYTES)) == begun[1]


def test_a_file_that_another_is_put_in_place_of_is_not_taken_for_a_broken_connection(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(content(BLOCK_BYTES))
    body = body_of(Photo.from_path(path))
    path.unlink()
    transport = Transport(connect_timeout_s=5)
    with FaultyServer(ANSWER) as server, pytest.raises(RequestInvalid, match="No such file"):
        transport.send("POST", server.url, body, request_id="r", token=None, deadline=time.monotonic() + 30)

    assert server.received == []


@pytest.mark.parametrize("first", [says(503, b"", {"Retry-After": "0"}), closes], ids=["503", "closes"])
def test_a_file_is_sent_whole_again_on_a_retry(first, tmp_path, client_of, rows):
    path = tmp_path / "clip.mp4"
    path.write_bytes(content(5 * BLOCK_BYTES + 11))
    acts = iter([first, ANSWER])

    def one_after_another(server, connection, request):
        next(acts)(server, connection, request)

    with FaultyServer(one_after_another) as server:
        client_of(server.url).match(Photo(b"reference"), Video.from_path(path))

    bodies = [request.partition(b"\r\n\r\n")[2] for request in server.received]
    assert len(bodies) == len(rows()) == 2
    assert bodies[0] == bodies[1]
    assert b64decode(sent_body(server.received[1])["faceData"]["data"]) == path.read_bytes()


def test_a_file_arrives_as_it_is_on_the_disk(tmp_path, client_of, rows):
    path = tmp_path / "clip.mp4"
    path.write_bytes(content(5 * BLOCK_BYTES + 11))
    with FaultyServer(ANSWER) as server:
        client_of(server.url).match(Photo(b"reference"), Video.from_path(path))

    (row,), body = rows(), server.received[0].partition(b"\r\n\r\n")[2]
    key = Key("k1", b"s" * 32)
    assert b64decode(sent_body(server.received[0])["faceData"]["data"]) == path.read_bytes()
    assert (row["req_digest"], row["req_bytes"]) == (key.digest(body), len(body))
    assert (row["ref_digest"], row["probe_digest"]) == (key.digest(b"reference"), key.digest(path.read_bytes()))
