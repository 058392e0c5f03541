"""The command line as a script drives it: in this process, against a service, with a data folder of its own."""

import io
import json
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from facematch.cli.program import main
from facematch.log import CallLog, open_log
from facematch.service import Server
from facematch.settings import Settings


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one object on standard output: anything beside it breaks this."""
        told: dict[str, Any] = json.loads(self.out)
        return told


Run = Callable[..., Ended]
Rows = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of the installation under test; no other setting is set, and the locale is English."""
    for name in ("LC_ALL", "LC_MESSAGES", "FACEMATCH_TOKEN_FILE", "FACEMATCH_ID_NUMBER", "FACEMATCH_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("FACEMATCH_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def remote(
    data_dir: Path, scripted_service: Server, token: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Server:
    """The settings name a service on the scripted engine, and the working folder has a reference."""
    monkeypatch.setenv("FACEMATCH_URL", scripted_service.url)
    monkeypatch.setenv("FACEMATCH_TOKEN", token)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "card.jpg").write_bytes(b"any")
    return scripted_service


@pytest.fixture
def run(data_dir: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command; *said* is its standard input, which is no terminal."""

    def ended(*arguments: str, said: str = "") -> Ended:
        monkeypatch.setattr(sys, "stdin", io.StringIO(said))
        capfdbinary.readouterr()
        code = main(arguments)
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Ended(code, out.decode(), err.decode())

    return ended


@pytest.fixture
def logged(data_dir: Path) -> Rows:
    def read() -> list[dict[str, Any]]:
        with closing(open_log(Settings(data_dir=data_dir))) as log, log.reading() as db:
            return [dict(row) for row in db.exec_driver_sql("SELECT * FROM calls ORDER BY id").mappings()]

    return read


@pytest.fixture
def call_log(data_dir: Path) -> CallLog:
    """The installation's log, to be filled or looked into; closed by nobody else."""
    return open_log(Settings(data_dir=data_dir))
