"""A log in PostgreSQL. What the server does not take now waits in a spool on this computer."""

import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy
from sqlalchemy import Column, Engine, Integer, MetaData, Table, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from facematch.errors import LogTooNew, LogUnavailable, LogWaiting
from facematch.log.schema import APPLICATION_ID, POSTGRES_MIGRATIONS, calls
from facematch.log.spool import RowRefused, Spool
from facematch.postgres import Kind, Patience, connections, migrate, parsed, place, queue_up, reason

PAUSE_S = 5.0  # after silence no call asks the server for that long; the spool's thread asks more often
_ATTEMPT_S = 60.0  # while that thread asks, calls do not: to look a name up may take long
_KIND = Kind(
    "call log",
    "FACEMATCH_LOG_URL",
    APPLICATION_ID,
    Table("fm_log_version", MetaData(), Column("version", Integer, nullable=False)),
    POSTGRES_MIGRATIONS,
    LogUnavailable,
)
# lock_s is shorter than the second after which PostgreSQL looks for a deadlock: the call gives way, and comes again
_FOR_CALLS = Patience(answer_s=2.0, connect_s=2, pool_s=2.0, lock_s=0.5, ping=False)
_FOR_SPOOL = Patience(answer_s=30.0, connect_s=10, lock_s=0.5, ping=False)  # a slow server gets its rows, too
_FOR_PAGES = Patience(answer_s=300.0)
_COMES_AGAIN_S = 1.0
_INSERT = (
    insert(calls)
    .on_conflict_do_nothing(index_elements=[calls.c.uid], index_where=calls.c.uid.is_not(None))
    .returning(calls.c.id)
)


class Server:
    """Any number of processes on any number of computers may share the database.

    A server that is down, or goes down, is no error: rows go to the spool.

    Raises:
        LogUnavailable: *url* is no address of PostgreSQL.
    """

    form = "postgresql"

    def __init__(self, url: str, spool: Path | None) -> None:
        address = parsed(url, _KIND)
        self.place = place(address)
        self.read_only = False  # a newer version wrote it
        self._calls = connections(address, _FOR_CALLS).execution_options(isolation_level="AUTOCOMMIT")
        self._sender = connections(address, _FOR_SPOOL).execution_options(isolation_level="AUTOCOMMIT")
        self._pages = connections(address, _FOR_PAGES)
        self._reader = self._pages.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._opening, self._is_open = threading.Lock(), False
        self._silence = ""  # why the server counts as silent
        self._silent_until = 0.0  # by the monotonic clock
        try:
            self._open()
        except LogUnavailable as trouble:
            self._hush(trouble)
        self.spool = None if spool is None else Spool(spool, self._send_on)

    def insert(self, row: Mapping[str, object]) -> int:
        """Write one row of ``calls``; its id.

        Raises:
            LogWaiting: The server did not take it; it is safe in the spool.
            LogUnavailable: It was written nowhere.
        """
        row = {"uid": uuid.uuid4().hex, **{name: _storable(value) for name, value in row.items()}}
        try:
            self._refuse_to_wait()
            written = self._put(row, self._calls)
        except (RowRefused, LogTooNew):
            raise
        except LogUnavailable as trouble:
            if self.spool is None:
                raise
            self._keep(self.spool, row, trouble)
            raise LogWaiting(f"{trouble}; the call waits on this computer") from trouble
        if written is None:
            raise LogUnavailable(f"the call was deleted from the call log in {self.place} as soon as it was written")
        return written

    @contextmanager
    def writing(self) -> Iterator[sqlalchemy.Connection]:
        """A transaction that ends with the block: kept, or undone when the block raises.

        Such transactions stand in one queue over all processes. New calls do not, and give way to them.

        Raises:
            LogTooNew: A newer version wrote the log.
            LogUnavailable: It cannot be written.
        """
        self._open()
        self._refuse_newer()
        with self._told("written"), self._pages.connect() as db:
            queue_up(db, _KIND)
            yield db
            db.commit()

    @contextmanager
    def reading(self) -> Iterator[sqlalchemy.Connection]:
        """A connection that cannot write and sees one state of the log.

        Raises:
            LogUnavailable: The log cannot be read.
        """
        self._open()
        with self._told("read"), self._reader.connect() as db:
            yield db

    def tidy(self, *, deleted: bool = True, whole: bool = False) -> bool:
        """Nothing to do: PostgreSQL's autovacuum clears what was deleted, in its own time."""
        return not deleted

    def close(self) -> None:
        """Give every connection back; what waits in the spool is sent on by the next process."""
        if self.spool is not None:
            self.spool.close()
        for engine in (self._calls, self._sender, self._pages):
            engine.dispose()

    def _open(self) -> None:
        """Bring the database up to date, once; a call does not wait while another thread does."""
        if self._is_open:
            return
        if not self._opening.acquire(timeout=_FOR_CALLS.pool_s):
            raise LogUnavailable(f"the call log in {self.place} is being brought up to date")
        try:
            with self._told("opened"), self._pages.connect() as db:
                self.read_only = migrate(db, _KIND) > _KIND.version
            self._is_open = True
        finally:
            self._opening.release()

    def _put(self, row: Mapping[str, object], engine: Engine) -> int | None:
        """Write one row, or find it written before; None: and deleted since."""
        start = time.monotonic()
        while True:
            try:
                found = self._write(row, engine)
            except LogTooNew:
                raise
            except LogUnavailable as trouble:
                why = trouble.__cause__
                if _is_of_row(why):
                    raise RowRefused(str(trouble)) from why
                if not _passes(why) or time.monotonic() > start + _COMES_AGAIN_S:
                    self._hush(trouble)
                    raise
            else:
                self._silent_until = 0.0
                return found

    def _write(self, row: Mapping[str, object], engine: Engine) -> int | None:
        self._open()
        self._refuse_newer()
        with self._told("written"), engine.connect() as db:
            written: int | None = db.execute(_INSERT, dict(row)).scalar_one_or_none()
            if written is None:
                written = db.execute(select(calls.c.id).where(calls.c.uid == row["uid"])).scalar_one_or_none()
            return written

    def _hush(self, trouble: LogUnavailable) -> None:
        """From now on calls do not wait for a server that did not answer this one."""
        if _is_silence(trouble.__cause__):
            self._silence, self._silent_until = str(trouble), time.monotonic() + PAUSE_S

    def _send_on(self, row: Mapping[str, object]) -> None:
        """A row of the spool; as long as the server is silent only the spool's thread waits for it."""
        if self._silent_until:
            self._silent_until = time.monotonic() + _ATTEMPT_S
        self._put(row, self._sender)

    def _refuse_to_wait(self) -> None:
        if time.monotonic() < self._silent_until:
            raise LogUnavailable(self._silence)

    def _refuse_newer(self) -> None:
        if self.read_only:
            raise LogTooNew(f"a newer version wrote the call log in {self.place}: calls are not recorded")

    def _keep(self, spool: Spool, row: Mapping[str, object], trouble: LogUnavailable) -> None:
        try:
            spool.insert(row)
        except LogUnavailable as worse:
            raise LogUnavailable(f"{trouble}; nor can the call wait on this computer: {worse}") from worse

    @contextmanager
    def _told(self, done: str) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, NoConnection) as error:
            raise LogUnavailable(f"the call log in {self.place} cannot be {done}: {reason(error)}") from error


def _storable(value: object) -> object:
    """As SQLite does: what is no number is not known."""
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124 - only NaN differs from itself


def _sqlstate(error: BaseException | None) -> str | None:
    """PostgreSQL's word for what is wrong; None when the trouble is on the way to it."""
    return error.orig.sqlstate if isinstance(error, DBAPIError) and isinstance(error.orig, psycopg.Error) else None


def _is_of_row(error: BaseException | None) -> bool:
    """Whether a value, or a rule that the row breaks, is to blame: no other time will be better."""
    code = _sqlstate(error)
    if code is None:
        said = error.orig if isinstance(error, DBAPIError) else None
        return isinstance(said, (psycopg.DataError, psycopg.ProgrammingError))
    return code[:2] in ("22", "23") or code == "42804"  # values, constraints, types


def _is_silence(error: BaseException | None) -> bool:
    """Whether the next call might wait, too."""
    if error is None:  # we did not ask
        return False
    code = _sqlstate(error)
    return code is None or code[:3] in ("080", "57P") or code in ("53300", "55P03")  # connections, shutdown, locks


def _passes(error: BaseException | None) -> bool:
    """Whether another attempt at once is worth it: after a deadlock, or on a connection that had died unnoticed."""
    gone = isinstance(error, DBAPIError) and error.connection_invalidated
    return gone or _sqlstate(error) in ("40001", "40P01", "55P03")
