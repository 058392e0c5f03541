"""The service as something that runs in a thread of this process."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from scripted_engine import ScriptedEngine

from facematch.client import FaceMatchClient, Photo
from facematch.errors import ConnectFailed, ServerError, ServiceNotStarted
from facematch.service import Server, create_app
from facematch.service import server as server_module
from facematch.settings import Limits

DESCRIPTORS = Path("/proc/self/fd")


@pytest.fixture
def app(token):
    return create_app(ScriptedEngine(), token=token, limits=Limits())


def count_descriptors() -> int:
    return len(list(DESCRIPTORS.iterdir())) if DESCRIPTORS.exists() else 0


def test_starting_and_stopping_twenty_times_leaks_neither_thread_nor_port(token):
    threads, descriptors, port = threading.active_count(), count_descriptors(), 0
    for _ in range(20):
        app = create_app(ScriptedEngine(), token=token, limits=Limits())
        server = Server(app, port=port)  # the same port from the second time on
        port = int(server.url.rpartition(":")[2])
        with FaceMatchClient(server.url, token) as client:
            assert len(client.live_code().code) == 4
        server.stop()
        assert not server.is_running

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


def test_more_connections_than_it_bears_are_told_so(monkeypatch, token):
    monkeypatch.setattr(server_module, "CONNECTIONS_AT_MOST", 3)
    server = Server(create_app(ScriptedEngine(), token=token, limits=Limits()))
    try:
        address = urlsplit(server.url)
        with ExitStack() as held, FaceMatchClient(server.url, token) as client:
            for _ in range(2):
                held.enter_context(socket.create_connection((address.hostname, address.port)))
            with pytest.raises(ServerError, match="503"):
                client.live_code()
    finally:
        server.stop()


def test_the_server_does_not_say_what_it_is_made_of(scripted_service):
    with requests.Session() as session:
        session.trust_env = False
        headers = session.get(scripted_service.url + "/local/health", timeout=10).headers

    assert "server" not in {name.lower() for name in headers}
