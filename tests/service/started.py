"""The service as a process of its own: started, talked to, read, stopped."""

import json
import os
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import requests

import facematch

ROOT = Path(facematch.__file__).parents[1]
PATIENCE_S = 30.0
REAL = ("-m", "facematch.service")
SCRIPTED = ("-c", "import scripted_program; scripted_program.main()")
Found = TypeVar("Found")


def launch(
    data_dir: Path,
    *arguments: str,
    program: tuple[str, ...] = REAL,
    env: Mapping[str, str] | None = None,
    **options: Any,
) -> subprocess.Popen[str]:
    """The program with its output in pipes."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FACEMATCH_")}
    paths = os.pathsep.join((str(ROOT / "tests"), str(ROOT / "tests" / "service")))
    return subprocess.Popen(
        [sys.executable, *program, *arguments],
        cwd=ROOT,
        env={**inherited, "PYTHONPATH": paths, "FACEMATCH_DATA_DIR": str(data_dir), **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def run(data_dir: Path, *arguments: str, env: Mapping[str, str] | None = None) -> tuple[int, str, str]:
    """The program to its end: exit code, stdout, stderr."""
    process = launch(data_dir, *arguments, env=env)
    out, err = process.communicate(timeout=PATIENCE_S)
    return process.returncode, out, err


@dataclass(slots=True)
class Running:
    """A service that has said where it listens."""

    process: subprocess.Popen[str]
    line: str  # what it said
    url: str
    token_file: Path
    log: Path  # its stderr

    @property
    def token(self) -> str:
        return self.token_file.read_text().strip()

    def send(self, path: str, body: object = None, *, method: str = "POST", token: str | None = None) -> Any:
        """The answer's envelope; each request has a connection of its own, which any worker may take."""
        headers = {"Authorization": token or self.token}
        with requests.Session() as session:
            session.trust_env = False
            reply = session.request(method, self.url + path, json=body, headers=headers, timeout=PATIENCE_S)
        return reply.json()

    def lines(self) -> list[dict[str, Any]]:
        """Its log so far."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def worker_of(self, trace_no: str) -> int:
        """The process that answered the call; its line comes after its answer."""
        found = until(lambda: [line for line in self.lines() if line.get("trace_no") == trace_no])
        return int(found[0]["worker"])

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Exit code, and what it said on stdout after its first line."""
        self.process.send_signal(number)
        out, _ = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, out


@contextmanager
def running(
    folder: Path, *arguments: str, program: tuple[str, ...] = SCRIPTED, env: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """A service of *program* on a free port, its data in *folder*; killed when the block leaves it running."""
    process = launch(folder, "--port", "0", *arguments, program=program, env=env)
    assert process.stdout is not None
    assert process.stderr is not None
    log = folder.with_suffix(".log")
    copy = subprocess.Popen(["tee", log], stdin=process.stderr, stdout=subprocess.DEVNULL)
    process.stderr.close()
    process.stderr = None
    try:
        line = process.stdout.readline()
        url = next(word.rstrip(",") for word in line.split() if word.startswith("http://"))
        yield Running(process, line, url, folder / "keys" / f"service-{url.rpartition(':')[2]}.token", log)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
        copy.wait(PATIENCE_S)


def until(ask: Callable[[], Found]) -> Found:
    """What *ask* gives once it is not empty."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := ask()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return found


def photos(probe: bytes, **options: object) -> dict[str, Any]:
    """The body of a match."""
    reference, data = (b64encode(each).decode() for each in (b"any", probe))
    return {"image": {"data": reference}, "faceData": {"type": "image", "data": data}, **options}
