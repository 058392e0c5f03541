"""The one database of the service's state: a SQLite file or a PostgreSQL database, used alike."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from facematch.database import Kind, begin, connections, prepare
from facematch.errors import StateUnavailable
from facematch.service.state import postgres
from facematch.service.state.schema import APPLICATION_ID, migrations


def open_database(url: str | None, path: Path) -> "Database":
    """The PostgreSQL database of *url*, or without one the SQLite file, which is created when missing.

    Raises:
        StateUnavailable: It cannot be opened or created, is not ours, or a newer version wrote it.
    """
    if url is not None:
        return Database(*postgres.open_engine(url))
    opened = prepare(path, Kind("service state", APPLICATION_ID, migrations("sqlite"), StateUnavailable))
    if opened.too_new:
        raise StateUnavailable(f"a newer version of the program wrote the service state at {path}: use that version")
    # FULL: a live code that was spent must stay spent after a power cut, too
    return Database(connections(path, pragmas=("synchronous = FULL",)), f"at {path}")


class Database:
    """Connections to it, for any number of threads.

    Transactions that write stand in one queue, over all processes and on both databases: what such a transaction
    has read is still so when it writes.

    Args:
        engine: Connected to a database that is up to date.
        where: Which one, for messages; without a password.
    """

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine = engine
        self._where = where
        self._is_file = engine.dialect.name == "sqlite"
        self._queue = threading.Lock()  # those who wait here hold no connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for questions.

        Raises:
            StateUnavailable: The database does not answer.
        """
        with self._told("read"), self._engine.connect() as db:
            if self._is_file:
                begin(db)
            yield db

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose changes are committed at the end of the block: all, or none when it raises.

        Raises:
            StateUnavailable: The database does not answer or does not take the changes.
        """
        with self._told("written"), self._queue, self._engine.connect() as db:
            if self._is_file:
                db.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                postgres.queue_up(db)
            yield db
            db.commit()

    def now_ms(self, db: Connection) -> int:
        """The time by the one clock that all who share the database go by, milliseconds since 1970."""
        if self._is_file:
            return time.time_ns() // 1_000_000
        return int(db.execute(text("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")).scalar_one())

    def forget_deleted(self) -> None:
        """Leave nothing of deleted rows in a file's WAL; PostgreSQL writes over them in its own time."""
        if not self._is_file:
            return
        with suppress(DBAPIError), self._queue, self._engine.connect() as db:
            db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Give every connection back; the last one out folds a file's WAL into it."""
        self._engine.dispose()

    @contextmanager
    def _told(self, done: str) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, NoConnection) as error:
            problem = postgres.reason(error)
            raise StateUnavailable(f"the service state {self._where} cannot be {done}: {problem}") from error
