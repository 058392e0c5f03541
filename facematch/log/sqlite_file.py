"""A log that is a SQLite file: opened again when it was replaced, written by one thread at a time."""

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import sqlalchemy
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from facematch.database import BUSY_S
from facematch.errors import LogTooNew, LogUnavailable
from facematch.log import database
from facematch.log.schema import calls

_INSERT = calls.insert()
_PAGES = 500  # given back at a time: 2 MB
_REWRITTEN_PAGES = 32_768  # 128 MB; 272 MB took 5 s on two busy cores, and writers wait for so long
_PAUSE_S = 0.02
_FOLDS, _FOLD_MS = 25, 100  # attempts to empty the WAL, and how long each keeps writers waiting at most


class SqliteFile:
    """Any number of threads and processes may share the file.

    Raises:
        LogUnavailable: It cannot be created, read or written, or is not ours.
    """

    spool = None  # a file takes a row at once or not at all

    def __init__(self, path: Path) -> None:
        self.path = path
        self.place = str(path)
        self._writing = threading.Lock()  # SQLite's own queue of writers is unfair: without it the worst wait trebles
        self._open()

    def _open(self) -> None:
        opened = database.prepare(self.path)
        self.read_only = opened.too_new
        self.form = opened.journal_mode  # "wal", or "delete" where the file system does not carry WAL
        self._writer = database.writer(self.path, opened.journal_mode)
        self._reader = database.reader(self.path)
        self._file = _identity(self.path)

    def insert(self, row: Mapping[str, object]) -> int:
        """Write one row of ``calls``; its id.

        Raises:
            LogUnavailable: It was not written.
        """
        with self.writing() as db:
            return int(db.execute(_INSERT, dict(row)).lastrowid)

    @contextmanager
    def writing(self) -> Iterator[sqlalchemy.Connection]:
        """A transaction that ends with the block: kept, or undone when the block raises.

        Raises:
            LogTooNew: A newer version wrote the file.
            LogUnavailable: It cannot be written.
        """
        with self._writing:
            if self._file != _identity(self.path):  # deleted or replaced under us: what we hold has no name any more
                self.close()
                self._open()
            if self.read_only:
                raise LogTooNew(f"a newer version wrote the call log at {self.path}: calls are not recorded")
            try:
                with self._writer.connect() as db:
                    db.exec_driver_sql("BEGIN IMMEDIATE")
                    yield db
                    db.commit()
            except (DBAPIError, NoConnection) as error:
                why = database.reason(error)
                raise LogUnavailable(f"the call log at {self.path} cannot be written: {why}") from error

    @contextmanager
    def reading(self) -> Iterator[sqlalchemy.Connection]:
        """A connection that cannot write and sees one state of the log.

        Raises:
            LogUnavailable: The log cannot be read.
        """
        try:
            with self._reader.connect() as db:
                yield db
        except (DBAPIError, NoConnection) as error:
            raise LogUnavailable(f"the call log at {self.path} cannot be read: {database.reason(error)}") from error

    def tidy(self, *, deleted: bool = True, whole: bool = False) -> bool:
        """After deletions: give free pages back, leave no copy of what was deleted; whether none can be left.

        Overwriting deleted rows is not enough: pages that were merged keep old copies of their neighbours until the
        file is written anew. That keeps writers waiting, and is done to a small file only, or when *whole* asks for it.

        Args:
            deleted: Whether rows were deleted; pages that are free tell of it, too.
            whole: Write a large file anew, too.

        Raises:
            LogTooNew: A newer version wrote the file.
            LogUnavailable: It cannot be done now, for example because somebody reads what was deleted.
        """
        if self.read_only:
            raise LogTooNew(f"a newer version wrote the call log at {self.path}: it is not tidied")
        try:
            deleted = deleted or self._pages("freelist_count") > 0
            while self._gave_some_back():
                time.sleep(_PAUSE_S)
            anew = deleted and (whole or self._pages("page_count") <= _REWRITTEN_PAGES)
            if anew:
                self._rewrite()
            self._fold()
        except (DBAPIError, NoConnection, sqlite3.Error) as error:
            why = database.reason(error)
            raise LogUnavailable(f"the call log at {self.path} cannot be tidied: {why}") from error
        return anew or not deleted

    def _pages(self, pragma: str) -> int:
        with self._writer.connect() as db:
            return int(db.exec_driver_sql(f"PRAGMA {pragma}").scalar_one())

    def _gave_some_back(self) -> bool:
        """Cut a few free pages off the file; whether there are more. All at once, writers would wait for seconds."""
        with self._writing, self._writer.connect() as db:
            before = db.exec_driver_sql("PRAGMA freelist_count").scalar_one()
            raw = cast(sqlite3.Connection, db.connection.driver_connection)
            raw.executescript(f"PRAGMA incremental_vacuum({_PAGES})")  # execute() would end after one page
            return bool(0 < db.exec_driver_sql("PRAGMA freelist_count").scalar_one() < before)

    def _rewrite(self) -> None:
        with self._writing, self._writer.connect() as db:
            db.exec_driver_sql("VACUUM")

    def _fold(self) -> None:
        """Write the WAL into the file and empty it.

        SQLite keeps writers out while it waits for readers here, so it may not wait for long.
        """
        for _ in range(_FOLDS):
            with self._writing, self._writer.connect() as db:
                db.exec_driver_sql(f"PRAGMA busy_timeout = {_FOLD_MS}")
                try:
                    busy, *_ = db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
                finally:
                    db.exec_driver_sql(f"PRAGMA busy_timeout = {int(BUSY_S * 1000)}")
            if not busy:
                return
            time.sleep(_PAUSE_S)
        raise LogUnavailable(f"the call log at {self.path} cannot be tidied: it is being read")

    def close(self) -> None:
        """Give every connection back; the last one out folds the WAL into the file."""
        self._reader.dispose()
        self._writer.dispose()


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file has this name; asked without opening it."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
