"""Async calls: accepted by one worker, finished by it or for it, asked for at any."""

from collections.abc import Callable
from contextlib import suppress
from typing import Literal

from sqlalchemy import Connection, and_, func, select

from facematch.errors import StateUnavailable
from facematch.log.privacy import storable
from facematch.service.state.database import Database
from facematch.service.state.schema import results, workers
from facematch.service.state.workers import SILENT_MS, Worker

TRACE_MAX = 64  # characters; ours have 20
_UNFINISHED = results.c.finished_ms.is_(None)


class Results:
    """Answers of async calls.

    Args:
        ttl_s: How long an answer is kept from when it was finished.
    """

    def __init__(self, database: Database, ttl_s: float) -> None:
        self._database = database
        self._ttl_ms = round(ttl_s * 1000)
        self._worker = Worker()
        self._judges_from_ms = 0
        with database.writing() as db:
            self._worker.beat(db, database.now_ms(db))

    @property
    def worker_id(self) -> str:
        """How this worker is called in the database."""
        return self._worker.id

    def accept(self, trace_no: str, owner: str, limit: int) -> bool:
        """Take the call as this worker's; False when *limit* calls are unfinished over all workers."""
        with self._database.writing() as db:
            now = self._beat(db)
            self._purge(db, now)
            if db.execute(select(func.count()).select_from(results).where(_UNFINISHED)).scalar_one() >= limit:
                return False
            row = {"trace_no": trace_no, "owner": owner, "worker": self._worker.id, "accepted_ms": now}
            db.execute(results.insert(), row)
        return True

    def finish(self, trace_no: str, answer: bytes) -> None:
        """Keep the answer, unless the call was finished before: what was once told stays so."""
        with self._database.writing() as db:
            self._finish(db, trace_no, answer, self._database.now_ms(db))

    def find(self, trace_no: str, owner: str) -> bytes | Literal["processing"] | None:
        """The answer; None when the call is not this owner's, unknown, or finished too long ago."""
        columns = select(results.c.answer, results.c.finished_ms)
        ours = and_(results.c.trace_no == storable(trace_no, TRACE_MAX), results.c.owner == owner)
        with self._database.reading() as db:
            row = db.execute(columns.where(ours)).one_or_none()
            now = self._database.now_ms(db)
        if row is None:
            return None
        if row.finished_ms is None:
            return "processing"
        return None if row.finished_ms <= now - self._ttl_ms else bytes(row.answer)

    def beat(self) -> None:
        """Say that this worker lives; to be called every 2 s or so."""
        with self._database.writing() as db:
            self._beat(db)

    def sweep(self, answer_for: Callable[[str], bytes]) -> int:
        """Finish the calls of workers that are gone with an answer made of the traceNo; how many there were.

        A worker is gone when it left, when its process ended on this machine, or when it was silent for 10 s. Who
        was silent so long itself, as after a suspend, gives the others 10 s to be heard again.
        """
        with self._database.writing() as db:
            now = self._beat(db)
            self._worker.remove_gone(db, now, by_silence=now >= self._judges_from_ms)
            orphans = select(results.c.trace_no).where(_UNFINISHED, results.c.worker.not_in(select(workers.c.id)))
            traces = db.execute(orphans).scalars().all()
            for trace_no in traces:
                self._finish(db, trace_no, answer_for(trace_no), now)
            self._purge(db, now)
        return len(traces)

    def close(self) -> None:
        """Leave; the next sweep of another worker finishes what this one did not."""
        with suppress(StateUnavailable), self._database.writing() as db:
            self._worker.leave(db)

    def _beat(self, db: Connection) -> int:
        now = self._database.now_ms(db)
        if not self._worker.beat(db, now):
            self._judges_from_ms = now + SILENT_MS
        return now

    def _finish(self, db: Connection, trace_no: str, answer: bytes, now_ms: int) -> None:
        unfinished = results.update().where(results.c.trace_no == trace_no, _UNFINISHED)
        db.execute(unfinished.values(answer=answer, finished_ms=now_ms))

    def _purge(self, db: Connection, now_ms: int) -> None:
        db.execute(results.delete().where(results.c.finished_ms <= now_ms - self._ttl_ms))
