"""Media of each origin become bytes, or the errcode that fits."""

import base64
from dataclasses import replace
from pathlib import Path

import pytest
from link_server import LinkServer, goes_on, moves, reply, says, says_no_more, writes

from facematch.contract import Media
from facematch.engine.decode import decode
from facematch.errors import PictureRefused, RequestRefused
from facematch.limits import Limits
from facematch.samples import photo
from facematch.service.files import Files
from facematch.service.sources import Sources

LIMITS = Limits(
    image_max_base64_bytes=400, video_max_base64_bytes=800, uri_nets=("127.0.0.1/32",), uri_photo_s=10, uri_video_s=10
)
DATA = bytes(range(256))
TEXT = base64.b64encode(DATA).decode()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files", LIMITS)


@pytest.fixture
def sources(files: Files) -> Sources:
    return Sources(LIMITS, files)


def photo_refusal(sources: Sources, media: Media) -> tuple[int, str]:
    with pytest.raises(RequestRefused) as refused:
        sources.photo(media, "image")
    assert refused.value.side == "image"
    return refused.value.errcode, refused.value.detail


def video_refusal(sources: Sources, media: Media) -> tuple[int, str]:
    with pytest.raises(RequestRefused) as refused:
        sources.video(media)
    assert refused.value.side == "faceData"
    return refused.value.errcode, refused.value.detail


def test_base64_gives_its_bytes_without_notes(sources: Sources) -> None:
    fetched = sources.photo(Media(TEXT), "faceData")

    assert (fetched.data, fetched.notes) == (DATA, ())
    assert sources.video(Media(TEXT)) == fetched
    assert TEXT not in repr(fetched)


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (f" {TEXT[:76]}\r\n{TEXT[76:]}\n", ("whitespace",)),
        (f"data:image/jpeg;base64,{TEXT}", ("data_url",)),
        (f"DATA:video/mp4;codecs=avc1;BASE64,{TEXT}", ("data_url",)),
        (f"data:;base64,\n{TEXT}", ("whitespace", "data_url")),
    ],
)
def test_white_space_and_a_data_url_are_taken_off_and_noted(
    sources: Sources, text: str, notes: tuple[str, ...]
) -> None:
    for fetched in (sources.photo(Media(text), "image"), sources.video(Media(text))):
        assert (fetched.data, fetched.notes) == (DATA, notes)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "ab",
        "abc",
        "abcd=",
        "=abc",
        "ab*d",
        "ab-_",
        "照片",
        "data:image/png,abcd",
        "data:abcd",
        "abcd;base64,abcd",
        "\ud800",
    ],
)
def test_what_is_not_base64_is_refused(sources: Sources, text: str) -> None:
    assert photo_refusal(sources, Media(text)) == (2101, "not base64")
    assert video_refusal(sources, Media(text)) == (1104, "not base64")


@pytest.mark.parametrize("text", ["", " \n", "data:image/png;base64,"])
def test_no_bytes_are_refused(sources: Sources, text: str) -> None:
    assert photo_refusal(sources, Media(text)) == (2101, "no bytes")
    assert video_refusal(sources, Media(text)) == (1107, "no bytes")


def test_base64_beyond_the_limit_is_refused_undecoded(sources: Sources) -> None:
    assert sources.photo(Media("A" * 400), "image").data == bytes(300)
    assert photo_refusal(sources, Media("*" * 401)) == (2102, "401 characters of base64, at most 400")
    assert sources.video(Media("A" * 800)).data == bytes(600)
    assert video_refusal(sources, Media("*" * 801)) == (1107, "801 characters of base64, at most 800")


def test_a_link_gives_its_bytes(sources: Sources) -> None:
    with LinkServer(says(200, DATA)) as server:
        media = Media(f"{server.url}/a.jpg", "uri")

        assert sources.photo(media, "image").data == sources.video(media).data == DATA


@pytest.mark.parametrize(
    ("act", "detail"),
    [
        (says(404), "uri: HTTP status 404"),
        (says(302), "uri: a redirect without a Location"),
        (moves("file:///etc/passwd"), "uri: after a redirect: only http and https are fetched"),
        (moves("http://127.0.0.2/"), "uri: after a redirect: the host's address is not an allowed one"),
        (writes(b"not HTTP\r\n"), "uri: the answer is not whole, or is not HTTP"),
    ],
)
def test_a_link_that_is_not_fetched_is_told_apart_by_side(sources: Sources, act: object, detail: str) -> None:
    with LinkServer(act) as server:  # type: ignore[arg-type]
        media = Media(f"{server.url}/secret?token=secret", "uri")

        assert photo_refusal(sources, media) == (202, detail)
        assert video_refusal(sources, media) == (1105, detail)


def test_a_photo_and_a_video_have_times_of_their_own(files: Files) -> None:
    sources = Sources(replace(LIMITS, uri_photo_s=0.1, uri_video_s=0.2), files)
    with LinkServer(says_no_more()) as server:
        media = Media(server.url, "uri")

        assert photo_refusal(sources, media) == (202, "uri: not complete within 0.1 s")
        assert video_refusal(sources, media) == (1105, "uri: not complete within 0.2 s")


def test_a_link_beyond_the_limit_is_too_large_not_unfetched(sources: Sources) -> None:
    with LinkServer(goes_on(reply(200, headers={"Content-Length": ""}), b"x" * 100)) as server:
        media = Media(server.url, "uri")

        assert photo_refusal(sources, media) == (2102, "uri: more than 300 bytes")
        assert video_refusal(sources, media) == (1107, "uri: more than 600 bytes")


@pytest.mark.parametrize("act", [says(200), writes(b"HTTP/1.1 200 Whate")], ids=["empty", "cut off"])
def test_a_link_to_nothing_is_refused(sources: Sources, act: object) -> None:
    with LinkServer(act) as server:  # type: ignore[arg-type]
        assert photo_refusal(sources, Media(server.url, "uri")) == (2101, "no bytes")
        assert video_refusal(sources, Media(server.url, "uri")) == (1107, "no bytes")


def test_links_are_off_by_default(files: Files) -> None:
    refused = photo_refusal(Sources(Limits(), files), Media("http://127.0.0.1/", "uri"))

    assert refused == (202, "uri: links are switched off here")


def test_a_page_instead_of_a_photo_is_found_out_by_decoding_not_by_its_type(files: Files) -> None:
    limits = Limits(uri_nets=("127.0.0.1/32",))
    page, real = b"<!doctype html><title>Please log in</title>", photo("obama_1.jpg")
    sources = Sources(limits, files)
    with LinkServer(says(200, page, {"Content-Type": "image/jpeg"})) as server:
        claimed = sources.photo(Media(server.url, "uri"), "image")
    with LinkServer(says(200, real, {"Content-Type": "text/html"})) as server:
        fetched = sources.photo(Media(server.url, "uri"), "image")

    assert decode(fetched.data, limits).format == "jpeg"
    with pytest.raises(PictureRefused) as refused:
        decode(claimed.data, limits)
    assert refused.value.errcode == 2101


def test_a_path_of_the_file_server_gives_its_bytes(sources: Sources, files: Files) -> None:
    files.put("people/a.jpg", DATA)
    media = Media("people/a.jpg", "fds")

    assert sources.photo(media, "image").data == sources.video(media).data == DATA


@pytest.mark.parametrize("path", ["people/b.jpg", "../secret", "a\0b", "people", "http://127.0.0.1/", ""])
def test_a_path_that_leads_to_no_file_is_refused(sources: Sources, files: Files, path: str) -> None:
    files.put("people/a.jpg", DATA)
    for errcode, detail in (photo_refusal(sources, Media(path, "fds")), video_refusal(sources, Media(path, "fds"))):
        assert errcode in (202, 1105)
        assert detail.startswith("fds: ")
        assert "secret" not in detail

    assert photo_refusal(sources, Media(path, "fds"))[0] == 202
    assert video_refusal(sources, Media(path, "fds"))[0] == 1105


def test_a_file_beyond_the_limit_or_empty_is_refused(sources: Sources, files: Files) -> None:
    files.put("empty", b"")
    files.put("large", b"x" * 601)

    assert photo_refusal(sources, Media("large", "fds")) == (2102, "fds: more than 300 bytes")
    assert video_refusal(sources, Media("large", "fds")) == (1107, "fds: more than 600 bytes")
    assert photo_refusal(sources, Media("empty", "fds")) == (2101, "no bytes")
    assert video_refusal(sources, Media("empty", "fds")) == (1107, "no bytes")
