"""The worker processes that share the state: who lives, who is gone."""

import hashlib
import os
import platform
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, select

from facematch.service.state.schema import workers

SILENT_MS = 10_000  # a worker that has not been heard for longer counts as gone


def _place() -> str:
    """What a pid is a number of: two containers may share a name and not their processes."""
    parts = [platform.node()]
    for source in ("/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid"):
        path = Path(source)
        if path.is_symlink():
            parts.append(str(path.readlink()))
        elif path.exists():
            parts.append(path.read_text())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Worker:
    """One opened state of one process."""

    id: str = field(default_factory=lambda: secrets.token_hex(8))
    place: str = field(default_factory=_place)
    pid: int = field(default_factory=os.getpid)

    def beat(self, db: Connection, now_ms: int) -> bool:
        """Write that it lives; False when it had been silent for so long that others may have counted it as gone."""
        ours = workers.c.id == self.id
        last = db.execute(select(workers.c.beat_ms).where(ours)).scalar_one_or_none()
        if last is None:
            row = {"id": self.id, "place": self.place, "pid": self.pid, "beat_ms": now_ms}
            db.execute(workers.insert(), row)
            return False
        db.execute(workers.update().where(ours).values(beat_ms=now_ms))
        return int(now_ms - last) <= SILENT_MS

    def leave(self, db: Connection) -> None:
        """What it had not finished is nobody's from now on."""
        db.execute(workers.delete().where(workers.c.id == self.id))

    def remove_gone(self, db: Connection, now_ms: int, *, by_silence: bool) -> None:
        """Forget every other worker whose process is gone from this machine, and *by_silence* those not heard."""
        for row in db.execute(select(workers).where(workers.c.id != self.id)).all():
            silent = by_silence and now_ms - row.beat_ms > SILENT_MS
            if silent or (row.place == self.place and not _alive(row.pid)):
                db.execute(workers.delete().where(workers.c.id == row.id))


def _alive(pid: int) -> bool:
    if os.name != "posix":
        return True  # no harmless way to ask; its silence tells
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
