"""A SQLite file of ours: created private, in WAL mode, migrated, connected to.

Only one SQLite library may have the file open in a process, and nothing else may open it there at all: either way
the locks are lost, and with them rows.
"""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool, QueuePool

from facematch.errors import FaceMatchError
from facematch.private import create_private

BUSY_S = 10.0  # 1 s was enough with ten busy writers; a slow disk needs more
_PAUSE_S = 0.02
_PRAGMAS = (
    "foreign_keys = ON",
    "secure_delete = ON",  # deleted rows are overwritten; not every build of SQLite does so unasked
    "journal_size_limit = 67108864",  # bytes; a WAL that a long read made grow is cut back to this
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: how it is told from others, how it came to its present shape, what to raise about it."""

    name: str  # for messages: "call log"
    application_id: int  # in the file's header
    migrations: tuple[str, ...]  # append only: statement N takes a file from version N to N + 1
    unavailable: type[FaceMatchError]
    fit: Callable[[sqlite3.Connection], None] | None = None  # sees each new connection before it is used

    @property
    def version(self) -> int:
        """The version that this program writes."""
        return len(self.migrations)


@dataclass(frozen=True, slots=True)
class Opened:
    """How a file was found, after it was made ready."""

    version: int
    journal_mode: str  # "wal", or "delete" where the file system does not carry WAL
    too_new: bool  # a newer version of the program wrote it


def prepare(path: Path, kind: Kind) -> Opened:
    """Create the file when it is missing and bring it up to date; one a newer version wrote stays as it is.

    Raises:
        FaceMatchError: ``kind.unavailable``: it cannot be created, read or written, or it is not ours.
    """
    try:
        create_private(path)
        return _settle(path, kind)
    except OSError as error:
        raise kind.unavailable(f"no {kind.name} at {path}: {error.strerror}") from error
    except DBAPIError as error:
        raise kind.unavailable(f"no {kind.name} at {path}: {reason(error)}") from error


def connections(
    path: Path, *, pragmas: tuple[str, ...] = (), fit: Callable[[sqlite3.Connection], None] | None = None
) -> Engine:
    """A pool of connections that never create the file: SQLite would let everybody read it.

    Statements commit one by one unless the caller begins a transaction; *fit* is as ``Kind.fit``.
    """
    return _engine(path, pragmas, fit, pool=True)


def reason(error: Exception) -> str:
    """What SQLite said, without the statement or its values."""
    return str(error.orig) if isinstance(error, DBAPIError) else type(error).__name__


def begin(db: Connection) -> None:
    """Begin a transaction that sees one state of the file from its first question on."""
    db.exec_driver_sql("BEGIN")


def _settle(path: Path, kind: Kind) -> Opened:
    try:
        return _patiently(path, kind, "WAL")
    except OperationalError as refused:
        if _locked(refused):
            raise
        try:  # WAL needs memory shared between processes; who holds the file alone can do without, and leave WAL
            return _patiently(path, kind, "DELETE", "locking_mode = EXCLUSIVE")
        except OperationalError:
            raise refused from None


def _patiently(path: Path, kind: Kind, journal_mode: str, *pragmas: str) -> Opened:
    """Several processes may open a new file at once; SQLite then says "locked" at once, whatever its timeout."""
    engine = _engine(path, pragmas, kind.fit, pool=False)
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            with engine.connect() as db:
                return _open(db, kind, journal_mode)
        except OperationalError as error:
            if not _locked(error) or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_S)


def _open(db: Connection, kind: Kind, journal_mode: str) -> Opened:
    found = _version_of_ours(db, kind)
    if found > kind.version:
        return Opened(found, _text(db, "journal_mode"), too_new=True)
    db.exec_driver_sql("PRAGMA auto_vacuum = INCREMENTAL")  # only before the first table; lets a purge give space back
    granted = _text(db, f"journal_mode = {journal_mode}")
    version = _migrate(db, kind)
    return Opened(version, granted, version > kind.version)


def _migrate(db: Connection, kind: Kind) -> int:
    """Run the steps that are missing in one transaction and return the version now reached.

    Writes the version even when nothing was missing: on some file systems WAL mode is granted and the first write
    fails, which must show here and not at the first use.
    """
    db.exec_driver_sql("BEGIN IMMEDIATE")
    version = _number(db, "user_version")  # asked again: another process may have been first
    for statement in kind.migrations[version:]:
        db.exec_driver_sql(statement)
    db.exec_driver_sql(f"PRAGMA application_id = {kind.application_id}")
    db.exec_driver_sql(f"PRAGMA user_version = {max(version, kind.version)}")
    db.commit()
    return max(version, kind.version)


def _version_of_ours(db: Connection, kind: Kind) -> int:
    begin(db)  # one state for the three questions: another process may be creating the tables
    application, version = _number(db, "application_id"), _number(db, "user_version")
    tables = db.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
    db.rollback()
    if application != kind.application_id and (application or version or tables):
        raise kind.unavailable(f"no {kind.name}: the file is another program's database")
    return version


def _engine(
    path: Path, pragmas: tuple[str, ...], fit: Callable[[sqlite3.Connection], None] | None, *, pool: bool
) -> Engine:
    address = path.absolute().as_uri() + "?mode=rw"

    def connect() -> sqlite3.Connection:
        # isolation_level: transactions begin where we say so. The pool hands a connection to one thread at a time.
        raw = sqlite3.connect(address, uri=True, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            for pragma in (*_PRAGMAS, *pragmas):
                raw.execute(f"PRAGMA {pragma}")
            if fit is not None:
                fit(raw)
        except sqlite3.Error:
            raw.close()
            raise
        return raw

    # hide_parameters: values of a row never reach a message or a traceback
    return create_engine("sqlite://", creator=connect, hide_parameters=True, poolclass=QueuePool if pool else NullPool)


def _number(db: Connection, pragma: str) -> int:
    return int(db.exec_driver_sql(f"PRAGMA {pragma}").scalar_one())


def _text(db: Connection, pragma: str) -> str:
    return str(db.exec_driver_sql(f"PRAGMA {pragma}").scalar_one())


def _locked(error: OperationalError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
