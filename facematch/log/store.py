"""The call log as the program uses it: record a call, read what was recorded."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import sqlalchemy

from facematch import __version__
from facematch.errors import LogUnavailable, LogWaiting
from facematch.log.draft import Draft
from facematch.log.keys import Key
from facematch.log.spool import Spool
from facematch.log.sqlite_file import SqliteFile

LEAST_S = 0.25  # a row is waited for at least so long, whatever the time of its call: that the log is busy is rare
BUSY = "the call log is busy: the call is written when it is free"
_SERVER_WRITERS = 4  # the way to a server is long; a file is written by one at a time, and in order
_LOG = logging.getLogger("facematch.log")

By = float | Callable[[], float] | None
"""Until when a call waits for its row, in ``time.monotonic()`` seconds, or who is asked that after the call."""


class Store(Protocol):
    """Where the rows are: a file, or a server with a spool before it. Each method raises LogUnavailable."""

    place: str  # for messages, without a password
    form: str  # "wal", "delete" or "postgresql"
    read_only: bool  # a newer version wrote it

    @property
    def spool(self) -> Spool | None:
        """The rows that wait on this computer to be sent on."""

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
        self._writers = 1 if isinstance(place, Path) else _SERVER_WRITERS
        self._handing = threading.Lock()  # a row is not handed to a writer that is just being closed
        self._writer = self._new_writer()
        self._late: set[Future[int | None]] = set()  # rows under way whose calls went on

    @property
    def trouble(self) -> LogUnavailable | None:
        """Why the latest call was not written, or not yet; None when it was, or has been since."""
        if self._late:
            return LogUnavailable(BUSY)
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
        return 0 if self.spool is None else self.spool.waiting

    @property
    def spool(self) -> Spool | None:
        """Those rows; None of a log in a file."""
        return self._store.spool

    @contextmanager
    def recording(
        self, *, env: str, endpoint: str, mode: str, request_id: str, attempt: int = 1, by: By = None
    ) -> Iterator[Draft]:
        """Time the block and write one row for it, also when the block raises; a failure to write raises nothing.

        The row is there when the block is left and there is no ``trouble``. After *by* nobody waits for it: it is
        written as soon as the log is free, at the latest while the log is closed or the program ends.
        """
        call = {"env": env, "endpoint": endpoint, "mode": mode, "request_id": request_id, "attempt": attempt}
        draft, start = Draft(ts_ms=time.time_ns() // 1_000_000), time.perf_counter()
        try:
            yield draft
        except BaseException as error:
            draft.fail(error)
            raise
        finally:
            draft.latency_ms = (time.perf_counter() - start) * 1000
            self._write(draft, call, by)

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
        """Wait for the rows that are under way, and give every connection back."""
        with self._handing:
            writer, self._writer = self._writer, self._new_writer()
        writer.shutdown()
        self._store.close()

    def _new_writer(self) -> ThreadPoolExecutor:
        """Has no thread before its first row; its threads end their work before the program does."""
        return ThreadPoolExecutor(self._writers, "facematch-log")

    def _write(self, draft: Draft, call: Mapping[str, object], by: By) -> None:
        try:
            row = {**draft.row(self.key), **call, "client_version": __version__}
            under_way = self._hand_over(row)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the log, the call has its own result
            self._report(self._unwritten(error))
            return
        by = by() if callable(by) else by
        try:
            draft.id = under_way.result(None if by is None else max(LEAST_S, by - time.monotonic()))
        except TimeoutError:
            self._leave(under_way)

    def _hand_over(self, row: Mapping[str, object]) -> Future[int | None]:
        try:
            with self._handing:
                return self._writer.submit(self._insert, row)
        except RuntimeError:  # the main thread has ended, and a thread of the caller's goes on: it writes for itself
            done: Future[int | None] = Future()
            done.set_result(self._insert(row))
            return done

    def _insert(self, row: Mapping[str, object]) -> int | None:
        """In a thread of the log's own; None: the row was not written, and ``trouble`` says why."""
        try:
            written = self._store.insert(row)
        except LogUnavailable as trouble:
            self._report(trouble)
        except Exception as error:  # noqa: BLE001 - as above
            self._report(self._unwritten(error))
        else:
            self._trouble = None
            return written
        return None

    def _leave(self, under_way: Future[int | None]) -> None:
        if not self._late:
            _LOG.warning("%s", BUSY)
        self._late.add(under_way)
        under_way.add_done_callback(self._late.discard)  # at once when it was written this very moment

    def _unwritten(self, error: Exception) -> LogUnavailable:
        return LogUnavailable(f"the call log at {self.place} cannot be written: {type(error).__name__}")

    def _report(self, trouble: LogUnavailable) -> None:
        if self._trouble is None:
            _LOG.warning("%s", trouble)
        self._trouble = trouble


def _store(place: Path | str, spool: Path | None) -> Store:
    if isinstance(place, Path):
        return SqliteFile(place)
    from facematch.log.server import Server  # a file's user does not load the driver

    return Server(place, spool)
