"""Names that lie, certificates that do not fit, look-ups that hang, and what a refusal may tell."""

import socket
import threading
import traceback
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from link_server import LinkServer, certificate, goes_on, moves, says

from facematch.limits import Limits
from facematch.service.addresses import LOOKUPS_MAX, Lookup
from facematch.service.links import LinkRefused, Links

HOME = Limits(uri_nets=("127.0.0.1/32",))
PHOTO = b"the bytes of a photo"
NOT_TRUSTED = "the server's certificate is not trusted, or is another host's"


def refusal(links: Links, url: str, seconds: float = 5.0) -> LinkRefused:
    with pytest.raises(LinkRefused) as caught:
        links.fetch(url, seconds, 1000)
    return caught.value


def knows(*addresses: str) -> Lookup:
    return lambda _host, _port: list(addresses)


@pytest.fixture
def server() -> Iterator[LinkServer]:
    with LinkServer(says(200, PHOTO)) as server:
        yield server


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1", "127.0.0.2"),
        ("127.0.0.2", "127.0.0.1"),
        ("127.0.0.1", "::1"),
        ("127.0.0.1", "8.8.8.8"),
        ("127.0.0.1", "fe80::1%lo"),
    ],
)
def test_a_name_with_one_address_that_is_not_allowed_is_refused_unconnected(
    server: LinkServer, addresses: tuple[str, ...]
) -> None:
    refused = refusal(Links(HOME, lookup=knows(*addresses)), f"http://photos.test:{server.port}/")

    assert refused.reason == "the host's address is not an allowed one"
    assert server.received == []


def test_a_public_name_with_a_private_address_among_its_own_is_refused() -> None:
    links = Links(Limits(uri_public=True), lookup=knows("8.8.8.8", "10.0.0.1"))

    assert refusal(links, "http://photos.test/").reason == "the host's address is not an allowed one"


def test_a_name_is_looked_up_once_and_that_very_address_is_connected_to(server: LinkServer) -> None:
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])  # a second question would get another answer
    links = Links(HOME, lookup=lambda _host, _port: next(answers))

    assert links.fetch(f"http://photos.test:{server.port}/", 5.0, 1000) == PHOTO
    assert f"Host: photos.test:{server.port}" in server.received[0].split("\r\n")
    assert list(answers) == [["127.0.0.2"]]


def test_an_address_that_does_not_answer_leaves_the_next_its_turn(server: LinkServer) -> None:
    links = Links(Limits(uri_nets=("127.0.0.0/24",)), lookup=knows("127.0.0.3", "127.0.0.1"))

    assert links.fetch(f"http://photos.test:{server.port}/", 5.0, 1000) == PHOTO


def test_an_address_that_swallows_everything_leaves_the_next_its_time(server: LinkServer) -> None:
    links = Links(Limits(uri_nets=("127.0.0.0/24",)), lookup=knows("127.0.0.3", "127.0.0.1"))
    with ExitStack() as opened:
        full = opened.enter_context(socket.create_server(("127.0.0.3", server.port), backlog=0))
        for _ in range(4):  # more than wait in its queue: the next is neither taken nor refused
            waiting = opened.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())

        assert links.fetch(f"http://photos.test:{server.port}/", 2.0, 1000) == PHOTO


def test_a_redirect_looks_its_name_up_again() -> None:
    names = {"first.test": ["127.0.0.1"], "second.test": ["127.0.0.2"]}
    links = Links(HOME, lookup=lambda host, _port: names[host])
    with LinkServer(moves("http://second.test/")) as server:
        refused = refusal(links, f"http://first.test:{server.port}/")

    assert refused.reason == "after a redirect: the host's address is not an allowed one"


def test_a_name_that_nobody_knows_is_refused() -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise OSError

    assert refusal(Links(HOME, lookup=nobody), "http://photos.test/").reason == "the host is not known"
    assert refusal(Links(HOME, lookup=knows()), "http://photos.test/").reason == "the host has no address"


def test_a_look_up_that_hangs_is_given_up_and_only_so_many_hang() -> None:
    over, asked = threading.Event(), threading.Semaphore(0)

    def hangs(host: str, port: int) -> list[str]:
        asked.release()
        over.wait(30)
        return []

    links = Links(HOME, lookup=hangs)
    try:
        reasons = {refusal(links, "http://photos.test/", 0.02).reason for _ in range(LOOKUPS_MAX + 5)}
        begun = [asked.acquire(timeout=10) for _ in range(LOOKUPS_MAX)]
    finally:
        over.set()

    assert reasons == {"not complete within 0.02 s"}
    assert all(begun)
    assert not asked.acquire(blocking=False)


def test_tls_asks_for_the_name_and_checks_it_although_an_address_is_connected_to(tmp_path: Path) -> None:
    pem = certificate(tmp_path, "photos.test")
    links = Links(HOME, lookup=knows("127.0.0.1"), authorities=str(pem))
    with LinkServer(says(200, PHOTO), pem=pem) as server:
        assert links.fetch(f"https://photos.test:{server.port}/", 5.0, 1000) == PHOTO
        assert refusal(links, f"https://other.test:{server.port}/").reason == NOT_TRUSTED
        assert refusal(links, f"https://127.0.0.1:{server.port}/").reason == NOT_TRUSTED
        assert server.names[:2] == ["photos.test", "other.test"]
        assert len(server.received) == 1


def test_a_certificate_that_signed_itself_is_refused(tmp_path: Path) -> None:
    with LinkServer(says(200, PHOTO), pem=certificate(tmp_path, "photos.test")) as server:
        refused = refusal(Links(HOME, lookup=knows("127.0.0.1")), f"https://photos.test:{server.port}/")

        assert refused.reason == NOT_TRUSTED
        assert server.received == []


def test_https_at_a_server_without_tls_is_refused() -> None:
    with LinkServer(goes_on(b"", b"HTTP/1.1 400 Bad\r\n\r\n", pause_s=0.01)) as server:
        refused = refusal(Links(HOME), server.url.replace("http", "https"), 1.0)

    assert refused.reason.startswith(("the connection failed: TLS", "not complete within"))


@pytest.mark.parametrize(
    "act",
    [
        moves("http://secret-host.test/secret?secret"),
        moves("http://[secret"),
        moves("secret://x"),
        says(200, b"secret", {"Transfer-Encoding": "chunked"}),
        lambda _server, connection, _path: connection.sendall(b"secret\r\n\r\n"),
    ],
)
def test_neither_a_refusal_nor_its_traceback_repeats_the_link_or_the_answer(act: object) -> None:
    with LinkServer(act) as server:  # type: ignore[arg-type]
        links = Links(HOME, lookup=lambda host, _port: ["127.0.0.1" if "first" in host else "127.0.0.2"])
        refused = refusal(links, f"http://first-secret.test:{server.port}/secret?token=secret")
        told = "".join(traceback.format_exception(refused)).split("LinkRefused: ")[-1] + refused.reason

    assert "secret" not in told
    assert "127.0.0" not in told
    assert refused.__cause__ is None
    assert refused.__suppress_context__  # the libraries' own errors name the host


@pytest.mark.parametrize(
    "url", ["http://secret:secret@a/", "http://[secret/", "http://a:secret/", "secret:x", "http://a/secret b"]
)
def test_a_malformed_link_is_not_repeated(url: str) -> None:
    refused = refusal(Links(HOME), url)

    assert "secret" not in "".join(traceback.format_exception(refused)).replace(__file__, "")
