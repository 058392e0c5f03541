"""The service's state in PostgreSQL: connected to by URL, brought up to date, written by one at a time."""

from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from facematch.errors import StateUnavailable
from facematch.service.state.schema import VERSION, migrations, reached

_QUEUE = 0x464D5356  # of the advisory lock; the same number in every version of the program
_DRIVERS = ("postgresql", "postgresql+psycopg")
_PATIENCE: dict[str, Any] = {
    "connect_timeout": 5,  # seconds
    "tcp_user_timeout": 10_000,  # milliseconds; a server that vanished is noticed
    "application_name": "facematch",
}
_REMEDY = "look at FACEMATCH_STATE_URL and at the server"


def open_engine(url: str) -> tuple[Engine, str]:
    """Connections to a database that is up to date, and its name for messages.

    Raises:
        StateUnavailable: No such address, no answer, no permission, or a newer version wrote it.
    """
    address = _address(url)
    where = f"in PostgreSQL at {address.host or 'this machine'}, database {address.database or 'of the user'}"
    options = {name: value for name, value in _PATIENCE.items() if name not in address.query}
    # pre_ping: a server that was restarted costs no call; hide_parameters: values of a row never reach a message
    engine = create_engine(address, connect_args=options, pool_pre_ping=True, hide_parameters=True)
    try:
        with engine.connect() as db:
            version = _migrate(db)
    except DBAPIError as error:
        engine.dispose()
        raise StateUnavailable(f"no service state {where}: {reason(error)}; {_REMEDY}") from error
    if version > VERSION:
        engine.dispose()
        raise StateUnavailable(f"a newer version of the program wrote the service state {where}: use that version")
    return engine, where


def queue_up(db: Connection) -> None:
    """Wait until no other transaction writes; ends with the transaction."""
    db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _QUEUE})


def reason(error: Exception) -> str:
    """What the database said, without the statement, its values or the password."""
    said = error.orig if isinstance(error, DBAPIError) else None
    if said is None:
        return "no connection became free in time"
    if isinstance(said, psycopg.Error) and said.diag.message_primary:
        return said.diag.message_primary  # the detail names values of the row
    return next(iter(str(said).splitlines()), type(said).__name__)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number; both may quote the password
        raise StateUnavailable("FACEMATCH_STATE_URL is no postgresql:// address") from None
    if address.drivername not in _DRIVERS:
        raise StateUnavailable("FACEMATCH_STATE_URL must begin with postgresql:// or postgresql+psycopg://")
    return address.set(drivername=_DRIVERS[-1])


def _migrate(db: Connection) -> int:
    """Run the steps that are missing in one transaction and return the version now reached."""
    queue_up(db)
    version = _version(db)
    if version is None:
        reached.create(db)
        db.execute(reached.insert().values(version=0))
        version = 0
    for statement in migrations("postgresql")[version:]:
        db.exec_driver_sql(statement)
    if version < VERSION:
        db.execute(reached.update().values(version=VERSION))
    db.commit()
    return max(version, VERSION)


def _version(db: Connection) -> int | None:
    """None: not one of our tables is there. Asked first, for whoever may use the tables may not create any."""
    if db.execute(text("SELECT to_regclass(:name)"), {"name": reached.name}).scalar_one() is None:
        return None
    version: int = db.execute(select(reached.c.version)).scalar_one()
    return version
