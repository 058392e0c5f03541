"""Live codes: issued to one owner, good for a time, spent once, over all workers."""

import secrets
from typing import Literal

from sqlalchemy import Connection, Row, select

from facematch.service.state.database import Database
from facematch.service.state.keys import StateKey
from facematch.service.state.schema import live_codes

CodeState = Literal["fresh", "used", "expired", "unknown"]
REMEMBERED_MS = 24 * 3600 * 1000  # after that a used or expired code is as unknown as any other


class LiveCodes:
    """Only keyed digests are kept: who reads the database learns no code."""

    def __init__(self, database: Database, key: StateKey) -> None:
        self._database = database
        self._key = key

    def issue(self, owner: str, code: str, ttl_s: float) -> None:
        """Make *code* good for *owner* for that long; the same digits may be issued again meanwhile."""
        row = {"id": secrets.token_hex(8), "digest": self._digest(owner, code)}
        with self._database.writing() as db:
            now = self._database.now_ms(db)
            db.execute(live_codes.delete().where(live_codes.c.expires_ms < now - REMEMBERED_MS))
            db.execute(live_codes.insert(), {**row, "issued_ms": now, "expires_ms": now + round(ttl_s * 1000)})

    def check(self, owner: str, code: str) -> CodeState:
        """How the code is; of several with the same digits the freshest that can be used counts."""
        with self._database.reading() as db:
            return self._best(db, owner, code)[0]

    def spend(self, owner: str, code: str) -> CodeState:
        """Use the code; "fresh" means that this very call did, and nobody else can."""
        with self._database.writing() as db:
            state, found = self._best(db, owner, code)
            if state == "fresh" and found is not None:
                spent = live_codes.update().where(live_codes.c.id == found.id)
                db.execute(spent.values(used_ms=self._database.now_ms(db)))
        return state

    def _best(self, db: Connection, owner: str, code: str) -> tuple[CodeState, Row[str, int, int | None] | None]:
        columns = (live_codes.c.id, live_codes.c.expires_ms, live_codes.c.used_ms)
        ours = select(*columns).where(live_codes.c.digest == self._digest(owner, code))
        unused_first = ours.order_by(live_codes.c.used_ms.is_not(None), live_codes.c.expires_ms.desc())
        rows = db.execute(unused_first).all()
        if not rows:
            return "unknown", None
        best = rows[0]
        if best.used_ms is None and best.expires_ms > self._database.now_ms(db):
            return "fresh", best
        latest = max(rows, key=lambda row: row.expires_ms)
        return ("expired" if latest.used_ms is None else "used"), None

    def _digest(self, owner: str, code: str) -> bytes:
        text = f"{owner}\n{code}".encode("utf-8", errors="surrogatepass")
        return self._key.digest("live code", text)
