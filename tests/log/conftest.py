"""A real log in a temporary folder, and its rows as they are in the file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from facematch.log import CallLog, Key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "log" / "calls.db"


@pytest.fixture
def log(path: Path) -> Iterator[CallLog]:
    log = CallLog(path, key=Key("k1", b"s" * 32))
    yield log
    log.close()


@pytest.fixture
def call() -> dict[str, str]:
    return {"env": "test", "endpoint": "match", "mode": "photo", "request_id": "r-1"}
