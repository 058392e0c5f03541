"""A PostgreSQL database of ours: connected to by URL, brought up to date, spoken of without its password."""

import time
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from facematch.errors import FaceMatchError

_DRIVERS = ("postgresql", "postgresql+psycopg")
_CONNECT_S = 5
_OPTIONS: dict[str, Any] = {
    "tcp_user_timeout": 10_000,  # milliseconds; a server that vanished is noticed
    "application_name": "facematch",
}
_QUOTING = "22"  # the class of errors whose message repeats the value


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of database: how it came to its present shape, and what to say and raise about it."""

    name: str  # for messages: "service state"
    variable: str  # where the operator wrote the URL
    queue: int  # number of the advisory lock; the same in every version of the program
    reached: Table  # one row, one column: the version
    migrations: tuple[str, ...]  # append only: statement N takes a database from version N to N + 1
    unavailable: type[FaceMatchError]

    @property
    def version(self) -> int:
        """The version that this program writes."""
        return len(self.migrations)

    @property
    def remedy(self) -> str:
        """What to do when the database does not answer."""
        return f"look at {self.variable} and at the server"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a server that may be gone; None: as long as the network does."""

    answer_s: float | None = None  # for each statement
    connect_s: int = _CONNECT_S  # not under 2; an address of several servers: for each
    pool_s: float = 30.0  # for a connection while all are in use
    lock_s: float | None = None  # for what another transaction holds
    ping: bool = True  # ask before each use, so that a server that was restarted costs no statement


def parsed(url: str, kind: Kind) -> URL:
    """The address, with our driver.

    Raises:
        FaceMatchError: ``kind.unavailable``: it is none, or another database's; it is not repeated.
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number; both may quote the password
        raise kind.unavailable(f"{kind.variable} is no postgresql:// address") from None
    if address.drivername not in _DRIVERS:
        raise kind.unavailable(f"{kind.variable} must begin with postgresql:// or postgresql+psycopg://")
    return address.set(drivername=_DRIVERS[-1])


def place(address: URL) -> str:
    """Server and database, for messages."""
    return f"PostgreSQL at {address.host or 'this machine'}, database {address.database or 'of the user'}"


def connections(address: URL, patience: Patience) -> Engine:
    """A pool of connections, none of which is made yet."""
    given = {**_OPTIONS, "connect_timeout": patience.connect_s}
    options = {name: value for name, value in given.items() if name not in address.query}
    # hide_parameters: values of a row never reach a message or a traceback
    engine = create_engine(
        address,
        connect_args=options,
        pool_pre_ping=patience.ping,
        pool_timeout=patience.pool_s,
        hide_parameters=True,
    )

    def connect(dialect: object, record: object, args: list[Any], words: dict[str, Any]) -> psycopg.Connection[Any]:
        connection = _Connection.connect(*args, **words)
        connection.patience_s = patience.answer_s
        if patience.lock_s is not None:
            connection.execute(f"SET lock_timeout = {round(patience.lock_s * 1000)}")
            connection.commit()
        return connection

    event.listen(engine, "do_connect", connect)
    return engine


def migrate(db: Connection, kind: Kind) -> int:
    """Run the steps that are missing in one transaction and return the version now reached."""
    queue_up(db, kind)
    version = _version(db, kind)
    if version is None:
        kind.reached.create(db)
        db.execute(kind.reached.insert().values(version=0))
        version = 0
    for statement in kind.migrations[version:]:
        db.exec_driver_sql(statement)
    if version < kind.version:
        db.execute(kind.reached.update().values(version=kind.version))
    db.commit()
    return max(version, kind.version)


def queue_up(db: Connection, kind: Kind) -> None:
    """Wait until no other transaction that queued up is under way; ends with the transaction."""
    db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": kind.queue})


def reason(error: Exception) -> str:
    """What the database said, without the statement, its values or the password."""
    said = error.orig if isinstance(error, DBAPIError) else None
    if said is None:
        return "no connection became free in time"
    if isinstance(said, psycopg.Error) and (said.sqlstate or "").startswith(_QUOTING):
        return type(said).__name__
    if isinstance(said, psycopg.Error) and said.diag.message_primary:
        return said.diag.message_primary  # the detail names values of the row
    return next(iter(str(said).splitlines()), type(said).__name__)


class _Connection(psycopg.Connection[Any]):
    """Gives up on a server that takes statements and does not answer, as one that was suspended does."""

    patience_s: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        limit = self.patience_s if timeout is None else timeout
        until = None if limit is None else time.monotonic() + limit
        try:
            return super().wait(gen, interval, limit)
        except psycopg.OperationalError as error:
            if self.closed or error.sqlstate is not None or until is None or time.monotonic() < until:
                raise
            self.close()  # what it was asked may still come to pass, and nothing else may be asked through it
            raise psycopg.OperationalError(f"no answer within {limit:g} s") from None


def _version(db: Connection, kind: Kind) -> int | None:
    """None: not one of our tables is there. Asked first, for whoever may use the tables may not create any."""
    if db.execute(text("SELECT to_regclass(:name)"), {"name": kind.reached.name}).scalar_one() is None:
        return None
    version: int = db.execute(select(kind.reached.c.version)).scalar_one()
    return version
