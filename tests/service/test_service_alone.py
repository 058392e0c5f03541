"""``python -m facematch.service``: what it prints, what it writes, and how it ends."""

import json
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from started import REAL, ROOT, launch, photos, run, running

from facematch import codes
from facematch.client import FaceMatchClient
from facematch.contract import IDENTITY, MATCH
from facematch.samples import DEMO_PERSONS
from facematch.service.openapi import document


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_alone_it_prints_its_address_keeps_its_token_private_and_stops_in_good_order(number, tmp_path):
    with running(tmp_path / "data", program=REAL) as service:
        token, file_mode = service.token, mode(service.token_file)
        with FaceMatchClient(service.url, token) as client:
            health = client.health()
            code = client.live_code().code
        ended = service.stop(number)

    assert ended == (0, "")
    assert str(service.token_file) in service.line
    assert token not in service.line
    assert token not in service.log.read_text()
    assert file_mode == 0o600
    assert not service.token_file.exists()
    assert health.engine
    assert len(code) == 4


def test_alone_it_takes_the_token_of_the_environment_and_writes_none(tmp_path):
    given = "given-by-the-operator"
    with running(tmp_path / "data", env={"FACEMATCH_TOKEN": given}) as service:
        with FaceMatchClient(service.url, given) as client:
            code = client.live_code().code
        service.stop()

    assert service.line.endswith(", token: FACEMATCH_TOKEN\n")
    assert given not in service.line
    assert len(code) == 4
    assert not list((tmp_path / "data" / "keys").glob("*.token"))


def test_alone_it_does_not_start_on_a_token_that_can_be_guessed(tmp_path):
    ended = run(tmp_path, "--port", "0", env={"FACEMATCH_TOKEN": "fifteen-letters"})

    problem = "FACEMATCH_TOKEN has fewer than 16 characters, which can be guessed"
    assert ended == (1, "", f"facematch.service: 服务未能启动 | not started: {problem}\n")


def test_each_request_leaves_one_line_of_json_without_what_was_sent(tmp_path):
    with running(tmp_path / "data") as service:
        trace_nos = [service.send(MATCH, photos(probe))["data"]["traceNo"] for probe in (b"0.8", b"wall", b"broken")]
        service.send(IDENTITY, {"idNum": "11010119900307002X", "name": "张三", **photos(b"0.8")})
        lines = [line for line in service.lines() if "route" in line]
        service.stop()
        log = service.log.read_text()

    assert [(each["trace_no"], each["errcode"], each["status"]) for each in lines[:3]] == [
        (trace_nos[0], 0, 200),
        (trace_nos[1], 2010, 200),
        (trace_nos[2], 4, 500),
    ]
    for private in ("MC44", "YW55", "11010119900307002X", "张三", "the script broke"):
        assert private not in log
    (told,) = [line for line in map(json.loads, log.splitlines()) if "route" not in line]
    assert told["level"] == "error"
    assert trace_nos[2] in told["message"]


def test_quiet_it_writes_no_line_for_a_request(tmp_path):
    with running(tmp_path / "data", "--quiet") as service:
        assert service.send(MATCH, photos(b"0.8"))["errcode"] == 0
        service.stop()

    assert service.log.read_text() == ""


def test_alone_on_a_taken_port_it_says_so_in_one_line_and_leaves_the_token_there_as_it_was(tmp_path, taken_port):
    token = tmp_path / "keys" / f"service-{taken_port}.token"
    token.parent.mkdir()
    token.write_text("of the service that has the port")

    ended = run(tmp_path, "--port", str(taken_port))

    sentence = f"cannot listen on 127.0.0.1:{taken_port}: Address already in use"
    assert ended == (1, "", f"facematch.service: 服务未能启动 | not started: {sentence}\n")
    assert token.read_text() == "of the service that has the port"


def test_every_folder_that_it_makes_is_the_owners_alone(tmp_path):
    data = tmp_path / "new" / "data"
    process = launch(data, "--port", "0")
    try:
        process.stdout.readline()
        while not list(data.glob("cache/*.sha256")):
            threading.Event().wait(0.02)
    finally:
        process.terminate()
        process.communicate(timeout=20)

    folders = [data.parent, *(path for path in data.parent.rglob("*") if path.is_dir())]
    assert {"new", "data", "keys", "cache", "state"} <= {path.name for path in folders}
    assert {mode(path) for path in folders} == {0o700}


@pytest.mark.parametrize("pause_s", [0.3, 0.4, 0.5])
def test_stopped_while_it_warms_up_it_ends_in_good_order(pause_s, tmp_path):
    process = launch(tmp_path, "--port", "0")
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
from facematch.settings import Settings
here = Settings(data_dir=Path(sys.argv[1]))
server = Server(create_app(FaceEngine(here), token="any", settings=here))
{last}
"""
    ended = subprocess.run(
        [sys.executable, "-c", program, tmp_path], cwd=ROOT, check=False, capture_output=True, timeout=20
    )

    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.parametrize("arguments", [(), ("tokens", "list")])
def test_alone_with_a_wrong_setting_it_says_so_in_one_line(arguments, tmp_path):
    code, out, err = run(tmp_path, *arguments, env={"FACEMATCH_PASS_SCORE": "high"})

    assert (code, out) == (1, "")
    assert err.endswith(": FACEMATCH_PASS_SCORE: not a number: 'high'\n")
    assert err.startswith("facematch.service: ")
    assert err.count("\n") == 1


def test_alone_where_the_token_cannot_be_written_it_says_what_to_do(tmp_path):
    (tmp_path / "keys").write_text("a file where the folder belongs")

    code, out, err = run(tmp_path, "--port", "0")

    assert (code, out) == (1, "")
    assert err.startswith("facematch.service: 服务未能启动 | not started: cannot write the token's file: ")
    assert err.endswith("; set FACEMATCH_TOKEN\n")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_alone_without_its_database_it_says_so_in_one_line_and_leaves_no_token(workers, tmp_path):
    (tmp_path / "state").write_text("a file where the folder belongs")

    code, out, err = run(tmp_path, "--port", "0", "--workers", workers)

    assert (code, out) == (1, "")
    assert err.startswith("facematch.service: 服务未能启动 | not started: ")
    assert err.count("\n") == 1
    assert not list(tmp_path.rglob("*.token"))


@pytest.mark.parametrize("workers", ["0", "-1", "65", "two"])
def test_a_number_of_workers_that_cannot_be_is_refused(workers, tmp_path):
    code, out, err = run(tmp_path, "--workers", workers)

    assert (code, out) == (2, "")
    assert "--workers" in err


def test_tokens_are_issued_listed_and_revoked_by_command_while_the_service_runs(tmp_path):
    data = tmp_path / "data"
    with running(data) as service:
        code, out, err = run(data, "tokens", "issue", "--note", "the till at the door")
        token_id, token = out.split()
        before = service.send(MATCH, photos(b"0.8"), token=token)["errcode"]
        listed = run(data, "tokens", "list")
        revoked = run(data, "tokens", "revoke", token_id)
        after = service.send(MATCH, photos(b"0.8"), token=token)["errcode"]
        again = run(data, "tokens", "revoke", token_id)

    assert (code, err, before, after) == (0, "", 0, codes.BAD_TOKEN)
    assert token not in listed[1]
    assert listed[1].split("\t")[:2] == [token_id, "the till at the door"]
    assert revoked == (0, "", "")
    assert (again[0], again[1]) == (1, "")
    assert again[2].startswith("facematch.service: 未能执行 | not done: ")


def test_demo_persons_are_enrolled_by_command_and_shown_masked(tmp_path):
    first, again = (run(tmp_path, "persons", "demo") for _ in range(2))
    listed = run(tmp_path, "persons", "list")

    portraits = [line.split("\t")[3] for line in first[1].splitlines()]
    assert (first[0], again[0], listed[0]) == (0, 0, 0)
    assert len(portraits) == len(DEMO_PERSONS) == len(listed[1].splitlines())
    assert set(portraits) == {"usable", "unusable", "none"}
    for person in DEMO_PERSONS:
        assert person.id_number not in first[1] + listed[1]
        assert person.name not in first[1] + listed[1]


def test_the_openapi_document_is_printed_by_command(tmp_path):
    code, out, err = run(tmp_path, "openapi")

    assert (code, err) == (0, "")
    assert json.loads(out) == document()
    assert not list(tmp_path.iterdir())
