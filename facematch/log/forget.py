"""Delete everything about one person: the calls that asked about this ID number, found by its keyed digest."""

import time
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from facematch.identity import normalised
from facematch.log.purge import BATCH_ROWS, PAUSE_S, delete_rows, tidied
from facematch.log.schema import calls
from facematch.log.store import CallLog


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted, and what could not be told to be this person's."""

    deleted: int  # calls, with their reviews
    not_compared: int  # calls about somebody, whose digest is of another key or was never made
    waiting: int  # calls that wait in this computer's spool: not searched; delete again when they have been sent on
    tidied: bool  # as ``Purged.tidied``


def forget(log: CallLog, id_number: str) -> Forgotten:
    """Delete every call about the person of *id_number*, in whatever spelling, and take them out of the cells.

    A comparison of photos names nobody: no such call is found.

    Raises:
        LogUnavailable: The log cannot be read or written.
    """
    digest = None if log.key is None else log.key.digest(normalised(id_number).encode())
    return _forget(log, digest, None if log.key is None else log.key.id)


def forget_subject(log: CallLog, call_id: int) -> Forgotten:
    """As ``forget``, for the person of a call; needs no key.

    Raises:
        ValueError: There is no such call, or it has no digest of an ID number.
        LogUnavailable: The log cannot be read or written.
    """
    with log.reading() as db:
        found = db.execute(select(calls.c.subject_hmac, calls.c.key_id).where(calls.c.id == call_id)).first()
    if found is None:
        raise ValueError(f"there is no call {call_id}")
    if found.subject_hmac is None:
        raise ValueError(f"call {call_id} has no digest of an ID number")
    return _forget(log, found.subject_hmac, found.key_id)


def _forget(log: CallLog, digest: bytes | None, key_id: str | None) -> Forgotten:
    deleted = 0
    if digest is not None:
        theirs = calls.c.subject_hmac == digest, func.coalesce(calls.c.key_id, "") == (key_id or "")
        deleted = _delete(log, *theirs)
    left = _not_compared(log, key_id)
    return Forgotten(deleted, left, log.waiting, tidied(log, deleted=True))


def _delete(log: CallLog, *where: ColumnElement[bool]) -> int:
    deleted = 0
    while True:
        with log.reading() as db:
            ids = db.execute(select(calls.c.id).where(*where).limit(BATCH_ROWS)).scalars().all()
        if not ids:
            return deleted
        deleted += delete_rows(log, ids, *where)
        time.sleep(PAUSE_S)


def _not_compared(log: CallLog, key_id: str | None) -> int:
    c = calls.c
    about_somebody = c.subject_mask.is_not(None) | c.subject_hmac.is_not(None)
    other = c.subject_hmac.is_(None) | (func.coalesce(c.key_id, "") != (key_id or ""))
    with log.reading() as db:
        return db.execute(select(func.count()).select_from(calls).where(about_somebody, other)).scalar_one()
