"""A real log whose rows a test writes down by hand."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Connection

from facematch.log import CallLog, database
from facematch.log.schema import calls

Add = Callable[..., None]

settings.register_profile("patient", deadline=None)  # a loaded machine is no failure
settings.load_profile("patient")

PLAIN = {
    "ts_ms": 0,
    "env": "test",
    "endpoint": "match",
    "mode": "photo",
    "request_id": "r",
    "outcome": "ok",
    "client_version": "0",
}


@pytest.fixture
def log(tmp_path: Path) -> Iterator[CallLog]:
    log = CallLog(tmp_path / "calls.db")
    yield log
    log.close()


@pytest.fixture
def add(log: CallLog) -> Iterator[Add]:
    """Write *times* rows that are plain but for the given columns."""
    engine = database.writer(log.path, log.journal_mode)

    def add(times: int = 1, **columns: object) -> None:
        with engine.connect() as db:
            db.execute(calls.insert(), [PLAIN | columns for _ in range(times)])
            db.commit()

    yield add
    engine.dispose()


@pytest.fixture
def db(log: CallLog, add: Add) -> Iterator[Connection]:
    with log.reading() as db:
        yield db
