"""A big file is never in the client's memory whole; measured in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from faulty_server import FaultyServer, tells

PROGRAM = Path(__file__).parents[1] / "benchmarks" / "client_memory.py"
FILE_BYTES = 24_000_000
EXTRA_MB = 6.0  # about 1 in truth; with the file or its base64 in memory it would be 24 or 32

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a process's peak is told by Linux' /proc")


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("big") / "clip"
    path.write_bytes(bytes(range(250)) * (FILE_BYTES // 250))
    return path


def measured(file, *more: str):
    """What the benchmark measures of one call, and the size of the body that arrived."""
    with FaultyServer(tells({"isSccess": "true", "score": "99"})) as server:
        command = [sys.executable, str(PROGRAM), "--client", server.url, "--file", str(file), *more]
        told = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=120).stdout)
        return told, len(server.received[-1].partition(b"\r\n\r\n")[2])


def test_a_file_that_is_sent_from_a_path_takes_hardly_any_memory(file):
    told, arrived = measured(file)

    assert arrived == told["sent_bytes"] > FILE_BYTES // 3 * 4
    assert told["extra_mb"] < EXTRA_MB


def test_the_measure_notices_a_file_that_is_in_memory(file):
    told, arrived = measured(file, "--whole")

    assert arrived == told["sent_bytes"]
    assert told["extra_mb"] > FILE_BYTES / 1_000_000
