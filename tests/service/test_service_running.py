"""The service as something that runs in a thread of this process."""

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from scripted_engine import ScriptedEngine

from facematch.client import FaceMatchClient, Photo
from facematch.errors import ConnectFailed, RateLimited, ServiceNotStarted
from facematch.limits import Limits
from facematch.service import Server, create_app, protocol
from facematch.settings import Settings

DESCRIPTORS = Path("/proc/self/fd")


@pytest.fixture
def here(tmp_path):
    return Settings(data_dir=tmp_path)


@pytest.fixture
def app(token, here):
    return create_app(ScriptedEngine(), token=token, settings=here)


def count_descriptors() -> int:
    return len(list(DESCRIPTORS.iterdir())) if DESCRIPTORS.exists() else 0


def test_starting_and_stopping_twenty_times_leaks_neither_thread_nor_port(token, here):
    threads, descriptors, port = threading.active_count(), count_descriptors(), 0
    for _ in range(20):
        app = create_app(ScriptedEngine(), token=token, settings=here)
        server = Server(app, port=port)  # the same port from the second time on
        port = int(server.url.rpartition(":")[2])
        with FaceMatchClient(server.url, token) as client:
            assert len(client.live_code().code) == 4
        server.stop()
        assert not server.is_running

    deadline = time.monotonic() + 10  # idle threads of the last server end a moment after it
    while threading.active_count() > threads and time.monotonic() < deadline:
        time.sleep(0.02)
    assert threading.active_count() <= threads
    assert count_descriptors() <= descriptors


def test_a_stopped_service_is_gone_and_may_be_stopped_again(app, token):
    server = Server(app)
    assert server.is_running

    server.stop()
    server.stop()

    assert not server.is_running
    with FaceMatchClient(server.url, token) as client, pytest.raises(ConnectFailed):
        client.live_code()


def test_stopping_waits_for_a_call_under_way(own_service, engine_script, token):
    def stop_soon() -> None:
        threading.Timer(0.2, engine_script.released.set).start()
        own_service.stop()

    with FaceMatchClient(own_service.url, token) as client, ThreadPoolExecutor(1) as pool:
        call = pool.submit(client.match, Photo(b"any"), Photo(b"slow"))
        assert engine_script.waiting.wait(10)
        stop_soon()

        assert call.result(10).passed


def test_a_taken_port_is_one_sentence(app, taken_port):
    with pytest.raises(ServiceNotStarted) as caught:
        Server(app, port=taken_port)

    assert str(caught.value) == f"cannot listen on 127.0.0.1:{taken_port}: Address already in use"


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", -1), ("127.0.0.1", 99999), ("no-such-host.invalid", 0)])
def test_an_address_that_cannot_be_used_is_one_sentence(host, port, app):
    with pytest.raises(ServiceNotStarted, match=r"^cannot listen on .+$"):
        Server(app, host=host, port=port)


def test_an_ipv6_address_stands_in_brackets(app, token):
    try:
        server = Server(app, host="::1")
    except ServiceNotStarted:
        assert not _has_ipv6()  # this machine has no IPv6 to show it with
        return
    try:
        with FaceMatchClient(server.url, token) as client:
            assert len(client.live_code().code) == 4
    finally:
        server.stop()

    assert server.url.startswith("http://[::1]:")


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def test_more_connections_than_it_bears_are_told_so_in_an_envelope(monkeypatch, token, app):
    monkeypatch.setattr(protocol, "CONNECTIONS_AT_MOST", 2)
    server = Server(app)
    try:
        with ExitStack() as held, FaceMatchClient(server.url, token) as client:
            for _ in range(2):
                held.enter_context(socket.create_connection(place(server)))
            with pytest.raises(RateLimited, match="503") as caught:
                client.live_code()
        with FaceMatchClient(server.url, token) as client:
            code = client.live_code().code
    finally:
        server.stop()

    assert (caught.value.errcode, caught.value.status, len(caught.value.trace_no)) == (16, "FAIL", 20)
    assert len(code) == 4


def test_one_call_more_than_the_setting_allows_is_told_when_to_come_back(engine_script, token, tmp_path):
    here = Settings(data_dir=tmp_path, limits=Limits(calls_max=1))
    server = Server(create_app(engine_script, token=token, settings=here))
    try:
        with FaceMatchClient(server.url, token) as client, ThreadPoolExecutor(1) as pool:
            call = pool.submit(client.match, Photo(b"any"), Photo(b"slow"))
            assert engine_script.waiting.wait(10)
            with FaceMatchClient(server.url, token) as other, pytest.raises(RateLimited) as caught:
                other.match(Photo(b"any"), Photo(b"0.8"))
            engine_script.released.set()

            assert call.result(10).passed
            assert client.match(Photo(b"any"), Photo(b"0.8")).passed
    finally:
        server.stop()

    assert (caught.value.http_status, caught.value.errcode, caught.value.retry_after_s) == (429, 16, 1.0)


def place(server: Server) -> tuple[str, int]:
    address = urlsplit(server.url)
    return address.hostname, address.port


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",  # no Host
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 70_000,  # and no end of it
        b"POST /tech/ai/face/match HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n",
    ],
)
def test_what_is_no_http_is_told_so_in_an_envelope(sent, scripted_service, caplog):
    with socket.create_connection(place(scripted_service), timeout=10) as connection:
        connection.sendall(sent)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))

    head, _, body = answer.partition(b"\r\n\r\n")
    wire = json.loads(body)
    assert head.startswith(b"HTTP/1.1 400 ")
    assert (wire["errcode"], wire["data"]["status"], len(wire["data"]["traceNo"])) == (2, "FAIL", 20)
    assert [record.getMessage() for record in caplog.records] == ["Invalid HTTP request received."]


def test_a_body_that_goes_wrong_after_the_answer_only_ends_the_connection(scripted_service, caplog):
    head = b"POST /tech/ai/face/match HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(place(scripted_service), timeout=10) as connection:
        connection.sendall(head)  # without a token: answered at once
        answer = connection.recv(65536)
        while not answer.endswith(b"}}"):
            answer += connection.recv(65536)
        connection.sendall(b"no chunk\r\n")
        rest = b"".join(iter(lambda: connection.recv(65536), b""))

    assert answer.startswith(b"HTTP/1.1 401 ")
    assert rest == b""
    assert not caplog.records  # nobody reads what comes after the last answer


def test_the_server_does_not_say_what_it_is_made_of(scripted_service):
    with requests.Session() as session:
        session.trust_env = False
        headers = session.get(scripted_service.url + "/local/health", timeout=10).headers

    assert "server" not in {name.lower() for name in headers}
