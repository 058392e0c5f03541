"""A real log whose rows a test writes down by hand."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from log_places import database_place
from postgres import postgres
from sqlalchemy import Connection

from facematch.log import CallLog
from facematch.log.schema import calls

__all__ = ["database_place", "postgres"]

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
def log(database_place: Path | str) -> Iterator[CallLog]:
    log = CallLog(database_place)
    yield log
    log.close()


@pytest.fixture
def add(log: CallLog) -> Add:
    """Write *times* rows that are plain but for the given columns."""

    def add(times: int = 1, **columns: object) -> None:
        with log.writing() as db:
            db.execute(calls.insert(), [PLAIN | columns for _ in range(times)])

    return add


@pytest.fixture
def db(log: CallLog, add: Add) -> Iterator[Connection]:
    with log.reading() as db:
        yield db
