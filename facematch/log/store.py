"""The call log as the program uses it: record a call, read what was recorded."""

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from facematch import __version__
from facematch.errors import LogTooNew, LogUnavailable
from facematch.log import database
from facematch.log.draft import Draft
from facematch.log.keys import Key
from facematch.log.schema import calls

_LOG = logging.getLogger("facematch.log")
_INSERT = calls.insert()


class CallLog:
    """Append-only store of calls; any number of threads and processes may share a file.

    A log that a newer version wrote can be read; calls then go unrecorded, and ``trouble`` says so.

    Raises:
        LogUnavailable: The file cannot be created, read or written, or is not ours.
    """

    def __init__(self, path: Path, *, key: Key | None = None) -> None:
        self.path = path
        self.key = key
        self.trouble: LogUnavailable | None = None  # why the latest call was not written; None when it was
        self._writing = threading.Lock()  # SQLite's own queue of writers is unfair: without it the worst wait trebles
        self._open()

    def _open(self) -> None:
        opened = database.prepare(self.path)
        self.read_only = opened.too_new
        self.journal_mode = opened.journal_mode
        self._writer = database.writer(self.path, opened.journal_mode)
        self._reader = database.reader(self.path)
        self._file = _identity(self.path)

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

    @contextmanager
    def reading(self) -> Iterator[sqlalchemy.Connection]:
        """A connection that cannot write and sees one state of the log; keep it short, the log grows meanwhile.

        Raises:
            LogUnavailable: The log cannot be read.
        """
        try:
            with self._reader.connect() as db:
                yield db
        except (DBAPIError, NoConnection) as error:
            raise LogUnavailable(f"the call log at {self.path} cannot be read: {database.reason(error)}") from error

    def close(self) -> None:
        """Give every connection back; the last one out folds the WAL into the file."""
        self._reader.dispose()
        self._writer.dispose()

    def _write(self, draft: Draft, call: Mapping[str, object]) -> None:
        try:
            self._insert(draft, call)
        except LogUnavailable as trouble:
            self._report(trouble)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the log, the call has its own result
            self._report(LogUnavailable(f"the call log at {self.path} cannot be written: {database.reason(error)}"))
        else:
            self.trouble = None

    def _insert(self, draft: Draft, call: Mapping[str, object]) -> None:
        row = {**draft.row(self.key), **call, "client_version": __version__}
        with self._writing:
            if self._file != _identity(self.path):  # deleted or replaced under us: what we hold has no name any more
                self.close()
                self._open()
            if self.read_only:
                raise LogTooNew(f"a newer version wrote the call log at {self.path}: calls are not recorded")
            with self._writer.connect() as db:
                draft.id = db.execute(_INSERT, row).lastrowid
                db.commit()

    def _report(self, trouble: LogUnavailable) -> None:
        if self.trouble is None:
            _LOG.warning("%s", trouble)
        self.trouble = trouble


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file has this name; asked without opening it."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
