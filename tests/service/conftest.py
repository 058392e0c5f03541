"""Requests as any program may send them, and envelopes held against the document."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests
from scripted_engine import ScriptedEngine

from facematch.client import FaceMatchClient
from facematch.limits import Limits
from facematch.service import Server, create_app
from facematch.settings import Settings

MATCH = "/tech/ai/face/match"
ANSWER_S = 120  # a clip on a loaded machine


class Answer(NamedTuple):
    status: int
    wire: dict[str, Any]

    @property
    def errcode(self) -> int:
        return self.wire["errcode"]

    @property
    def result(self) -> dict[str, Any]:
        return self.wire["data"]["result"]


Send = Callable[..., Answer]


@pytest.fixture(scope="session")
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def send_to(http: requests.Session, token: str) -> Send:
    """Send *body* (an object as JSON, bytes as they are) to a server; every answer must have the document's form."""

    def send(
        server: Server, path: str = MATCH, body: object = None, *, method: str = "POST", token: str | None = token
    ) -> Answer:
        raw = isinstance(body, bytes | type(None)) or hasattr(body, "__next__")
        reply = http.request(
            method,
            server.url + path,
            data=body if raw else None,
            json=None if raw else body,
            headers={} if token is None else {"Authorization": token},
            timeout=ANSWER_S,
            allow_redirects=False,
        )
        answer = Answer(reply.status_code, reply.json())
        assert reply.headers["Content-Type"] == "application/json"
        assert_envelope(answer.wire)
        return answer

    return send


@pytest.fixture
def send(scripted_service: Server, send_to: Send) -> Send:
    def send(*args: Any, **options: Any) -> Answer:
        return send_to(scripted_service, *args, **options)

    return send


@pytest.fixture
def small_service_for(token: str, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts a service with the limits that are named."""
    with ExitStack() as started:

        def start(**limits: Any) -> Server:
            settings = Settings(data_dir=tmp_path / "small", limits=Limits(**limits))
            server = Server(create_app(ScriptedEngine(), token=token, settings=settings))
            started.callback(server.stop)
            return server

        yield start


@pytest.fixture
def small_service(small_service_for: Callable[..., Server]) -> Server:
    """With limits that a test reaches quickly."""
    return small_service_for(body_max_bytes=1000, image_max_base64_bytes=100, evidence_ttl_s=0.0, file_max_bytes=50)


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


def assert_envelope(wire: dict[str, Any]) -> None:
    """The document's keys and types, and no others."""
    data = wire["data"]
    assert set(wire) == {"errcode", "errmsg", "data"}
    assert set(data) == {"status", "traceNo", "result"} - ({"result"} if data["status"] == "PROCESSING" else set())
    assert type(wire["errcode"]) is int
    assert isinstance(wire["errmsg"], str)
    assert isinstance(data["traceNo"], str)
    assert data["traceNo"].isascii()
    assert data["traceNo"].isdigit()
    assert len(data["traceNo"]) == 20
    if wire["errcode"]:
        assert (data["status"], data["result"]) == ("FAIL", {"isSccess": "false"})
    else:
        assert data["status"] in ("SUCCESS", "PROCESSING")
        assert wire["errmsg"] == "SUCCESS"


@pytest.fixture
def client_for(token: str) -> Iterator[Callable[[Server], FaceMatchClient]]:
    with ExitStack() as opened:
        yield lambda server: opened.enter_context(FaceMatchClient(server.url, token))
