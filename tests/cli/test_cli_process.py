"""The command line as a process: what it loads, its signals, its pipes, and the embedded service inside it."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from faulty.acts import hangs
from faulty.server import FaultyServer

import facematch
from facematch import samples
from facematch.log import CallLog
from facematch.log.rollups import DAY_MS
from facematch.service import Server

from .conftest import Rows

ROOT = Path(facematch.__file__).parents[1]
PATIENCE_S = 120
HEAVY = ("streamlit", "cv2", "plotly", "pandas", "onnxruntime", "av", "starlette")
LOADED = (
    "import sys; from facematch.cli.program import main; code = main(sys.argv[1:]); "
    f"print(sorted({{name.partition('.')[0] for name in sys.modules}} & set({HEAVY!r})), file=sys.stderr)"
)


def start(*arguments: str, program: tuple[str, ...] = ("-m", "facematch"), **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *program, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


@pytest.mark.parametrize(
    "command", ["--help", "log --help", "log export", "log show #1", "log purge --days 1", "doctor"]
)
def test_what_calls_no_engine_loads_neither_it_nor_the_pages(command: str, remote: Server) -> None:
    _, said = start(*command.split(), program=("-c", LOADED)).communicate(timeout=PATIENCE_S)

    assert said.splitlines()[-1] == "[]"


def test_a_reader_that_goes_away_ends_it_quietly(data_dir: Path, call_log: CallLog) -> None:
    for number in range(3000):  # more than a pipe holds
        with call_log.recording(env="a", endpoint="match", mode="photo", request_id=f"r{number}"):
            pass
    call_log.close()
    process = start("log", "export", "--format", "jsonl")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()

    assert process.wait(PATIENCE_S) == 0
    assert process.stderr.read() == ""
    process.stderr.close()


def test_an_interrupt_ends_it_with_130_without_a_traceback_and_leaves_its_row(
    remote: Server, monkeypatch: pytest.MonkeyPatch, logged: Rows
) -> None:
    with FaultyServer(hangs) as server:
        monkeypatch.setenv("FACEMATCH_URL", server.url)
        process = start("match", "card.jpg", "card.jpg", "--json")
        deadline = time.monotonic() + PATIENCE_S
        while not server.received and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE_S)

    assert process.returncode == 130
    assert (json.loads(out)["error"]["kind"], err) == ("Interrupted", "facematch: interrupted\n")
    assert [row["outcome"] for row in logged()] == ["cancelled"]


def test_the_embedded_service_judges_real_photos_and_its_live_codes_outlast_it(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logged: Rows
) -> None:
    monkeypatch.delenv("FACEMATCH_URL", raising=False)
    monkeypatch.delenv("FACEMATCH_TOKEN", raising=False)
    for name in ("obama_2.jpg", "obama_3.jpg", "biden_1.jpg"):
        (tmp_path / name).write_bytes(samples.photo(name))

    ends = [
        start(*words, "--json", cwd=tmp_path)
        for words in (("match", "obama_2.jpg", "obama_3.jpg"), ("match", "obama_3.jpg", "biden_1.jpg"), ("live-code",))
    ]
    told = [json.loads(each.communicate(timeout=PATIENCE_S)[0]) for each in ends]
    last = start("match", "obama_2.jpg", "biden_1.jpg", "--lip", "--code", told[2]["code"], "--json", cwd=tmp_path)
    refused = json.loads(last.communicate(timeout=PATIENCE_S)[0])

    assert [each.returncode for each in ends] == [0, 1, 0]
    assert re.fullmatch(r"\d{4}", told[2]["code"])
    assert refused["error"]["errcode"] == 1104  # the code was good: only then is the video looked at, and it is none
    assert {row["env"] for row in logged()} == {"embedded"}


def test_the_doctor_starts_the_embedded_service_and_finds_it_ready(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FACEMATCH_URL", raising=False)

    process = start("doctor", "--json")
    told = json.loads(process.communicate(timeout=PATIENCE_S)[0])

    assert process.returncode == 0
    assert {each["name"] for each in told["checks"] if each["status"] == "ok"} >= {"service", "token", "clock"}


@pytest.mark.parametrize(("answer", "deleted"), [("y\n", 1), ("n\n", 0), ("\n", 0)])
def test_a_purge_asks_at_the_terminal_first(answer: str, deleted: int, data_dir: Path, call_log: CallLog) -> None:
    with call_log.recording(env="a", endpoint="match", mode="photo", request_id="r") as draft:
        draft.ts_ms -= 100 * DAY_MS
    call_log.close()
    master, slave = pty.openpty()
    process = start("log", "purge", "--days", "50", "--json", stdin=slave)
    os.close(slave)
    os.write(master, answer.encode())
    out, asked = process.communicate(timeout=PATIENCE_S)
    os.close(master)

    assert (process.returncode, json.loads(out)["deleted"]) == (0, deleted)
    assert "a: 1 calls before " in asked
    assert "Delete them? [y/N]" in asked


@pytest.mark.parametrize("command", ["log export", "log show #1 --json", "log rebuild --check"])
def test_standard_output_that_takes_nothing_is_told(command: str, data_dir: Path, call_log: CallLog) -> None:
    with call_log.recording(env="a", endpoint="match", mode="photo", request_id="r"):
        pass
    call_log.close()
    with Path("/dev/full").open("w") as full:
        process = subprocess.run(
            [sys.executable, "-m", "facematch", *command.split()],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    assert process.returncode == 5
    assert process.stderr == "facematch: standard output cannot be written: No space left on device\n"
