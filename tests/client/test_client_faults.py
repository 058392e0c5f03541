"""Whatever a server does wrong has one error class, leaves one row, and betrays nothing."""

import logging
import socket
import tracemalloc
from base64 import b64encode

import pytest
from faulty_server import (
    HANDLED,
    FaultyServer,
    closes,
    drips,
    echoes,
    floods,
    gzip_bomb,
    hangs,
    message,
    refuses,
    resets_after,
    says,
    says_json,
    sips,
)

from facematch.client import Photo
from facematch.errors import (
    AuthError,
    BusinessError,
    CallError,
    ConnectFailed,
    ConnectionLost,
    DeadlineExceeded,
    HttpStatusError,
    InvalidResponse,
    RateLimited,
    RedirectRefused,
    RequestInvalid,
    ResponseTooLarge,
    ServerError,
    TransportError,
)

SECRET_PHOTO = Photo(bytes(range(256)))
BIG_PHOTO = Photo(bytes(12 * 2**20))  # more than the sockets' buffers hold
BASE64 = b64encode(SECRET_PHOTO.data).decode()
HTML = b"<html><body>Internal Server Error</body></html>"
IN_GBK = {"Content-Type": "text/html; charset=gbk"}
HALF = message(200, b'{"errcode": 0, ', {"Content-Length": "400"})
CHUNKED = message(200, b"5\r\n{'a':\r\n", {"Transfer-Encoding": "chunked", "Content-Length": "0"})
CHUNKED = CHUNKED.replace(b"Content-Length: 0\r\n", b"")


def speaks_no_http(server, connection, request):
    connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")


# name: (what the server does, error, outcome, http_status, errcode)
FAULTS = {
    "closes before answering": (closes, ConnectionLost, "connect_error", None, None),
    "resets": (resets_after(b""), ConnectionLost, "connect_error", None, None),
    "resets within the body": (resets_after(HALF), ConnectionLost, "connect_error", None, None),
    "ends before its length": (says(200, b"{}", {"Content-Length": "9"}), ConnectionLost, "connect_error", None, None),
    "ends within the chunks": (resets_after(CHUNKED), ConnectionLost, "connect_error", None, None),
    "speaks no HTTP": (speaks_no_http, InvalidResponse, "bad_response", None, None),
    "hangs": (hangs, DeadlineExceeded, "timeout", None, None),
    "drips": (drips, DeadlineExceeded, "timeout", None, None),
    "HTML at 500": (says(500, HTML), ServerError, "http_error", 500, None),
    "HTML in GBK at 502": (says(502, "网关错误".encode("gbk"), IN_GBK), ServerError, "http_error", 502, None),
    "errcode 4 at 500": (refuses(500, 4), ServerError, "biz_error", 500, 4),
    "401 bare": (says(401), AuthError, "http_error", 401, None),
    "403 bare": (says(403), AuthError, "http_error", 403, None),
    "401 with envelope": (refuses(401, 40102), AuthError, "biz_error", 401, 40102),
    "40101 at 200": (refuses(200, 40101), AuthError, "biz_error", 200, 40101),
    "404": (says(404, HTML), HttpStatusError, "http_error", 404, None),
    "404 JSON without errcode": (says_json(404, {"detail": "no"}), HttpStatusError, "http_error", 404, None),
    "413 bare": (says(413), HttpStatusError, "http_error", 413, None),
    "413 with envelope": (refuses(413, 2102), BusinessError, "biz_error", 413, 2102),
    "429": (says(429, b"", {"Retry-After": "7"}), RateLimited, "http_error", 429, None),
    "429 by errcode": (refuses(200, 16), RateLimited, "biz_error", 200, 16),
    "2012 at 200": (refuses(200, 2012), BusinessError, "biz_error", 200, 2012),
    "unknown errcode": (refuses(200, 987654), BusinessError, "biz_error", 200, 987654),
    "status FAIL at errcode 0": (refuses(200, 0), BusinessError, "biz_error", 200, 0),
    "empty 200": (says(200), InvalidResponse, "bad_response", 200, None),
    "204": (says(204), InvalidResponse, "bad_response", 204, None),
    "HTML at 200": (says(200, HTML), InvalidResponse, "bad_response", 200, None),
    "a key twice": (says(200, b'{"errcode": 1003, "errcode": 0}'), InvalidResponse, "bad_response", 200, None),
    "no verdict": (says_json(200, HANDLED | {"data": {"status": "SUCCESS"}}), InvalidResponse, "bad_response", 200, 0),
    "deep nesting": (says(200, b"[" * 100_000), InvalidResponse, "bad_response", 200, None),
    "broken gzip": (says(200, b"no gzip", {"Content-Encoding": "gzip"}), InvalidResponse, "bad_response", None, None),
    "gzip bomb": (gzip_bomb(32 * 2**20), ResponseTooLarge, "bad_response", None, None),
    "a terabyte": (floods, ResponseTooLarge, "bad_response", None, None),
    "echo of the request": (echoes, BusinessError, "biz_error", 200, 2),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_has_one_error_and_one_row_and_betrays_nothing(fault, client_of, rows, token, caplog):
    act, kind, outcome, http_status, errcode = FAULTS[fault]
    caplog.set_level(logging.DEBUG)
    with FaultyServer(act) as server:
        client = client_of(server.url, timeout_s=0.3 if act in (hangs, drips) else 5.0, attempts=1)
        with pytest.raises(CallError) as caught:
            client.match(SECRET_PHOTO, SECRET_PHOTO)

    error, (row,) = caught.value, rows()
    assert type(error) is kind
    assert error.sent is not False
    assert (row["outcome"], row["http_status"], row["errcode"]) == (outcome, http_status, errcode)
    assert (row["env"], row["endpoint"], row["mode"]) == ("faulty", "match", "photo")
    assert (row["request_id"], error.http_status, error.endpoint) == (error.request_id, http_status, "match")
    everything = f"{error}{vars(error)}{client!r}{row}{caplog.text}"
    assert token not in everything
    assert BASE64 not in everything
    assert len(server.received) == 1  # nothing is sent twice by itself


def test_a_refused_connection_was_surely_not_handled(client_of, rows):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: nobody else gets the port meanwhile
        client = client_of(f"http://127.0.0.1:{taken.getsockname()[1]}", attempts=1)
        with pytest.raises(ConnectFailed, match="refused") as caught:
            client.match(SECRET_PHOTO, SECRET_PHOTO)

    assert caught.value.sent is False
    assert [(row["outcome"], row["http_status"]) for row in rows()] == [("connect_error", None)]


def test_a_name_that_does_not_exist_was_surely_not_handled(client_of):
    with pytest.raises(ConnectFailed) as caught:
        client_of("http://no-such-host.invalid", attempts=1).live_code()

    assert caught.value.sent is False


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "127.0.0.1:80", "http://", "http://[::1", "http://a..b"])
def test_an_address_that_cannot_be_used_is_refused_here_and_leaves_a_row(url, client_of, rows):
    with pytest.raises(RequestInvalid, match="address"):
        client_of(url).live_code()

    assert [row["outcome"] for row in rows()] == ["request_invalid"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("to", ["http://127.0.0.1:{port}/", "http://[", "ftp://x"])
def test_a_redirect_is_refused_and_nothing_follows_it(status, to, client_of, rows):
    with FaultyServer(says_json(200, HANDLED)) as elsewhere:
        location = to.replace("{port}", elsewhere.url.rpartition(":")[2])
        with (
            FaultyServer(says(status, b"moved", {"Location": location})) as server,
            pytest.raises(RedirectRefused, match=str(status)),
        ):
            client_of(server.url).match(SECRET_PHOTO, SECRET_PHOTO)

    assert elsewhere.received == []
    assert [(row["outcome"], row["http_status"]) for row in rows()] == [("bad_response", status)]


def test_a_redirect_with_an_endless_body_is_not_read_to_its_end(client_of):
    def act(server, connection, request):
        head = {"Location": "http://127.0.0.1:9/", "Content-Length": str(2**40)}
        connection.sendall(message(302, headers=head))
        floods(server, connection, request)

    with FaultyServer(act) as server, pytest.raises(InvalidResponse):
        client_of(server.url).match(SECRET_PHOTO, SECRET_PHOTO)


@pytest.mark.parametrize(
    ("text", "seconds"), [("7", 7.0), ("86400", 86400.0), ("soon", None), ("Sun, 22 Nov 2026 12:00:05 GMT", 5.0)]
)
def test_a_rate_limit_says_when_to_come_back_if_the_server_did(text, seconds, client_of):
    told = {"Retry-After": text, "Date": "Sun, 22 Nov 2026 12:00:00 GMT"}
    with FaultyServer(says(429, b"", told)) as server, pytest.raises(RateLimited) as caught:
        client_of(server.url, attempts=1).live_code()

    assert caught.value.retry_after_s == seconds


@pytest.mark.parametrize("act", [gzip_bomb(64 * 2**20), floods], ids=["gzip bomb", "a terabyte"])
def test_an_answer_without_end_does_not_fill_the_memory(act, client_of):
    with FaultyServer(act) as server:
        client = client_of(server.url)
        tracemalloc.start()
        try:
            with pytest.raises(ResponseTooLarge):
                client.live_code()
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert peak < 16 * 2**20


def test_a_server_that_stops_reading_runs_into_the_deadline(client_of, rows):
    with FaultyServer(hangs, reads=False) as server, pytest.raises(DeadlineExceeded) as caught:
        client_of(server.url, timeout_s=0.3).match(BIG_PHOTO, BIG_PHOTO)

    assert caught.value.sent is True
    assert [row["outcome"] for row in rows()] == ["timeout"]


def test_a_server_that_reads_too_slowly_runs_into_the_deadline(client_of, rows):
    with FaultyServer(sips(0.01), reads=False) as server, pytest.raises(DeadlineExceeded, match="taken") as caught:
        client_of(server.url, timeout_s=0.3).match(BIG_PHOTO, BIG_PHOTO)

    assert caught.value.sent is True
    assert [row["outcome"] for row in rows()] == ["timeout"]


def test_sending_may_take_longer_than_connecting(client_of):
    with FaultyServer(sips(0.001), reads=False) as server:  # 512 gulps with a pause of 1 ms each
        result = client_of(server.url, connect_timeout_s=0.2, timeout_s=30.0).match(BIG_PHOTO, BIG_PHOTO)

    assert result.passed


def test_every_transport_error_says_whether_the_request_may_have_been_handled():
    with pytest.raises(TypeError, match="sent"):
        TransportError("no answer")


def test_a_refusal_tells_what_the_server_said(client_of, rows):
    with (
        FaultyServer(refuses(200, 2010, "faceData: 无人脸 | no face")) as server,
        pytest.raises(BusinessError) as caught,
    ):
        client_of(server.url).match(SECRET_PHOTO, SECRET_PHOTO)

    error = caught.value
    assert (error.errcode, error.status, error.side) == (2010, "FAIL", "faceData")
    assert error.trace_no == rows()[0]["trace_no"] == "00000000000000000001"
    assert rows()[0]["errmsg"] == error.errmsg == "faceData: 无人脸 | no face"


def test_what_a_server_says_in_an_undeclared_chinese_charset_is_read(client_of):
    body = '{"errcode": 2010, "errmsg": "无人脸"}'.encode("gbk")
    with (
        FaultyServer(says(200, body, {"Content-Type": "text/html"})) as server,
        pytest.raises(BusinessError) as caught,
    ):
        client_of(server.url).live_code()

    assert caught.value.errmsg == "无人脸"
