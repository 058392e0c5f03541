"""Issued tokens, kept as digests."""

import hashlib
import hmac
import re
import secrets

from sqlalchemy import select

from facematch.local import IssuedToken, TokenInfo
from facematch.log.privacy import storable
from facematch.service.state.database import Database
from facematch.service.state.schema import tokens
from facematch.service.state.times import iso

NOTE_MAX = 200  # characters
ID_MAX = 64
_FORM = re.compile(r"([0-9a-f]{12})\.[A-Za-z0-9_-]{43}")  # as `issue` makes them
_NOBODY = "0" * 64  # compared with when no such token was issued


class Tokens:
    """A token's text is its id, a point and 32 random bytes: found by the id, compared by the digest of the whole."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def issue(self, note: str) -> IssuedToken:
        """Make a token; *note* says whose it is, kept up to `NOTE_MAX` characters."""
        token_id = secrets.token_hex(6)
        token = f"{token_id}.{secrets.token_urlsafe(32)}"
        row = {"id": token_id, "digest": owner_of(token), "note": storable(note.strip(), NOTE_MAX)}
        with self._database.writing() as db:
            db.execute(tokens.insert(), {**row, "issued_ms": self._database.now_ms(db)})
        return IssuedToken(token_id, token)

    def owner(self, token: str) -> str | None:
        """To whom belongs what this token makes; None when it was not issued, or was revoked.

        Of the text only an id of our form reaches the database, whose log may keep what it was asked: anything else
        may be a secret from elsewhere.
        """
        if (form := _FORM.fullmatch(token)) is None:
            return None
        with self._database.reading() as db:
            asked = select(tokens.c.digest, tokens.c.revoked_ms).where(tokens.c.id == form[1])
            row = db.execute(asked).one_or_none()
        owner = owner_of(token)
        same = hmac.compare_digest(owner, _NOBODY if row is None else row.digest)
        return owner if same and row is not None and row.revoked_ms is None else None

    def revoke(self, token_id: str) -> bool:
        """From now on it is nobody's; False when there is no such token, or it was revoked before."""
        valid = tokens.update().where(tokens.c.id == storable(token_id, ID_MAX), tokens.c.revoked_ms.is_(None))
        with self._database.writing() as db:
            return db.execute(valid.values(revoked_ms=self._database.now_ms(db))).rowcount == 1

    def all(self) -> tuple[TokenInfo, ...]:
        """Each that was ever issued, the oldest first."""
        with self._database.reading() as db:
            rows = db.execute(select(tokens).order_by(tokens.c.issued_ms, tokens.c.id)).all()
        return tuple(
            TokenInfo(row.id, row.note, iso(row.issued_ms), None if row.revoked_ms is None else iso(row.revoked_ms))
            for row in rows
        )


def owner_of(token: str) -> str:
    """The owner that a token stands for: SHA-256 of its text, hex."""
    return hashlib.sha256(token.encode("utf-8", errors="replace")).hexdigest()
