"""Photos and videos are built from bytes, files, links and file-server paths, and never opened here."""

import os

import pytest

import facematch.client
from facematch.client import Photo, Video
from facematch.client.body import marked
from facematch.client.local_file import LocalFile
from facematch.errors import OriginNotAllowed, RequestInvalid

LINK = "https://files.example/a/face.jpg?sig=very-secret#part"
BOTH = pytest.mark.parametrize("kind", [Photo, Video])


@BOTH
def test_bytes_and_files_are_of_origin_self_and_the_others_stay_text(kind, tmp_path):
    (tmp_path / "file").write_bytes(b"any bytes")

    for medium in (kind(b"any bytes"), kind.from_path(tmp_path / "file"), kind.from_path(f"{tmp_path}/file")):
        assert (medium.origin, medium.size, list(medium.blocks(4))) == ("self", 9, [b"any ", b"byte", b"s"])
    for medium, data, origin in (
        (kind.from_link(LINK), LINK, "uri"),
        (kind.from_file_server("a/b 照.jpg"), "a/b 照.jpg", "fds"),
    ):
        assert (medium.data, medium.origin, medium.size, list(medium.blocks(4))) == (data, origin, None, [])


@BOTH
def test_bytes_are_at_hand_only_where_they_were_given(kind, tmp_path):
    (tmp_path / "file").write_bytes(b"any")

    assert kind(b"any").file == b"any"
    assert kind.from_path(tmp_path / "file").file is None
    assert kind.from_link(LINK).file is None
    assert kind.from_file_server("any").file is None


@BOTH
def test_a_file_is_the_same_until_it_changes(kind, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"any")
    before = kind.from_path(path)

    assert kind.from_path(path) == before
    path.write_bytes(b"other")
    assert kind.from_path(path) != before


def test_a_photo_is_no_video():
    assert Photo(b"any") != Video(b"any")


@BOTH
def test_what_has_nothing_in_it_is_refused(kind, tmp_path):
    (tmp_path / "empty").touch()

    for build in (
        lambda: kind(b""),
        lambda: kind.from_path(tmp_path / "empty"),
        lambda: kind.from_link(""),
        lambda: kind.from_file_server(""),
    ):
        with pytest.raises(RequestInvalid, match=f"the {kind.__name__.lower()} is empty"):
            build()


@BOTH
@pytest.mark.parametrize("name", ["name-of-a-person.jpg", "", "a\x00b", "pipe"])
def test_a_file_that_cannot_be_read_is_refused_without_naming_it(kind, name, tmp_path):
    os.mkfifo(tmp_path / "pipe")  # nobody writes into it: to read it would be to wait for ever
    with pytest.raises(RequestInvalid, match="cannot be read") as caught:
        kind.from_path(f"{tmp_path}/{name}")

    assert str(tmp_path) not in str(caught.value)


@BOTH
@pytest.mark.parametrize(
    "link",
    [
        "ftp://h/very-secret", "file:///very-secret", "very-secret", "//h/very-secret", "http://", "https:///very-secret",
        "data:image/png;base64,very-secret", "javascript:very-secret", "http://[very-secret", "http://h:0/very-secret",
        "http://h:99999/very-secret", "http://h:very-secret/",
    ],
)  # fmt: skip
def test_only_http_and_https_are_links_and_no_other_is_quoted(kind, link):
    with pytest.raises(RequestInvalid, match="not an http or https address") as caught:
        kind.from_link(link)

    assert "very-secret" not in str(caught.value)


@pytest.mark.parametrize("link", ["http://h", "https://h:8443/p", "HTTPS://user:pw@h/p?q", "http://[::1]/x"])
def test_the_links_host_is_the_servers_business(link):
    assert Photo.from_link(link).link == link


@BOTH
def test_text_for_bytes_and_bytes_for_text_are_refused(kind):
    for data, origin in (("text", "self"), (b"bytes", "uri"), (b"bytes", "fds")):
        with pytest.raises(RequestInvalid, match="needs bytes"):
            kind(data, origin)


@BOTH
def test_what_cannot_be_encoded_is_refused(kind):
    for build in (kind.from_link, kind.from_file_server):
        with pytest.raises(RequestInvalid, match="not valid Unicode"):
            build("http://h/\ud800")


@BOTH
def test_no_repr_shows_what_was_given(kind, tmp_path):
    (tmp_path / "very-secret").write_bytes(b"very-secret")
    marks = {}
    for medium in (
        kind(b"very-secret"),
        kind.from_path(tmp_path / "very-secret"),
        kind.from_link(LINK),
        kind.from_file_server("very-secret"),
    ):
        assert "secret" not in f"{medium!r} {medium.data if isinstance(medium.data, LocalFile) else ''!r}"
        assert "secret" not in repr(marked(medium, marks))
    assert "secret" not in repr(marks)


def test_everything_public_is_there_and_nothing_else_is_told():
    assert facematch.client.__all__ == sorted(facematch.client.__all__, key=lambda name: (name[0].islower(), name))
    public = {name for name, each in vars(facematch.client).items() if isinstance(each, type) or callable(each)}
    assert public == set(facematch.client.__all__)


@pytest.mark.parametrize("medium", [Photo(LINK, "uri"), Photo("a/face.jpg", "fds")], ids=["uri", "fds"])
def test_a_link_or_a_path_is_not_given_to_a_server_that_may_not_have_it(medium, client_of, rows):
    client = client_of("http://127.0.0.1:9", origins=("self",), attempts=1)  # where nobody listens
    for media in ((medium, Photo(b"photo")), (Photo(b"photo"), medium)):
        with pytest.raises(OriginNotAllowed) as caught:
            client.match(*media)

        assert not caught.value.sent
        assert "secret" not in str(caught.value)
    assert [row["outcome"] for row in rows()] == ["request_invalid"] * 2
