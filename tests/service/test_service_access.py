"""Who may call and how much they may send; every refusal is an envelope."""

import ast
import inspect
import json
import socket
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from facematch.client import FaceMatchClient, Photo
from facematch.errors import BusinessError
from facematch.service import Server, access

STRANGER = "not-the-token"
NOT_OBJECTS = (
    *(b"{", b"[]", b"null", b'"text"', b"3", b"\xff", b'{"a": NaN}', b"{'a': 1}"),
    *(b"[" * 5000, "\ufeff{}".encode()),
)
ROUTES = [
    ("POST", "/tech/ai/face/match"),
    ("POST", "/tech/ai/face/match/idno"),
    ("POST", "/tech/ai/face/match/validateData"),
    ("GET", "/local/evidence/00000000000000000000"),
]


def talk(server: Server, *parts: bytes) -> bytes:
    """Send *parts* as they are and read what comes back, without ending the request."""
    address = urlsplit(server.url)
    with closing(socket.create_connection((address.hostname, address.port), timeout=10)) as connection:
        for part in parts:
            connection.sendall(part)
        answer = connection.recv(65536)
        while b"}}" not in answer:
            answer += connection.recv(65536)
    return answer


def request_head(token: str, *lines: str) -> bytes:
    head = ["POST /tech/ai/face/match HTTP/1.1", "Host: localhost", f"Authorization: {token}", *lines, "", ""]
    return "\r\n".join(head).encode()


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize(
    ("given", "errcode"),
    [
        (None, 40101),
        ("", 40101),
        ("wrong", 40102),
        ("Bearer a-token-nobody-may-read-0123456789", 40102),
        ("a-token-nobody-may-read-012345678", 40102),
        ("A-TOKEN-NOBODY-MAY-READ-0123456789", 40102),
        ("tökén", 40102),
    ],
)
def test_without_the_right_token_every_route_answers_401(method, path, given, errcode, send):
    given = given if given is None else given.encode("latin-1")

    answer = send(path, b"{}", method=method, token=given)

    assert (answer.status, answer.errcode) == (401, errcode)


def test_a_wrong_token_is_refused_before_the_body_is_looked_at(send):
    assert send(body=b"not json", token=STRANGER).errcode == 40102


def test_white_space_around_the_token_does_not_count(scripted_service, token):
    body = request_head(f"  {token}\t", "Content-Length: 2") + b"{}"

    assert b'"errcode":1,' in talk(scripted_service, body)


def test_tokens_are_compared_in_constant_time():
    tree = ast.parse(inspect.getsource(access.Gate))
    called = {node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and hasattr(node.func, "attr")}

    assert "compare_digest" in called
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Compare)]


def test_a_body_declared_too_large_is_refused_before_a_byte_of_it_came(scripted_service, token):
    answer = talk(scripted_service, request_head(token, f"Content-Length: {16 * 2**20 + 1}"))

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"errcode":2102' in answer


def test_a_body_that_grows_too_large_is_refused_while_it_is_still_coming(small_service, token):
    chunk = b"400\r\n" + b" " * 0x400 + b"\r\n"

    answer = talk(small_service, request_head(token, "Transfer-Encoding: chunked"), chunk)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"errcode":2102' in answer


def test_a_body_at_the_limit_is_read(small_service, send_to):
    wire = {"image": {"data": "YW55"}, "faceData": {"type": "image", "data": "MC44"}}
    body = json.dumps(wire).encode().ljust(1000)

    assert send_to(small_service, body=body).errcode == 0
    assert send_to(small_service, body=body + b" ").status == 413
    assert send_to(small_service, body=iter([body])).errcode == 0
    assert send_to(small_service, body=iter([body, b" "])).status == 413


def test_a_body_that_never_comes_whole_is_given_up_and_the_connection_closed(scripted_service, token, monkeypatch):
    monkeypatch.setattr(access, "BODY_TIMEOUT_S", 0.2)

    answer = talk(scripted_service, request_head(token, "Content-Length: 1000"), b'{"image"')

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"\r\nconnection: close\r\n" in answer
    assert b'"errcode":3,' in answer
    assert b"the request's body did not arrive in time" in answer


def test_the_client_hears_that_its_body_was_too_large(scripted_service, token):
    big = Photo(bytes(7 * 2**20))
    with FaceMatchClient(scripted_service.url, token) as client, pytest.raises(BusinessError) as caught:
        client.match(big, big)

    assert (caught.value.http_status, caught.value.errcode) == (413, 2102)


@pytest.mark.parametrize("body", NOT_OBJECTS)
def test_what_is_no_json_object_is_errcode_3(body, send):
    answer = send(body=body)

    assert (answer.status, answer.errcode) == (200, 3)


def test_an_empty_body_is_an_empty_object(send):
    assert send(body=b"").errcode == send(body=b" \n").errcode == send(body={}).errcode == 1


def test_a_caller_who_leaves_in_the_middle_does_not_harm_the_next(scripted_service, token, send):
    address = urlsplit(scripted_service.url)
    with closing(socket.create_connection((address.hostname, address.port))) as connection:
        connection.sendall(request_head(token, "Content-Length: 1000") + b'{"image"')

    assert send("/tech/ai/face/match/validateData", b"").errcode == 0


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("POST", "/tech/ai/face/match/", 404),
        ("POST", "/tech/ai/face", 404),
        ("GET", "/local/evidence", 404),
        ("GET", "/local/../etc/passwd", 404),
        ("GET", "/tech/ai/face/match", 405),
        ("PUT", "/tech/ai/face/match/idno", 405),
        ("POST", "/local/health", 405),
    ],
)
def test_an_unknown_path_or_method_gets_an_envelope_too(method, path, status, send):
    answer = send(path, method=method)

    assert (answer.status, answer.errcode) == (status, 2)
