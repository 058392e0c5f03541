"""Rows of the log that wait on this computer for a server, and the thread that sends them on."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from facematch.errors import LogUnavailable
from facematch.log.schema import calls, r_call
from facematch.log.sqlite_file import SqliteFile

RETRY_S = 2.0
IDLE_S = 30.0  # then it looks for rows that another process left
_CLOSE_S = 10.0
_BATCH = 50  # rows read at once; each is sent on and deleted by itself
_SENT = tuple(column for column in calls.c if column.name != "id")  # the id is the server's to give
_WAITING = select(func.coalesce(func.sum(r_call.c.n), 0))  # the cells know it without counting rows


class RowRefused(LogUnavailable):
    """The server answers, and does not take this row whatever the time."""


class Spool:
    """A SQLite file that any number of processes share.

    A row is deleted after the server has it. Who dies in between sends it again, and its ``uid`` keeps the server from
    taking it twice. A row that the server refuses stays, and holds up no other.

    Args:
        path: The file; made with the first row that waits.
        send: Brings one row to the server, or raises `LogUnavailable`; `RowRefused` when only that row is to blame.
    """

    def __init__(self, path: Path, send: Callable[[Mapping[str, object]], object]) -> None:
        self._path = path
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

    def _opened(self) -> SqliteFile:
        with self._opening:
            if self._file is None:
                self._file = SqliteFile(self._path)
            return self._file

    def _found(self) -> SqliteFile | None:
        """The file, unless nobody has made it yet."""
        return self._opened() if self._path.exists() else None

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
        file = self._found()
        if file is None or file.read_only:  # a newer version's rows wait for that version
            return
        refused = 0  # the id of the last row that was
        while (rows := self._oldest(file, refused)) and not self._ended.is_set():
            for row in rows:
                try:
                    self._send({column.name: row[column.name] for column in _SENT})
                except RowRefused:
                    refused = row["id"]
                else:
                    _delete(file, row["uid"])
                    self._tidy = False
        if not self._tidy:
            file.tidy()
            self._tidy = True

    def _oldest(self, file: SqliteFile, after: int) -> list[dict[str, Any]]:
        oldest = select(calls).where(calls.c.id > after).order_by(calls.c.id).limit(_BATCH)
        with file.reading() as db:
            return [dict(row) for row in db.execute(oldest).mappings()]


def _delete(file: SqliteFile, uid: object) -> None:
    """By ``uid``: the file may have given the id to another row, after another process deleted this one."""
    with file.writing() as db:
        db.execute(calls.delete().where(calls.c.uid == uid))
