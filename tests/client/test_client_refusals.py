"""What a client refuses: an address with a name in it, times and numbers that are none, an answer to somebody else."""

import math
import traceback

import pytest
from faulty_server import HANDLED, FaultyServer, message, routes, says_json, tells
from requests.structures import CaseInsensitiveDict

from facematch.client import FaceMatchClient, Match, Pending, Photo
from facematch.client.answers import read_answer
from facematch.client.transport import Reply
from facematch.errors import BusinessError, InvalidResponse, RequestInvalid

URL = "http://127.0.0.1:9"
NO_TIMES = [0, -1, 0.0, math.nan, math.inf, -math.inf, 1e12, 8 * 86_400]
TRACE = "12345678901234567890"
RESULT = f"GET /local/results/{TRACE}"


@pytest.mark.parametrize("option", ["timeout_s", "connect_timeout_s"])
@pytest.mark.parametrize("seconds", NO_TIMES)
def test_a_time_that_is_none_is_refused_and_named(option, seconds):
    with pytest.raises(RequestInvalid, match=f"^{option} "):
        FaceMatchClient(URL, **{option: seconds})


@pytest.mark.parametrize("seconds", [0.001, 1, 7 * 86_400])
def test_any_other_time_is_taken(seconds):
    with FaultyServer(says_json(200, HANDLED)) as server:
        FaceMatchClient(URL, timeout_s=seconds, connect_timeout_s=seconds).close()
        with FaceMatchClient(server.url, timeout_s=max(seconds, 5), connect_timeout_s=max(seconds, 5)) as client:
            assert client.match(Photo(b"any"), Photo(b"any")).passed


@pytest.mark.parametrize("attempts", [0, -1])
def test_less_than_one_attempt_is_refused(attempts):
    with pytest.raises(RequestInvalid, match="attempt"):
        FaceMatchClient(URL, attempts=attempts)


@pytest.mark.parametrize(
    "address",
    [
        "http://u:secretpw@127.0.0.1:9",
        "http://secretpw@127.0.0.1:9/base",
        "https://u:se/secretpw@host",
        "http://u:se#secretpw@host",
        "u:secretpw@host",
        "//u:secretpw@host",
    ],
)
def test_a_user_name_in_the_address_is_refused_and_not_repeated(address):
    with pytest.raises(RequestInvalid, match="no user name in the address") as caught:
        FaceMatchClient(address)

    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert "secretpw" not in told.replace(f'"{address}"', "")


@pytest.mark.parametrize("route", [{}, {"GET /local/health": tells({"status": "ready", "version": "1"})}])
@pytest.mark.parametrize("answer", [tells(HANDLED["data"]["result"]), tells(None, status="PROCESSING")])
def test_the_result_of_another_call_is_not_this_ones(answer, route, client_of):
    asked = "GET /local/results/MINE"
    with FaultyServer(routes({asked: answer, **route})) as server, pytest.raises(InvalidResponse) as caught:
        client_of(server.url).result("MINE")

    error = caught.value
    assert "another traceNo" in str(error)
    assert (error.endpoint, error.http_status, error.exchange.http_status) == ("result", 200, 200)
    assert error.request_id is not None


@pytest.mark.parametrize("status", ["SUCCESS", "PROCESSING"])
def test_a_result_that_names_no_call_is_taken_for_the_one_that_was_asked_for(status, client_of):
    data = {"status": status, "result": HANDLED["data"]["result"]}
    with FaultyServer(routes({RESULT: says_json(200, {"errcode": 0, "data": data})})) as server:
        told = client_of(server.url).result(TRACE)

    assert isinstance(told, Pending if status == "PROCESSING" else Match)


CHARSETS = {
    "application/json; charset=gbk": "gbk",
    'application/json;CHARSET = "GB18030" ; x=y': "gb18030",
    "text/html": None,
    "": None,
    "application/json; charset=": None,
    "application/json; charset=\0x": None,
    "application/json; charset*=a\0b''x": None,
    "application/json; charset*=utf-8''%00": None,
    'application/json; charset*="': None,
    "application/json; charset*0*=x'": None,
    'x; ; =;"': None,
    "\xff\xfe; charset=\xe9": None,
    f"x; charset={'a' * 50_000}": None,
    f"x{'; charset ' * 5000}": None,
}


@pytest.mark.parametrize("kind", CHARSETS, ids=range(len(CHARSETS)))
def test_whatever_a_server_declares_the_text_is_read(kind):
    content = '{"errcode": 1003, "errmsg": "没有人脸", "data": {}}'.encode("gbk")
    reply = Reply(200, CaseInsensitiveDict({"Content-Type": kind}), content)

    assert reply.charset == CHARSETS[kind]
    with pytest.raises(BusinessError) as caught:
        read_answer(reply)
    assert caught.value.errmsg == "没有人脸"


def test_a_charset_that_is_none_on_the_line_is_no_other_error(client_of, rows):
    wire = '{"errcode": 1003, "errmsg": "没有人脸", "data": {}}'.encode("gbk")
    answer = message(200, wire, {"Content-Type": "application/json; charset*=a\0b''x"})
    with FaultyServer(lambda _, line, __: line.sendall(answer)) as server, pytest.raises(BusinessError):
        client_of(server.url).match(Photo(b"any"), Photo(b"any"))

    assert [row["outcome"] for row in rows()] == ["biz_error"]
