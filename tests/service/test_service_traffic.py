"""What every request passes: its name, the bound on calls under way, and its line in the log."""

import asyncio
import json
import logging
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from facematch.contract import IDENTITY, LIVE_CODE, MATCH
from facematch.limits import Limits
from facematch.service import Server
from facematch.service.traffic import Traffic

LOGGER = "facematch.service.traffic"
NEW_NAME = re.compile(r"[0-9a-f]{8}-[0-9]+")


class Desk:
    """Routes that wait until they are released, and say what they answered."""

    def __init__(self) -> None:
        self.arrived = threading.Semaphore(0)
        self.released = threading.Event()

    def held(self, request: Request) -> Response:
        self.arrived.release()
        self.released.wait(10)
        return PlainTextResponse("done")

    async def read(self, request: Request) -> Response:
        body = await request.body()
        request.state.facts = {"errcode": 2010, "trace_no": "00000000000000000001"}
        return PlainTextResponse(f"{len(body)} bytes", 200)

    def app(self, limits: Limits) -> Traffic:
        routes = [
            Route(MATCH, self.held, methods=["POST"]),
            Route(IDENTITY, self.held, methods=["POST"]),
            Route(LIVE_CODE, self.read, methods=["POST"]),
            Route("/local/files/{path:path}", self.read, methods=["PUT"]),
        ]
        return Traffic(Starlette(routes=routes), limits)


@pytest.fixture
def desk():
    return Desk()


@pytest.fixture
def server(desk):
    server = Server(desk.app(Limits(calls_max=2)))
    yield server
    desk.released.set()
    server.stop()


@pytest.fixture
def lines(caplog):
    """What was logged, parsed; a line is written after the answer has gone out."""
    caplog.set_level(logging.INFO, LOGGER)

    def read(count: int = 1) -> list[dict]:
        for _ in range(500):
            told = [json.loads(record.getMessage()) for record in caplog.records if record.name == LOGGER]
            if len(told) >= count:
                break
            threading.Event().wait(0.01)
        return told

    return read


def post(server: Server, path: str, **options) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.request(options.pop("method", "POST"), server.url + path, timeout=10, **options)


@pytest.mark.parametrize("name", ["a", "7f3e-2c.Run_12", "x" * 64])
def test_a_request_keeps_the_name_that_its_caller_gave_it(name, server, lines):
    answer = post(server, LIVE_CODE, headers={"X-Request-Id": name})

    assert answer.headers["X-Request-Id"] == name
    assert [line["request_id"] for line in lines()] == [name]


@pytest.mark.parametrize("name", [None, "", "x" * 65, "two words", "名", "a/b", 'a"b', "a;b"])
def test_a_request_without_a_plain_name_gets_a_new_one(name, server, lines):
    headers = {} if name is None else {"X-Request-Id": name.encode()}

    first, second = (post(server, LIVE_CODE, headers=headers).headers["X-Request-Id"] for _ in range(2))

    assert NEW_NAME.fullmatch(first)
    assert NEW_NAME.fullmatch(second)
    assert first != second
    assert [line["request_id"] for line in lines(2)] == [first, second]


def test_a_line_tells_what_happened_and_nothing_that_is_private(server, lines, caplog):
    secret = {"Authorization": "the-token", "Cookie": "the-cookie", "User-Agent": "the-agent"}

    answer = post(server, "/local/files/the-name.jpg?query=the-query", method="PUT", data=b"the-body", headers=secret)

    (line,) = lines()
    assert answer.text == "8 bytes"
    assert set(line) == {
        *("time", "request_id", "method", "route", "status", "errcode", "trace_no"),
        *("ms", "request_bytes", "answer_bytes", "worker"),
    }
    assert (line["method"], line["route"], line["status"]) == ("PUT", "/local/files/{path:path}", 200)
    assert (line["errcode"], line["trace_no"]) == (2010, "00000000000000000001")
    assert (line["request_bytes"], line["answer_bytes"]) == (8, len(answer.content))
    assert line["time"].endswith("+00:00")
    assert "the-" not in caplog.text


def test_a_path_that_is_no_route_is_not_repeated(server, lines, caplog):
    assert post(server, "/nobody/110101199003070000").status_code == 404

    assert lines()[0]["route"] is None
    assert "110101199003070000" not in caplog.text


def test_one_call_too_many_is_told_to_come_back_before_its_body_is_read(desk, server, lines):
    with ThreadPoolExecutor(2) as pool:
        held = [pool.submit(post, server, path) for path in (MATCH, IDENTITY)]
        assert all(desk.arrived.acquire(timeout=10) for _ in held)
        refused = [post(server, path, data=b"x" * 10_000) for path in (MATCH, IDENTITY)]
        other = post(server, LIVE_CODE)
        desk.released.set()
        served = [each.result(10).status_code for each in held]

    for answer in refused:
        wire = answer.json()
        assert (answer.status_code, answer.headers["Retry-After"], wire["errcode"]) == (429, "1", 16)
        assert re.fullmatch("[0-9]{20}", wire["data"]["traceNo"])
        assert (wire["data"]["status"], wire["data"]["result"]) == ("FAIL", {"isSccess": "false"})
    assert other.status_code == 200
    assert served == [200, 200]
    told = [line for line in lines(5) if line["status"] == 429]
    assert [(line["errcode"], line["route"], line["request_bytes"]) for line in told] == [
        (16, MATCH, 0),
        (16, IDENTITY, 0),
    ]
    assert {line["trace_no"] for line in told} == {answer.json()["data"]["traceNo"] for answer in refused}


def test_a_call_that_ended_makes_room_for_the_next(desk, server):
    desk.released.set()

    assert [post(server, MATCH).status_code for _ in range(5)] == [200] * 5


def test_a_call_that_broke_makes_room_for_the_next(lines):
    async def broken(scope, receive, send):
        raise RuntimeError("the script broke")

    async def again() -> int:
        app, sent = Traffic(broken, Limits(calls_max=1)), []
        for _ in range(3):
            scope = {"type": "http", "method": "POST", "path": MATCH, "headers": []}
            with pytest.raises(RuntimeError):
                await app(scope, None, sent.append)
        return len(sent)

    assert asyncio.run(again()) == 0
    assert [line["status"] for line in lines(3)] == [None] * 3
