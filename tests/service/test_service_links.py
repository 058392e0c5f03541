"""Links against a real server on loopback; the addresses that nobody may reach are in test_service_link_addresses."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from link_server import DRIP_S, LinkServer, goes_on, moves, reply, says, says_no_more, serves, writes

from facematch.limits import Limits
from facematch.service.links import REDIRECTS_MAX, LinkRefused, Links

HOME = ("127.0.0.1/32",)
PHOTO = bytes(range(256)) * 40
ENDLESS = {"Content-Length": ""}
MANY_HEADERS = "the answer is not whole, or is not HTTP"  # a hundred of them may come before the time is over


def links(*nets: str) -> Links:
    return Links(Limits(uri_nets=nets or HOME))


def fetch(url: str, *, seconds: float = 5.0, max_bytes: int = 100_000) -> bytes:
    return links().fetch(url, seconds, max_bytes)


def refusal(url: str, reader: Links | None = None, *, seconds: float = 5.0, max_bytes: int = 100_000) -> LinkRefused:
    with pytest.raises(LinkRefused) as caught:
        (reader or links()).fetch(url, seconds, max_bytes)
    return caught.value


@pytest.fixture
def photo_server() -> Iterator[LinkServer]:
    with LinkServer(says(200, PHOTO)) as server:
        yield server


def test_a_link_into_an_allowed_network_gives_its_bytes(photo_server: LinkServer) -> None:
    assert fetch(f"{photo_server.url}/a.jpg") == PHOTO


def test_every_link_is_refused_while_links_are_off(photo_server: LinkServer) -> None:
    assert refusal(photo_server.url, Links(Limits())).reason == "links are switched off here"
    assert photo_server.received == []


def test_the_request_says_only_what_it_must(photo_server: LinkServer) -> None:
    fetch(f"{photo_server.url}/照片/a b.jpg?x=1&y=%20#part".replace(" ", "%20"))
    first, *headers = photo_server.received[0].strip().split("\r\n")

    assert first == "GET /%E7%85%A7%E7%89%87/a%20b.jpg?x=1&y=%20 HTTP/1.1"
    assert {header.partition(":")[0] for header in headers} == {
        *("Host", "User-Agent", "Accept", "Accept-Encoding", "Connection")
    }
    assert f"Host: 127.0.0.1:{photo_server.port}" in headers
    assert "Accept-Encoding: identity" in headers


def test_the_environment_s_proxy_and_netrc_do_not_count(
    photo_server: LinkServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\n")
    with LinkServer(says(200, b"from the proxy")) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("NETRC", str(netrc))

        assert fetch(photo_server.url) == PHOTO
        assert proxy.received == []
    assert "Authorization" not in photo_server.received[0]


def test_redirects_are_followed_up_to_the_limit() -> None:
    chain = {f"/{n}": reply(301 + n % 2, headers={"Location": f"{n + 1}"}) for n in range(REDIRECTS_MAX)}
    with LinkServer(serves({**chain, f"/{REDIRECTS_MAX}": reply(200, PHOTO)})) as server:
        assert fetch(f"{server.url}/0") == PHOTO


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_loop_of_redirects_ends(status: int) -> None:
    with LinkServer(moves("/again", status)) as server:
        assert refusal(server.url).reason == "more than 3 redirects"
        assert len(server.received) == REDIRECTS_MAX + 1


def test_a_cookie_is_not_sent_back() -> None:
    pages = {"/": reply(302, headers={"Location": "/b", "Set-Cookie": "a=b; Path=/"}), "/b": reply(200, PHOTO)}
    with LinkServer(serves(pages)) as server:
        assert fetch(server.url) == PHOTO
        assert "cookie" not in server.received[1].lower()


def test_a_redirect_to_an_address_that_is_not_allowed_is_refused() -> None:
    with LinkServer(says(200, b"inside")) as inside:
        with LinkServer(moves(f"{inside.url}/secret"), address="127.0.0.2") as outside:
            refused = refusal(outside.url, links("127.0.0.2/32"))

        assert refused.reason == "after a redirect: the host's address is not an allowed one"
        assert inside.received == []


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("file:///etc/passwd", "only http and https are fetched"),
        ("ftp://127.0.0.1/a", "only http and https are fetched"),
        ("gopher://127.0.0.1:6379/_INFO", "only http and https are fetched"),
        ("data:text/plain,inside", "only http and https are fetched"),
        ("http://somebody:something@127.0.0.1/", "the link has user information in it"),
        ("//127.0.0.3/", "the host's address is not an allowed one"),
        ("http://[::1]/", "the host's address is not an allowed one"),
        ("http://[::1/", "the link is malformed"),
        ("http://127.0.0.1:99999/", "the link is malformed"),
    ],
)
def test_a_redirect_is_held_to_the_same_rules(to: str, reason: str) -> None:
    with LinkServer(moves(to)) as server:
        assert refusal(server.url).reason == f"after a redirect: {reason}"


def test_a_redirect_to_nowhere_is_refused() -> None:
    with LinkServer(says(302)) as server:
        assert refusal(server.url).reason == "a redirect without a Location"


@pytest.mark.parametrize("status", [201, 204, 206, 304, 400, 401, 403, 404, 410, 429, 500, 503])
def test_any_other_status_is_refused_and_named(status: int) -> None:
    with LinkServer(says(status, headers={"Content-Length": "0"})) as server:
        assert refusal(server.url).reason == f"HTTP status {status}"


@pytest.mark.parametrize("headers", [{}, ENDLESS, {"Content-Length": str(10**12)}])
def test_a_body_beyond_the_limit_is_refused_while_it_comes(headers: dict[str, str]) -> None:
    with LinkServer(goes_on(reply(200, headers={**ENDLESS, **headers}), b"x" * 50_000)) as server:
        refused = refusal(server.url)

    assert (refused.reason, refused.too_large) == ("more than 100,000 bytes", True)


def test_a_body_declared_beyond_the_limit_is_refused_unread() -> None:
    with LinkServer(says_no_more(reply(200, headers={"Content-Length": "100001"}))) as server:
        assert refusal(server.url, seconds=10.0).too_large


def test_a_body_beyond_the_limit_is_too_large_after_a_redirect_too() -> None:
    pages = {"/": reply(302, headers={"Location": "/b"}), "/b": reply(200, b"x" * 100_001)}
    with LinkServer(serves(pages)) as server:
        refused = refusal(server.url)

    assert (refused.reason, refused.too_large) == ("after a redirect: more than 100,000 bytes", True)


def test_a_body_as_long_as_the_limit_is_taken(photo_server: LinkServer) -> None:
    assert fetch(photo_server.url, max_bytes=len(PHOTO)) == PHOTO
    assert refusal(photo_server.url, max_bytes=len(PHOTO) - 1).too_large


@pytest.mark.parametrize(
    "act",
    [
        says_no_more(),
        goes_on(b"H", b"T", pause_s=DRIP_S),
        goes_on(b"HTTP/1.1 200 OK\r\nX: ", b"x", pause_s=DRIP_S),
        goes_on(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", pause_s=DRIP_S),
        goes_on(b"", b"HTTP/1.1 100 Continue\r\n\r\n", pause_s=DRIP_S),
        goes_on(reply(200, headers={"Content-Length": "9999"}), b"x", pause_s=DRIP_S),
        goes_on(
            reply(200, headers={"Content-Length": "", "Transfer-Encoding": "chunked"}), b"1\r\nx\r\n", pause_s=DRIP_S
        ),
    ],
    ids=["silence", "status", "header", "headers", "continue", "body", "chunks"],
)
def test_a_server_that_drips_is_given_up_when_the_time_is_over(act: object) -> None:
    with LinkServer(act) as server:  # type: ignore[arg-type]
        assert refusal(server.url, seconds=0.3).reason in ("not complete within 0.3 s", MANY_HEADERS)


def test_redirects_share_one_time() -> None:
    slow = {f"/{n}": reply(302, headers={"Location": f"/{n + 1}"}) for n in range(REDIRECTS_MAX)}
    slow[f"/{REDIRECTS_MAX}"] = reply(200, PHOTO)

    def act(server: LinkServer, connection: object, path: str) -> None:
        server.stopping.wait(0.4)
        serves(slow)(server, connection, path)  # type: ignore[arg-type]

    with LinkServer(act) as server:
        assert refusal(f"{server.url}/0", seconds=1.0).reason.endswith("not complete within 1 s")


def test_a_compressed_answer_is_refused() -> None:
    bomb = gzip.compress(bytes(10_000_000))
    with LinkServer(says(200, bomb, {"Content-Encoding": "gzip"})) as server:
        assert refusal(server.url).reason == "the answer is compressed"


@pytest.mark.parametrize(
    "answer",
    [
        reply(200, PHOTO, {"Content-Length": str(len(PHOTO) + 1)}),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n9\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"",
    ],
    ids=["short", "half a chunk", "no chunk", "ssh", "no status", "nothing"],
)
def test_an_answer_that_is_not_whole_is_refused(answer: bytes) -> None:
    with LinkServer(writes(answer)) as server:
        assert "whole" in refusal(server.url).reason


def test_what_comes_after_the_declared_length_is_not_read() -> None:
    with LinkServer(says(200, PHOTO + b"more", {"Content-Length": str(len(PHOTO))})) as server:
        assert fetch(server.url) == PHOTO


def test_chunks_are_put_together() -> None:
    chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n3;x=y\r\ntwo\r\n0\r\n\r\n"
    with LinkServer(writes(chunks)) as server:
        assert fetch(server.url) == b"onetwo"


def test_a_port_where_nobody_listens_is_refused() -> None:
    with LinkServer(says(200)) as gone:
        pass

    assert refusal(gone.url).reason == "the connection failed: Connection refused"
