"""Rows that wait in a spool, rows that arrived at the server, and processes that send them on."""

import subprocess
import sys
import uuid
from pathlib import Path

from log_places import sql
from sqlalchemy import select

import facematch
from facematch.log.schema import calls
from facematch.log.sqlite_file import SqliteFile

ROOT = Path(facematch.__file__).parents[1]
ROW = {"ts_ms": 0, "env": "e", "endpoint": "match", "mode": "photo", "outcome": "ok", "client_version": "0"}
LOG = """
import sys
from pathlib import Path
from facematch.log import CallLog
log = CallLog(sys.argv[1], spool=Path(sys.argv[2]))
print(log.waiting, flush=True)
sys.stdin.read()
"""


def leave(spool: Path, *names: str, **values: object) -> None:
    """Rows that an earlier process left in the spool."""
    file = SqliteFile(spool)
    for name in names:
        file.insert({**ROW, "request_id": name, "uid": uuid.uuid4().hex, **values})
    file.close()


def arrived(url: str) -> list[object]:
    return [name for (name,) in sql(url, "SELECT request_id FROM calls ORDER BY id")]


def left(file: SqliteFile) -> int:
    with file.reading() as db:
        return len(db.execute(select(calls.c.id)).all())


def process(url: str, spool: Path) -> subprocess.Popen[str]:
    """One that opens the log, says how many rows wait and sends them on, until its input ends."""
    command = [sys.executable, "-c", LOG, url, str(spool)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
