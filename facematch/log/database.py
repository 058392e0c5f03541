"""The SQLite file of the log: created private, in WAL mode, migrated, connected to.

Only one SQLite library may have the file open in a process, and nothing else may open it there at all: either way
the locks are lost, and with them rows.
"""

import math
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool, QueuePool

from facematch.errors import LogUnavailable
from facematch.log.schema import APPLICATION_ID, MIGRATIONS, VERSION
from facematch.private import create_private

BUSY_S = 10.0  # 1 s was enough with ten busy writers; a slow disk needs more
_PAUSE_S = 0.02
_PRAGMAS = (
    "foreign_keys = ON",
    "secure_delete = ON",  # deleted rows are overwritten; not every build of SQLite does so unasked
    "journal_size_limit = 67108864",  # bytes; a WAL that a long read made grow is cut back to this
)


@dataclass(frozen=True, slots=True)
class Opened:
    """How a file was found, after it was made ready."""

    version: int
    journal_mode: str  # "wal", or "delete" where the file system does not carry WAL

    @property
    def too_new(self) -> bool:
        """Did a newer version of the program write it?"""
        return self.version > VERSION


def prepare(path: Path) -> Opened:
    """Create the file when it is missing and bring it up to date; one a newer version wrote stays as it is.

    Raises:
        LogUnavailable: It cannot be created, read or written, or it is not ours.
    """
    try:
        create_private(path)
        return _settle(path)
    except OSError as error:
        raise LogUnavailable(f"no call log at {path}: {error.strerror}") from error
    except DBAPIError as error:
        raise LogUnavailable(f"no call log at {path}: {reason(error)}") from error


def writer(path: Path, journal_mode: str) -> Engine:
    """Connections whose statements commit one by one."""
    # In WAL mode NORMAL loses nothing when the process dies; with a rollback journal only FULL is safe.
    return _engine(path, pragmas=(f"synchronous = {'NORMAL' if journal_mode == 'wal' else 'FULL'}",))


def reader(path: Path) -> Engine:
    """Connections that cannot write, and see one state of the log until they are given back."""
    engine = _engine(path, pragmas=("query_only = ON",))
    event.listen(engine, "begin", _begin)
    return engine


def reason(error: Exception) -> str:
    """What SQLite said, without the statement or its values."""
    return str(error.orig) if isinstance(error, DBAPIError) else type(error).__name__


def provide_ln(raw: sqlite3.Connection) -> None:
    """Give the connection ``ln()`` when its SQLite was built without mathematics; latencies are binned with it."""
    try:
        raw.execute("SELECT ln(1)").fetchone()
    except sqlite3.OperationalError:
        raw.create_function("ln", 1, lambda x: math.log(x) if x and x > 0 else None, deterministic=True)


def migrate(db: Connection) -> int:
    """Run the steps that are missing in one transaction and return the version now reached.

    Writes the version even when nothing was missing: on some file systems WAL mode is granted and the first write
    fails, which must show here and not at the first call.
    """
    db.exec_driver_sql("BEGIN IMMEDIATE")
    version = _number(db, "user_version")  # asked again: another process may have been first
    for statement in MIGRATIONS[version:]:
        db.exec_driver_sql(statement)
    db.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    db.exec_driver_sql(f"PRAGMA user_version = {max(version, VERSION)}")
    db.commit()
    return max(version, VERSION)


def _settle(path: Path) -> Opened:
    try:
        return _patiently(path, "WAL")
    except OperationalError as refused:
        if _locked(refused):
            raise
        try:  # WAL needs memory shared between processes; who holds the file alone can do without, and leave WAL
            return _patiently(path, "DELETE", "locking_mode = EXCLUSIVE")
        except OperationalError:
            raise refused from None


def _patiently(path: Path, journal_mode: str, *pragmas: str) -> Opened:
    """Several processes may open a new file at once; SQLite then says "locked" at once, whatever its timeout."""
    engine = _engine(path, pragmas=pragmas, pool=False)
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            with engine.connect() as db:
                return _open(db, journal_mode)
        except OperationalError as error:
            if not _locked(error) or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_S)


def _open(db: Connection, journal_mode: str) -> Opened:
    found = _version_of_ours(db)
    if found > VERSION:
        return Opened(found, _text(db, "journal_mode"))
    db.exec_driver_sql("PRAGMA auto_vacuum = INCREMENTAL")  # only before the first table; lets a purge give space back
    granted = _text(db, f"journal_mode = {journal_mode}")
    return Opened(migrate(db), granted)


def _version_of_ours(db: Connection) -> int:
    _begin(db)  # one state for the three questions: another process may be creating the tables
    application, version = _number(db, "application_id"), _number(db, "user_version")
    tables = db.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
    db.rollback()
    if application != APPLICATION_ID and (application or version or tables):
        raise LogUnavailable("no call log: the file is another program's database")
    return version


def _engine(path: Path, *, pragmas: tuple[str, ...] = (), pool: bool = True) -> Engine:
    """An engine whose connections never create the file: SQLite would let everybody read it."""
    address = path.absolute().as_uri() + "?mode=rw"

    def connect() -> sqlite3.Connection:
        # isolation_level: transactions begin where we say so. The pool hands a connection to one thread at a time.
        raw = sqlite3.connect(address, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            for pragma in (*_PRAGMAS, *pragmas):
                raw.execute(f"PRAGMA {pragma}")
            provide_ln(raw)
        except sqlite3.Error:
            raw.close()
            raise
        return raw

    # hide_parameters: values of a row never reach a message or a traceback
    return create_engine("sqlite://", creator=connect, hide_parameters=True, poolclass=QueuePool if pool else NullPool)


def _begin(db: Connection) -> None:
    db.exec_driver_sql("BEGIN")


def _number(db: Connection, pragma: str) -> int:
    return int(db.exec_driver_sql(f"PRAGMA {pragma}").scalar_one())


def _text(db: Connection, pragma: str) -> str:
    return str(db.exec_driver_sql(f"PRAGMA {pragma}").scalar_one())


def _locked(error: OperationalError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
