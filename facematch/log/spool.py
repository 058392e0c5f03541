"""Rows of the log that wait on this computer for a server, and the thread that sends them on."""

import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, func, select

from facematch.errors import LogUnavailable
from facematch.log.schema import calls, r_call
from facematch.log.sqlite_file import SqliteFile
from facematch.private import create_private

if sys.platform != "win32":
    import fcntl

RETRY_S = 2.0
IDLE_S = 30.0  # then it looks for rows that another process left
_CLOSE_S = 10.0
_BATCH = 50  # rows read at once; each is sent on and deleted by itself
_TURN_S, _PAUSE_S = 0.1, 0.02  # rows are sent for so long, then who wants to delete some has time to begin
_ASK_S = 0.005
_PATIENCE_S = 90.0  # one row may be under way for long while the server is silent
_DELETED = 500
_SENT = tuple(column for column in calls.c if column.name != "id")  # the id is the server's to give
_WAITING = select(func.coalesce(func.sum(r_call.c.n), 0))  # the cells know it without counting rows


class RowRefused(LogUnavailable):
    """The server answers, and does not take this row whatever the time."""


class Spool:
    """A SQLite file that any number of processes share.

    A row is deleted after the server has it. Who dies in between sends it again, and its ``uid`` keeps the server from
    taking it twice. A row that the server refuses stays, and holds up no other. Who sends and who deletes take turns by
    a lock on a file beside it: a row that was deleted is not under way any more, in whatever process.

    Args:
        path: The file; made with the first row that waits.
        send: Brings one row to the server, or raises `LogUnavailable`; `RowRefused` when only that row is to blame.
    """

    def __init__(self, path: Path, send: Callable[[Mapping[str, object]], object]) -> None:
        self._path = path
        self._lock = path.with_name(f"{path.name}.lock")
        self._send = send
        self._file: SqliteFile | None = None
        self._opening = threading.Lock()
        self._known = 0  # rows that waited when they could last be counted
        self._tidy = True  # no copy of a deleted row is left
        self._news, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="facematch-log-spool", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Rows in the file, of all processes."""
        try:
            if (file := self._found()) is not None:
                with file.reading() as db:
                    self._known = int(db.execute(_WAITING).scalar_one())
        except LogUnavailable:
            return self._known
        return 0 if file is None else self._known

    @property
    def out_of_reach(self) -> int:
        """Rows that only the newer version which wrote the file can search or send on."""
        file = self._found()
        return self.waiting if file is not None and file.read_only else 0

    def insert(self, row: Mapping[str, object]) -> None:
        """Keep a row, committed, until the server has it.

        Raises:
            LogUnavailable: It was not written.
        """
        self._opened().insert(row)
        self._news.set()

    def close(self) -> None:
        """End the thread; what it has not sent on waits for the next process."""
        self._ended.set()
        self._news.set()
        self._thread.join(_CLOSE_S)
        if self._file is not None:
            self._file.close()

    def count(self, *where: ColumnElement[bool]) -> Mapping[str, int]:
        """Rows that *where* names and that can be deleted, by environment.

        Raises:
            LogUnavailable: The file cannot be read.
        """
        file = self._ours()
        if file is None:
            return {}
        with file.reading() as db:
            found = db.execute(select(calls.c.env, func.count()).where(*where).group_by(calls.c.env)).all()
        return {row[0]: row[1] for row in found}

    def send(self, *where: ColumnElement[bool]) -> None:
        """Send on what *where* names, now.

        Raises:
            LogUnavailable: The server does not answer; rows that it refuses raise nothing.
        """
        file = self._ours()
        after: int | None = 0
        while file is not None and after is not None and not self._ended.is_set():
            with self._alone():
                after = self._send_some(file, after, *where)
            self._ended.wait(_PAUSE_S)

    def delete(self, *where: ColumnElement[bool]) -> Mapping[str, int]:
        """Delete what *where* names; rows by environment. None of them is sent to the server afterwards.

        Raises:
            LogUnavailable: They cannot be deleted, or others went on sending.
        """
        gone: Counter[str] = Counter()
        file = self._ours()
        if file is None:
            return gone
        batch = calls.delete().where(calls.c.id.in_(select(calls.c.id).where(*where).limit(_DELETED)))
        with self._alone():
            while True:
                with file.writing() as db:
                    envs = db.execute(batch.returning(calls.c.env)).scalars().all()
                if not envs:
                    return gone
                gone.update(envs)

    def tidy(self, *, whole: bool = False) -> bool:
        """As ``CallLog.tidy``, of this file.

        Raises:
            LogUnavailable: It cannot be done now.
        """
        file = self._ours()
        return file is None or file.tidy(whole=whole)

    def _opened(self) -> SqliteFile:
        with self._opening:
            if self._file is None:
                self._file = SqliteFile(self._path)
            return self._file

    def _found(self) -> SqliteFile | None:
        """The file, unless nobody has made it yet."""
        return self._opened() if self._path.exists() else None

    def _ours(self) -> SqliteFile | None:
        """The file, unless a newer version wrote it: its rows wait for that version."""
        file = self._found()
        return None if file is None or file.read_only else file

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other thread or process sends rows on, or deletes some, meanwhile. The system frees a dead one's lock."""
        try:
            create_private(self._lock)
            lock = os.open(self._lock, os.O_RDWR)
        except OSError as error:
            raise LogUnavailable(f"{self._lock} cannot be opened: {error.strerror}") from error
        try:
            self._take(lock)
            yield
        finally:
            os.close(lock)

    def _take(self, lock: int) -> None:
        until = time.monotonic() + _PATIENCE_S
        while sys.platform != "win32":
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if self._ended.wait(_ASK_S) or time.monotonic() > until:
                    raise LogUnavailable(f"calls that wait in {self._path} are just being sent on") from None
            except OSError:  # a file system without locks: rows must be sent even so
                return
            else:
                return

    def _work(self) -> None:
        while not self._ended.is_set():
            self._news.clear()
            try:
                self._send_all()
            except LogUnavailable:
                self._ended.wait(RETRY_S)
            else:
                self._news.wait(IDLE_S)

    def _send_all(self) -> None:
        self.send()
        if not self._tidy:
            self.tidy()
            self._tidy = True

    def _send_some(self, file: SqliteFile, after: int, *where: ColumnElement[bool]) -> int | None:
        """Send rows on for a moment; the id of the latest that was refused, None when there are no more."""
        until = time.monotonic() + _TURN_S
        rows = self._oldest(file, after, *where)
        for row in rows:
            try:
                self._send({column.name: row[column.name] for column in _SENT})
            except RowRefused:
                after = row["id"]
            else:
                _delete(file, row["uid"])
                self._tidy = False
            if time.monotonic() > until:
                break
        return after if rows else None

    def _oldest(self, file: SqliteFile, after: int, *where: ColumnElement[bool]) -> list[dict[str, Any]]:
        oldest = select(calls).where(calls.c.id > after, *where).order_by(calls.c.id).limit(_BATCH)
        with file.reading() as db:
            return [dict(row) for row in db.execute(oldest).mappings()]


def _delete(file: SqliteFile, uid: object) -> None:
    """By ``uid``: the file may have given the id to another row, after another process deleted this one."""
    with file.writing() as db:
        db.execute(calls.delete().where(calls.c.uid == uid))
