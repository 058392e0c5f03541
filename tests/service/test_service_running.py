"""The service as something that runs: in a thread of this process, and alone as a program."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from scripted_engine import ScriptedEngine

import facematch
from facematch.client import FaceMatchClient, Photo
from facematch.errors import ConnectFailed, ServiceNotStarted
from facematch.service import Server, create_app
from facematch.settings import Limits

ROOT = Path(facematch.__file__).parents[1]
DESCRIPTORS = Path("/proc/self/fd")


@pytest.fixture
def app(token):
    return create_app(ScriptedEngine(), token=token, limits=Limits())


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield taken.getsockname()[1]


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


def test_a_taken_port_is_one_sentence(app):
    with taken_port() as port, pytest.raises(ServiceNotStarted) as caught:
        Server(app, port=port)

    assert str(caught.value) == f"cannot listen on 127.0.0.1:{port}: Address already in use"


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


def start(tmp_path: Path, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FACEMATCH_")}
    return subprocess.Popen(
        [sys.executable, "-m", "facematch.service", *arguments],
        cwd=ROOT,
        env={**inherited, "FACEMATCH_DATA_DIR": str(tmp_path), **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_alone_it_prints_its_address_keeps_its_token_private_and_stops_in_good_order(number, tmp_path):
    process = start(tmp_path, "--port", "0")
    try:
        line = process.stdout.readline()
        url = next(word.rstrip(",") for word in line.split() if word.startswith("http://127.0.0.1:"))
        path = tmp_path / "keys" / "service.token"
        token = path.read_text().strip()
        with FaceMatchClient(url, token) as client:
            health = client.health()
            code = client.live_code().code
    finally:
        process.send_signal(number)
        out, err = process.communicate(timeout=20)

    assert process.returncode == 0
    assert (out, err) == ("", "")
    assert str(path) in line
    assert token not in line
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    assert health.engine
    assert len(code) == 4


def test_alone_it_takes_the_token_of_the_environment_and_writes_none(tmp_path):
    process = start(tmp_path, "--port", "0", env={"FACEMATCH_TOKEN": "given-by-the-operator"})
    try:
        line = process.stdout.readline()
        with FaceMatchClient(line.split()[3].rstrip(","), "given-by-the-operator") as client:
            code = client.live_code().code
    finally:
        process.terminate()
        process.communicate(timeout=20)

    assert line.endswith(", token: FACEMATCH_TOKEN\n")
    assert "given-by-the-operator" not in line
    assert len(code) == 4
    assert not (tmp_path / "keys").exists()


def test_alone_on_a_taken_port_it_says_so_in_one_line(tmp_path):
    with taken_port() as port:
        process = start(tmp_path, "--port", str(port))
        out, err = process.communicate(timeout=20)

    assert (process.returncode, out) == (1, "")
    assert (
        err
        == f"facematch.service: 服务未能启动 | not started: cannot listen on 127.0.0.1:{port}: Address already in use\n"
    )


def test_alone_with_a_wrong_setting_it_says_so_in_one_line(tmp_path):
    process = start(tmp_path, env={"FACEMATCH_PASS_SCORE": "high"})
    out, err = process.communicate(timeout=20)

    assert (process.returncode, out) == (1, "")
    assert err == "facematch.service: 服务未能启动 | not started: FACEMATCH_PASS_SCORE: not a number: 'high'\n"


def test_alone_where_the_token_cannot_be_written_it_says_what_to_do(tmp_path):
    (tmp_path / "keys").write_text("a file where the folder belongs")

    process = start(tmp_path, "--port", "0")
    out, err = process.communicate(timeout=20)

    assert (process.returncode, out) == (1, "")
    assert err.startswith("facematch.service: 服务未能启动 | not started: cannot write the token's file: ")
    assert err.endswith("; set FACEMATCH_TOKEN\n")


def test_the_server_does_not_say_what_it_is_made_of(scripted_service):
    with requests.Session() as session:
        session.trust_env = False
        headers = session.get(scripted_service.url + "/local/health", timeout=10).headers

    assert "server" not in {name.lower() for name in headers}
