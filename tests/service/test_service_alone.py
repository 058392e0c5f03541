"""``python -m facematch.service``: what it prints, what it writes, and how it ends."""

import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

import facematch
from facematch.client import FaceMatchClient

ROOT = Path(facematch.__file__).parents[1]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


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
        path = tmp_path / "keys" / f"service-{url.rpartition(':')[2]}.token"
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
    assert mode(path) == 0o600
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


def test_alone_on_a_taken_port_it_says_so_in_one_line_and_leaves_the_token_there_as_it_was(tmp_path, taken_port):
    token = tmp_path / "keys" / f"service-{taken_port}.token"
    token.parent.mkdir()
    token.write_text("of the service that has the port")

    process = start(tmp_path, "--port", str(taken_port))
    out, err = process.communicate(timeout=20)

    sentence = f"cannot listen on 127.0.0.1:{taken_port}: Address already in use"
    assert (process.returncode, out) == (1, "")
    assert err == f"facematch.service: 服务未能启动 | not started: {sentence}\n"
    assert token.read_text() == "of the service that has the port"


def test_every_folder_that_it_makes_is_the_owners_alone(tmp_path):
    data = tmp_path / "new" / "data"
    process = start(data, "--port", "0")
    try:
        process.stdout.readline()
        while not list(data.glob("cache/*.sha256")):
            threading.Event().wait(0.02)
    finally:
        process.terminate()
        process.communicate(timeout=20)

    folders = [data.parent, *(path for path in data.parent.rglob("*") if path.is_dir())]
    assert {path.name: mode(path) for path in folders} == dict.fromkeys(("new", "data", "keys", "cache"), 0o700)


@pytest.mark.parametrize("pause_s", [0.3, 0.4, 0.5])
def test_stopped_while_it_warms_up_it_ends_in_good_order(pause_s, tmp_path):
    process = start(tmp_path, "--port", "0")
    process.stdout.readline()
    threading.Event().wait(pause_s)
    process.terminate()
    out, err = process.communicate(timeout=20)

    assert (process.returncode, out, err) == (0, "", "")


@pytest.mark.parametrize("last", ["server.stop()", "time.sleep(0.4)", ""])
def test_a_program_that_ends_while_its_service_warms_up_ends_in_good_order(last, tmp_path):
    program = f"""
import sys, time
from pathlib import Path
from facematch.engine.pipeline import FaceEngine
from facematch.service import Server, create_app
from facematch.settings import Limits
engine = FaceEngine(Limits(), cache_dir=Path(sys.argv[1]))
server = Server(create_app(engine, token="any", limits=Limits()))
{last}
"""
    ended = subprocess.run(
        [sys.executable, "-c", program, tmp_path], cwd=ROOT, check=False, capture_output=True, timeout=20
    )

    assert (ended.returncode, ended.stderr) == (0, b"")


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
