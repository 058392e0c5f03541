"""What an inspection tells of a server, and what it leaves undone."""

import pytest
from faulty_server import FaultyServer, hangs, message, says_json

from facematch.client import ConnectFailed, DeadlineExceeded, FaceMatchClient, inspection


def test_our_service_is_known_and_its_token_is_told_right_or_wrong(scripted_service, token):
    with FaceMatchClient(scripted_service.url, token) as client:
        found = client.inspect()
    with FaceMatchClient(scripted_service.url, "another-token-than-that") as client:
        refused = client.inspect()
    with FaceMatchClient(scripted_service.url) as client:
        without = client.inspect()

    assert (found.error, found.token, found.http_status, found.tls) == (None, "accepted", 200, None)
    assert found.health.offers
    assert found.connect_ms > 0
    assert (refused.token, without.token) == ("refused", "none")


def test_a_server_that_is_not_ours_never_gets_the_token(token):
    with FaultyServer(says_json(200, {"name": "some other product"})) as server:
        with FaceMatchClient(server.url, token) as client:
            found = client.inspect()

        assert (found.health, found.token) == (None, "unknown")
        assert token.encode() not in b"".join(server.received)


@pytest.mark.parametrize(("status", "word"), [(302, "is_elsewhere"), (503, "is_failing")])
def test_a_redirect_and_a_failing_server_are_told_apart(status, word):
    answer = message(status, b"", {"Location": "http://elsewhere.invalid/"})

    def act(server, connection, request):
        connection.sendall(answer)

    with FaultyServer(act) as server, FaceMatchClient(server.url, "some-token-of-somebody") as client:
        found = client.inspect()

    assert {name: getattr(found, name) for name in ("is_elsewhere", "is_failing")} == {
        "is_elsewhere": word == "is_elsewhere",
        "is_failing": word == "is_failing",
    }


def test_where_nobody_answers_the_error_is_told_and_not_raised():
    with FaceMatchClient("http://127.0.0.1:9", "some-token-of-somebody") as client:
        found = client.inspect()

    assert isinstance(found.error, ConnectFailed)
    assert found.health is None


def test_a_server_that_hangs_is_not_waited_for_as_long_as_a_call_may_take(monkeypatch):
    monkeypatch.setattr(inspection, "LONGEST_S", 0.3)
    with FaultyServer(hangs) as server, FaceMatchClient(server.url, timeout_s=3600.0) as client:
        found = client.inspect()

    assert isinstance(found.error, DeadlineExceeded)
    assert 300 <= found.elapsed_ms < 60_000


def test_a_token_that_cannot_be_had_is_told(scripted_service):
    def locked():
        raise OSError("locked")

    with FaceMatchClient(scripted_service.url, token_source=locked) as client:
        found = client.inspect()

    assert (found.error, found.token) == (None, "failed")
    assert found.token_error is not None
