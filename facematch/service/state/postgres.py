"""The service's state in PostgreSQL: what is its own there."""

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from facematch.errors import StateUnavailable
from facematch.postgres import Kind, Patience, connections, migrate, parsed, place, reason
from facematch.postgres import queue_up as stand_in_queue
from facematch.service.state.schema import migrations, reached

__all__ = ["open_engine", "queue_up", "reason"]

_KIND = Kind("service state", "FACEMATCH_STATE_URL", 0x464D5356, reached, migrations("postgresql"), StateUnavailable)


def open_engine(url: str) -> tuple[Engine, str]:
    """Connections to a database that is up to date, and its name for messages.

    Raises:
        StateUnavailable: No such address, no answer, no permission, or a newer version wrote it.
    """
    address = parsed(url, _KIND)
    where, engine = f"in {place(address)}", connections(address, Patience())
    try:
        with engine.connect() as db:
            version = migrate(db, _KIND)
    except DBAPIError as error:
        engine.dispose()
        raise StateUnavailable(f"no service state {where}: {reason(error)}; {_KIND.remedy}") from error
    if version > _KIND.version:
        engine.dispose()
        raise StateUnavailable(f"a newer version of the program wrote the service state {where}: use that version")
    return engine, where


def queue_up(db: Connection) -> None:
    """Wait until no other transaction writes; ends with the transaction."""
    stand_in_queue(db, _KIND)
