"""The service as a process of its own, so that its memory and its death can be seen. Memory is known on Linux only."""

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from facematch.client.environment import EMBEDDED
from facematch.errors import ServiceNotStarted
from facematch.evaluation.target import Target
from facematch.settings import Settings

STOP_S = 30.0
KIB_PER_MIB = 1024
_ADDRESS = re.compile(r"http://\S+?(?=,|\s)")


@dataclass(frozen=True, slots=True)
class ServiceProcess:
    """A service that was started for a run."""

    target: Target
    process: "subprocess.Popen[str]"

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def memory_mib(self) -> float | None:
        """What it holds now; None where that cannot be known."""
        return self._status("VmRSS")

    def peak_mib(self) -> float | None:
        """The most that it ever held."""
        return self._status("VmHWM")

    def _status(self, name: str) -> float | None:
        try:
            text = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        except OSError:
            return None
        found = re.search(rf"^{name}:\s+(\d+) kB$", text, re.MULTILINE)
        return None if found is None else int(found[1]) / KIB_PER_MIB


@contextmanager
def started(settings: Settings, more: Mapping[str, str] | None = None) -> Iterator[ServiceProcess]:
    """``python -m facematch.service`` on a free port with the environment's settings, until the block ends.

    Args:
        settings: Of whoever calls it; the process reads the same environment.
        more: Variables that it gets besides.

    Raises:
        ServiceNotStarted: It ended before it told its address.
    """
    token = secrets.token_urlsafe(32)
    env = {**os.environ, **(more or {}), "FACEMATCH_TOKEN": token, "FACEMATCH_URL": ""}
    command = [sys.executable, "-m", "facematch.service", "--port", "0", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:  # noqa: S603 - our own
        try:
            found = _ADDRESS.search(process.stdout.readline() if process.stdout else "")
            if found is None:
                raise ServiceNotStarted("the service ended before it told its address")
            yield ServiceProcess(Target(found[0], token, EMBEDDED, settings), process)
        finally:
            _stop(process)


def _stop(process: "subprocess.Popen[str]") -> None:
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
