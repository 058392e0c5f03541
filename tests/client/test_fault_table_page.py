"""The faulty server as a command, and the page about it."""

import contextlib
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from faulty.expected import EXPECTED
from faulty.page import page
from faulty.scenarios import SCENARIOS

from facematch.client import FaceMatchClient, Photo
from facematch.errors import CallError

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "tests.faulty")
PHOTO = Photo(b"any")
ENDS_S = 30.0  # for a process to end; one that hangs takes 60 s and more


@pytest.fixture
def running() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command as a process, and the address that it prints."""
    with subprocess.Popen([*COMMAND, "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline()
            yield process, line.removeprefix("FACEMATCH_URL=").partition("/NAME")[0]
        finally:
            process.kill()


def test_every_scenario_has_a_line_of_its_own_and_an_end():
    assert SCENARIOS.keys() == EXPECTED.keys()
    assert len({scenario.description for scenario in SCENARIOS.values()}) == len(SCENARIOS)
    for name, scenario in SCENARIOS.items():
        assert re.fullmatch(r"[a-z0-9_]{1,24}", name)
        assert 0 < len(scenario.description) <= 80
        assert not {"\n", "|"} & set(scenario.description)


def test_the_page_about_the_faulty_server_is_the_one_that_its_command_writes():
    written = subprocess.run([*COMMAND, "--markdown"], cwd=ROOT, check=True, capture_output=True).stdout

    assert (ROOT / "docs" / "faults.md").read_text(encoding="utf-8") == written.decode() == page()


def test_the_command_lists_the_scenarios():
    listed = subprocess.run([*COMMAND, "--list"], cwd=ROOT, check=True, capture_output=True, text=True).stdout

    assert [line.split()[0] for line in listed.splitlines()] == list(SCENARIOS)


def test_the_command_serves_several_scenarios_at_once_while_others_hang(running):
    _, url = running
    with ThreadPoolExecutor(8) as pool:
        hanging = [pool.submit(end_of, f"{url}/hangs") for _ in range(4)]
        others = [pool.submit(end_of, f"{url}/{name}") for name in ("good", "null", "two_answers")]
        ends = [future.result(ENDS_S) for future in (*others, *hanging)]

    assert ends == [True, "InvalidResponse", False, *["DeadlineExceeded"] * 4]


def test_health_is_not_found_as_at_a_server_that_is_not_ours(running):
    _, url = running
    with FaceMatchClient(f"{url}/gzip_bomb", None) as client:
        assert client.health() is None


def test_a_scenario_that_nobody_wrote_is_not_found(running):
    _, url = running

    assert end_of(f"{url}/no_such_scenario") == "HttpStatusError"


def test_the_command_ends_at_once_while_connections_hang_and_drip(running):
    process, url = running
    port = int(url.rpartition(":")[2])
    with contextlib.ExitStack() as connections:
        for name in ("hangs", "drips_body", "terabyte", "continues_forever", "no_request_at_all"):
            connection = connections.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            if name in SCENARIOS:
                connection.sendall(f"POST /{name}/tech/ai/face/match HTTP/1.1\r\nContent-Length: 0\r\n\r\n".encode())
        end_of(f"{url}/good")
        process.send_signal(signal.SIGINT)

        assert process.wait(ENDS_S) == 0


def test_a_port_that_is_taken_is_told_in_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [*COMMAND, "--port", str(taken.getsockname()[1])]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=ENDS_S, check=False)

    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "Traceback" not in ended.stderr


def end_of(url: str) -> bool | str:
    """A verdict, or the name of the error."""
    with FaceMatchClient(url, "any-will-do", timeout_s=2.0) as client:
        try:
            return client.match(PHOTO, PHOTO).passed
        except CallError as error:
            return type(error).__name__
