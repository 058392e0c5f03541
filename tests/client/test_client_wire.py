"""What leaves the client: the contract's form, the raw token, and nothing that the environment or a server slips in."""

import json

import pytest
from faulty_server import HANDLED, FaultyServer, says_json

from facematch.client import FaceMatchClient, Photo
from facematch.errors import RequestInvalid

ANY = Photo(b"any")


def head(request: bytes) -> list[str]:
    return request.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")


def test_the_request_has_the_contracts_form(client_of, token):
    with FaultyServer(says_json(200, HANDLED)) as server:
        result = client_of(server.url + "/").match(Photo(b"reference"), Photo(b"probe"))

    lines, body = head(server.received[0]), server.received[0].partition(b"\r\n\r\n")[2]
    assert lines[0] == "POST /tech/ai/face/match HTTP/1.1"
    assert f"Authorization: {token}" in lines  # raw: no Bearer
    assert "Content-Type: application/json" in lines
    assert f"Content-Length: {len(body)}" in lines
    assert f"X-Request-Id: {result.request_id}" in lines
    assert json.loads(body) == {
        "image": {"origin": "self", "data": "cmVmZXJlbmNl"},
        "faceData": {"type": "image", "origin": "self", "data": "cHJvYmU="},
    }


def test_neither_proxy_nor_netrc_of_the_environment_is_used(client_of, token, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with FaultyServer(says_json(200, HANDLED)) as server:
        client_of(server.url).match(ANY, ANY)

    assert [line for line in head(server.received[0]) if line.startswith("Auth")] == [f"Authorization: {token}"]


def test_no_cookie_is_kept(client_of):
    with FaultyServer(says_json(200, HANDLED, {"Set-Cookie": "session=tracked; Path=/"})) as server:
        client = client_of(server.url)
        client.match(ANY, ANY)
        client.match(ANY, ANY)

    assert len(server.received) == 2
    assert not any("cookie" in str(head(request)).lower() for request in server.received)


def test_white_space_around_the_token_does_not_count(client_of, token):
    with FaultyServer(says_json(200, HANDLED)) as server:
        client_of(server.url, token=f"  {token}\r\n").match(ANY, ANY)

    assert f"Authorization: {token}" in head(server.received[0])


@pytest.mark.parametrize("nothing", [None, "", " \n"])
def test_without_a_token_no_authorization_is_sent(nothing, client_of):
    with FaultyServer(says_json(200, HANDLED)) as server:
        client_of(server.url, token=nothing).match(ANY, ANY)

    assert "authorization" not in str(head(server.received[0])).lower()


@pytest.mark.parametrize("token", ["令牌-secret", "sécret", "secret\r\nX-Injected: 1", "secret\x00"])
def test_a_token_no_header_can_carry_is_refused_without_being_quoted(token):
    with pytest.raises(RequestInvalid, match="token") as caught:
        FaceMatchClient("http://127.0.0.1", token)

    assert "cret" not in str(caught.value)


def test_no_repr_shows_a_token_or_a_photo(client, token):
    shown = f"{client!r} {vars(client)!r} {vars(client.local)!r} {Photo(b'secret bytes')!r}"

    assert token not in shown
    assert "secret bytes" not in shown
