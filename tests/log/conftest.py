"""A real log in a temporary folder or on a real server, and its rows as they are there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from log_places import Place, database_place
from postgres import own_postgres, postgres

from facematch.log import CallLog, Key

__all__ = ["database_place", "own_postgres", "postgres"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "log" / "calls.db"


@pytest.fixture
def place(path: Path) -> Place:
    """Where `log` is; a module whose tests are not about the file replaces this by `database_place`."""
    return path


@pytest.fixture
def log(place: Place) -> Iterator[CallLog]:
    log = CallLog(place, key=Key("k1", b"s" * 32))
    yield log
    log.close()


@pytest.fixture
def call() -> dict[str, str]:
    return {"env": "test", "endpoint": "match", "mode": "photo", "request_id": "r-1"}
