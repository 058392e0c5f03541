"""Where a log of the tests may be: a file, or a database of a real server; the tests see no difference."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine

Place = Path | str


@pytest.fixture(params=["sqlite", "postgresql"])
def database_place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty place of each kind; who takes this imports the fixture `postgres`, too."""
    if request.param == "sqlite":
        return tmp_path / "data" / "log" / "calls.db"
    url: str = request.getfixturevalue("postgres").new_database()
    return url


def sql(place: Place, *statements: str) -> list[tuple[object, ...]]:
    """Run *statements* past the program, each committed; the rows of the last."""
    if isinstance(place, Path):
        address = f"sqlite:///{place}"
    else:
        address = place.replace("postgresql://", "postgresql+psycopg://")
    engine, rows = create_engine(address, poolclass=NullPool), []
    for statement in statements:
        with engine.begin() as db:
            found = db.exec_driver_sql(statement)
            rows = [tuple(row) for row in found] if found.returns_rows else []
    return rows


def refuse_rows(place: Place) -> None:
    """From now on the database answers a new row with "disk full"."""
    if isinstance(place, Path):
        sql(place, "CREATE TRIGGER refuse BEFORE INSERT ON calls BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        return
    refuse = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'disk full'; END $$"
    sql(place, refuse, "CREATE TRIGGER refuse BEFORE INSERT ON calls FOR EACH ROW EXECUTE FUNCTION refuse()")


def take_rows(place: Place) -> None:
    """The end of `refuse_rows`."""
    sql(place, "DROP TRIGGER refuse" if isinstance(place, Path) else "DROP FUNCTION refuse CASCADE")


def version_of(place: Place) -> int:
    """The version of the log's tables."""
    read = "PRAGMA user_version" if isinstance(place, Path) else "SELECT version FROM fm_log_version"
    return int(str(sql(place, read)[0][0]))


def make_newer(place: Place) -> None:
    """As if a newer version of the program had brought the log up to its date."""
    newer = version_of(place) + 1
    write = "PRAGMA user_version = " if isinstance(place, Path) else "UPDATE fm_log_version SET version = "
    sql(place, f"{write}{newer}", "ALTER TABLE calls ADD COLUMN mood TEXT")


def until(true: Callable[[], bool]) -> None:
    """Wait for it; a minute is for ever."""
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)
