"""The call log as the program uses it: record a call, read what was recorded."""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import sqlalchemy

from facematch import __version__
from facematch.errors import LogUnavailable, LogWaiting
from facematch.log.draft import Draft
from facematch.log.keys import Key
from facematch.log.sqlite_file import SqliteFile

_LOG = logging.getLogger("facematch.log")


class Store(Protocol):
    """Where the rows are: a file, or a server with a spool before it. Each method raises LogUnavailable."""

    place: str  # for messages, without a password
    form: str  # "wal", "delete" or "postgresql"
    read_only: bool  # a newer version wrote it

    @property
    def waiting(self) -> int:
        """Rows that wait on this computer to be sent on."""

    def insert(self, row: Mapping[str, object]) -> int:
        """Write one row of ``calls``; its id."""

    def writing(self) -> AbstractContextManager[sqlalchemy.Connection]:
        """A transaction that ends with the block."""

    def reading(self) -> AbstractContextManager[sqlalchemy.Connection]:
        """A connection that cannot write and sees one state."""

    def tidy(self, *, deleted: bool = True, whole: bool = False) -> bool:
        """After deletions: leave no copy of what was deleted; whether none can be left."""

    def close(self) -> None:
        """Give every connection back."""


class CallLog:
    """Append-only store of calls; any number of threads and processes may share one.

    A log that a newer version wrote can be read; calls then go unrecorded, and ``trouble`` says so.

    Args:
        place: A SQLite file, or the URL of a PostgreSQL database.
        key: Of the digests; without one none is kept.
        spool: The SQLite file where rows wait while that database does not answer.

    Raises:
        LogUnavailable: The file cannot be created, read or written, or is not ours; a server that is down is no error.
    """

    def __init__(self, place: Path | str, *, key: Key | None = None, spool: Path | None = None) -> None:
        self.key = key
        self._trouble: LogUnavailable | None = None
        self._store = _store(place, spool)

    @property
    def trouble(self) -> LogUnavailable | None:
        """Why the latest call was not written; None when it was, or has been sent on since."""
        if isinstance(self._trouble, LogWaiting) and not self.waiting:
            self._trouble = None
        return self._trouble

    @property
    def place(self) -> str:
        """The file, or the server and the database."""
        return self._store.place

    @property
    def form(self) -> str:
        """SQLite's journal mode, "wal" or "delete"; or "postgresql"."""
        return self._store.form

    @property
    def read_only(self) -> bool:
        """Whether a newer version wrote it."""
        return self._store.read_only

    @property
    def waiting(self) -> int:
        """Rows that wait on this computer for a server that does not answer."""
        return self._store.waiting

    @contextmanager
    def recording(self, *, env: str, endpoint: str, mode: str, request_id: str, attempt: int = 1) -> Iterator[Draft]:
        """Time the block and write one row for it, also when the block raises; a failure to write raises nothing."""
        call = {"env": env, "endpoint": endpoint, "mode": mode, "request_id": request_id, "attempt": attempt}
        draft, start = Draft(ts_ms=time.time_ns() // 1_000_000), time.perf_counter()
        try:
            yield draft
        except BaseException as error:
            draft.fail(error)
            raise
        finally:
            draft.latency_ms = (time.perf_counter() - start) * 1000
            self._write(draft, call)

    def reading(self) -> AbstractContextManager[sqlalchemy.Connection]:
        """A connection that cannot write and sees one state of the log; keep it short, the log grows meanwhile.

        Raises:
            LogUnavailable: The log cannot be read.
        """
        return self._store.reading()

    def writing(self) -> AbstractContextManager[sqlalchemy.Connection]:
        """A transaction, for what changes rows that are there: reviews, purges, rollups made anew.

        Raises:
            LogUnavailable: The log cannot be written, or a newer version wrote it.
        """
        return self._store.writing()

    def tidy(self, *, deleted: bool = True, whole: bool = False) -> bool:
        """After deletions: leave no copy of what was deleted; whether none can be left.

        Args:
            deleted: Whether rows were deleted since the last time.
            whole: Do it to a large file as well, whose writers then wait for long; nothing to a server.

        Raises:
            LogUnavailable: It cannot be done now.
        """
        return self._store.tidy(deleted=deleted, whole=whole)

    def close(self) -> None:
        """Give every connection back."""
        self._store.close()

    def _write(self, draft: Draft, call: Mapping[str, object]) -> None:
        try:
            draft.id = self._store.insert({**draft.row(self.key), **call, "client_version": __version__})
        except LogUnavailable as trouble:
            self._report(trouble)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the log, the call has its own result
            why = type(error).__name__
            self._report(LogUnavailable(f"the call log at {self.place} cannot be written: {why}"))
        else:
            self._trouble = None

    def _report(self, trouble: LogUnavailable) -> None:
        if self._trouble is None:
            _LOG.warning("%s", trouble)
        self._trouble = trouble


def _store(place: Path | str, spool: Path | None) -> Store:
    if isinstance(place, Path):
        return SqliteFile(place)
    from facematch.log.server import Server  # a file's user does not load the driver

    return Server(place, spool)
