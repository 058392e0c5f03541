"""Standard streams that are full, closed, or that nobody reads, and an interrupt before anything began."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import facematch
from facematch.log import CallLog
from facematch.service import Server

ROOT = Path(facematch.__file__).parents[1]
PATIENCE_S = 60
FULL = Path("/dev/full")
NOBODY = "http://127.0.0.1:9"  # discard: no service here

pytestmark = pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")


def end(*arguments: str, before: str = "", **streams: Any) -> subprocess.CompletedProcess[str]:
    """Run a command; *before*: of the shell, for streams that are closed."""
    return subprocess.run(
        ["/bin/sh", "-c", f'"$@" {before}', "sh", sys.executable, "-m", "facematch", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
        timeout=PATIENCE_S,
        check=False,
        **streams,
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("match", "card.jpg", "card.jpg"), 4),
        (("match", "nothing.jpg", "card.jpg"), 5),
        (("match", "card.jpg"), 2),
        (("no-such-command",), 2),
    ],
)
@pytest.mark.parametrize("closed", ["2>/dev/full", "2>&-"])
def test_standard_error_that_takes_nothing_changes_neither_the_exit_code_nor_the_object(
    arguments: tuple[str, ...], code: int, closed: str, remote: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACEMATCH_URL", NOBODY)

    ended = end(*arguments, "--json", before=closed, stdout=subprocess.PIPE)

    assert (ended.returncode, json.loads(ended.stdout)["exit_code"]) == (code, code)


def test_nor_does_a_reader_of_standard_error_that_has_gone(remote: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACEMATCH_URL", NOBODY)
    reader, writer = os.pipe()
    os.close(reader)

    ended = end("match", "card.jpg", "card.jpg", "--json", stdout=subprocess.PIPE, stderr=writer)
    os.close(writer)

    assert (ended.returncode, json.loads(ended.stdout)["error"]["kind"]) == (4, "ConnectFailed")


@pytest.mark.parametrize("command", ["--help", "match --help", "log purge -h"])
@pytest.mark.parametrize("stream", [">/dev/full", ">&-"])
def test_help_that_cannot_be_written_ends_with_5(command: str, stream: str, data_dir: Path) -> None:
    ended = end(*command.split(), before=stream, stderr=subprocess.PIPE)

    assert ended.returncode == 5
    assert ended.stderr.startswith("facematch: standard output ")
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("command", ["verify-id card.jpg --json", "log forget --json", "log purge --days 0 --json"])
def test_where_standard_input_is_closed_nobody_answers(
    command: str, remote: Server, data_dir: Path, call_log: CallLog
) -> None:
    with call_log.recording(env="a", endpoint="match", mode="photo", request_id="r") as draft:
        draft.ts_ms -= 5 * 86_400_000  # due
    call_log.close()

    ended = end(*command.split(), before="<&-", stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    assert (ended.returncode, json.loads(ended.stdout)["error"]["kind"]) == (2, "UsageWrong")
    assert "a fault of this program" not in ended.stderr


INTERRUPTED_AT = """
import os, signal, sys

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Finder())
from facematch.__main__ import main
sys.exit(main())
"""


@pytest.mark.parametrize("module", ["facematch.cli.program", "facematch.cli.calls", "sqlalchemy", "requests"])
def test_an_interrupt_while_modules_are_loaded_ends_it_quietly_with_130(module: str, remote: Server) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_AT.format(module=module), "match", "card.jpg", "card.jpg"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )

    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")
