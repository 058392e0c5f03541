"""A real log in a temporary folder, and its rows as they are in the file."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from facematch.log import CallLog, Key

Rows = Callable[[], list[dict[str, Any]]]

settings.register_profile("patient", deadline=None)  # a loaded machine is no failure
settings.load_profile("patient")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "log" / "calls.db"


@pytest.fixture
def log(path: Path) -> Iterator[CallLog]:
    log = CallLog(path, key=Key("k1", b"s" * 32))
    yield log
    log.close()


@pytest.fixture
def rows(log: CallLog) -> Rows:
    def read() -> list[dict[str, Any]]:
        with log.reading() as db:
            return [dict(row) for row in db.exec_driver_sql("SELECT * FROM calls ORDER BY id").mappings()]

    return read


@pytest.fixture
def call() -> dict[str, str]:
    return {"env": "test", "endpoint": "match", "mode": "photo", "request_id": "r-1"}
