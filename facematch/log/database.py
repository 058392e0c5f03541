"""The SQLite file of the log: what it is, and how it is written and read."""

import math
import sqlite3
from pathlib import Path

from sqlalchemy import Engine, event

from facematch.database import Kind, Opened, begin, connections, reason
from facematch.database import prepare as prepare_file
from facematch.errors import LogUnavailable
from facematch.log.schema import APPLICATION_ID, MIGRATIONS

__all__ = ["prepare", "provide_mathematics", "reader", "reason", "writer"]


def prepare(path: Path) -> Opened:
    """Create the file when it is missing and bring it up to date; one a newer version wrote stays as it is.

    Raises:
        LogUnavailable: It cannot be created, read or written, or it is not ours.
    """
    return prepare_file(path, Kind("call log", APPLICATION_ID, MIGRATIONS, LogUnavailable, provide_mathematics))


def writer(path: Path, journal_mode: str) -> Engine:
    """Connections whose statements commit one by one."""
    # In WAL mode NORMAL loses nothing when the process dies; with a rollback journal only FULL is safe.
    synchronous = "NORMAL" if journal_mode == "wal" else "FULL"
    return connections(path, pragmas=(f"synchronous = {synchronous}",), fit=provide_mathematics)


def reader(path: Path) -> Engine:
    """Connections that cannot write, and see one state of the log until they are given back."""
    engine = connections(path, pragmas=("query_only = ON",), fit=provide_mathematics)
    event.listen(engine, "begin", begin)
    return engine


def provide_mathematics(raw: sqlite3.Connection) -> None:
    """Give the connection ``ln()`` and ``floor()`` when its SQLite was built without: cells are made with them."""
    try:
        raw.execute("SELECT floor(ln(1))").fetchone()
    except sqlite3.OperationalError:
        raw.create_function("ln", 1, lambda x: math.log(x) if x and x > 0 else None, deterministic=True)
        raw.create_function("floor", 1, lambda x: None if x is None else math.floor(x), deterministic=True)
