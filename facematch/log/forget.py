"""Delete everything about one person: the calls that asked about this ID number, found by its keyed digest."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, delete, func, or_, select, text, update

from facematch.errors import LogUnavailable
from facematch.identity import normalised
from facematch.log.purge import BATCH_ROWS, PAUSE_S, Untidy, why_untidy
from facematch.log.schema import calls, purged
from facematch.log.store import CallLog

_SETTLE = text("LOCK TABLE calls IN SHARE ROW EXCLUSIVE MODE")
_LOCKS = (  # in the order in which a rebuild takes them; a purge cannot set a mark that would be put back wrongly
    text("LOCK TABLE calls IN ROW EXCLUSIVE MODE"),
    text("LOCK TABLE purged IN SHARE ROW EXCLUSIVE MODE"),
)
_MARK = update(purged).where(purged.c.env == bindparam("of")).values(before_ms=bindparam("to_ms"))


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted, and what could not be told to be this person's."""

    deleted: int  # calls, with their reviews; those that waited on this computer for the log's server, too
    not_compared: int  # calls about somebody, whose digest is of another key or was never made
    waiting: int  # calls that wait on this computer and were not searched, for a newer version wrote them; else 0
    untidy: Untidy | None  # as ``Purged.untidy``
    unreached: str | None = None  # why the log's server was not searched: delete again when it answers


def forget(log: CallLog, id_number: str, *, compact: bool = False) -> Forgotten:
    """Delete every call about the person of *id_number*, in whatever spelling, and take them out of the cells.

    A comparison of photos names nobody: no such call is found. Nor is one that waits on another computer.

    Args:
        log: Is written.
        id_number: In any spelling that the service takes.
        compact: Leave no copy in a large file either: ``CallLog.tidy(whole=True)``.

    Raises:
        LogUnavailable: The log cannot be read or written. A server that cannot be asked is told in the result instead.
    """
    digest = None if log.key is None else log.key.digest(normalised(id_number).encode())
    return _forget(log, digest, None if log.key is None else log.key.id, compact=compact)


def forget_subject(log: CallLog, call_id: int, *, compact: bool = False) -> Forgotten:
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
    return _forget(log, found.subject_hmac, found.key_id, compact=compact)


def _forget(log: CallLog, digest: bytes | None, key_id: str | None, *, compact: bool) -> Forgotten:
    """First here, then on the server: what was sent on in between is found there, and nothing is sent on afterwards."""
    its_key = func.coalesce(calls.c.key_id, "") == (key_id or "")
    theirs = None if digest is None else (calls.c.subject_hmac == digest) & its_key
    others = _about_somebody() & (calls.c.subject_hmac.is_(None) | ~its_key)
    here, left, waiting, unreached = 0, 0, 0, None
    if log.spool is not None:
        here = 0 if theirs is None else sum(log.spool.delete(theirs).values())
        left, waiting = sum(log.spool.count(others).values()), log.spool.out_of_reach
    there = 0
    try:
        for rows in () if theirs is None else _batches(log, theirs):
            there += rows
        left += _count(log, others)
    except LogUnavailable as trouble:
        if log.spool is None:
            raise
        unreached = str(trouble)
    untidy = why_untidy(log, deleted=unreached is None, whole=compact)
    return Forgotten(here + there, left, waiting, untidy, unreached)


def _about_somebody() -> ColumnElement[bool]:
    return or_(calls.c.subject_mask.is_not(None), calls.c.subject_hmac.is_not(None))


def _batches(log: CallLog, theirs: ColumnElement[bool]) -> Iterator[int]:
    """Delete them; how many at a time."""
    if log.form == "postgresql":
        _settle(log)
    while True:
        with log.reading() as db:
            ids = db.execute(select(calls.c.id).where(theirs).limit(BATCH_ROWS)).scalars().all()
        if not ids:
            return
        yield _delete(log, ids, theirs)
        time.sleep(PAUSE_S)


def _delete(log: CallLog, ids: Sequence[int], theirs: ColumnElement[bool]) -> int:
    """Delete one batch, and out of the cells whatever its age: below a purge's mark the trigger would leave it there.

    *theirs* is asked again: an id that was freed meanwhile may be another call's.
    """
    with log.writing() as db:
        for lock in _LOCKS if log.form == "postgresql" else ():
            db.execute(lock)
        marks = [{"of": env, "to_ms": before_ms} for env, before_ms in db.execute(select(purged)).all()]
        if marks:
            db.execute(_MARK, [mark | {"to_ms": 0} for mark in marks])
        deleted = db.execute(delete(calls).where(calls.c.id.in_(ids), theirs)).rowcount
        if marks:
            db.execute(_MARK, marks)
    return deleted


def _settle(log: CallLog) -> None:
    """Wait for the rows that are just being written: one whose sender gave up may be among them."""
    with log.writing() as db:
        db.execute(_SETTLE)


def _count(log: CallLog, where: ColumnElement[bool]) -> int:
    with log.reading() as db:
        return db.execute(select(func.count()).select_from(calls).where(where)).scalar_one()
