"""What people say of a call: whether it was the same person, whether it was an attack. Who said it and when is kept."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Row, delete, insert, select, update

from facematch.log.privacy import scrub, storable
from facematch.log.schema import calls, reviews
from facematch.log.store import CallLog

AnyRow = Row[*tuple[Any, ...]]
WHO_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Kind:
    """What a review is about, and where the latest word stands in the row of the call."""

    column: Column[Any]
    values: Mapping[str, int | None]


KINDS: Mapping[str, Kind] = {
    "identity": Kind(calls.c.label, {"same": 1, "different": 0, "unknown": None}),
    "presentation": Kind(calls.c.attack, {"attack": 1, "live": 0, "unknown": None}),
}
WORDS: Mapping[str, tuple[str, ...]] = {name: tuple(kind.values) for name, kind in KINDS.items()}


def review(log: CallLog, call_id: int, kind: str, word: str, who: str | None = None) -> int:
    """Write down what *who* says of a call, and put it into the call's row; the review's id.

    The label that a run gave is kept as a first review, by ``run`` and its id.

    Args:
        log: Is written.
        call_id: The row.
        kind: ``identity`` or ``presentation``.
        word: ``same``, ``different`` or ``unknown`` of the first; ``attack``, ``live`` or ``unknown`` of the second.
        who: The reviewer; scrubbed, and at most 100 characters of it are kept.

    Raises:
        ValueError: No such kind or word; nothing was written.
        LookupError: There is no such call.
        LogUnavailable: The log cannot be written.
    """
    if word not in WORDS.get(kind, ()):
        raise ValueError(f"of {kind!r} nobody can say {word!r}" if kind in KINDS else f"no kind of review: {kind!r}")
    by = None if who is None else storable(scrub(who).strip(), WHO_CHARACTERS) or None
    with log.writing() as db:
        call = _call(db, call_id)
        _keep_what_stands(db, call, kind)
        _set(db, call_id, kind, word)
        return _add(db, call_id, kind, word, by, time.time_ns() // 1_000_000)


def withdraw(log: CallLog, call_id: int, kind: str) -> bool:
    """Take the latest review of this kind back: the row says again what it said before. False when there is none.

    Raises:
        ValueError: No such kind.
        LookupError: There is no such call.
        LogUnavailable: The log cannot be written.
    """
    if kind not in KINDS:
        raise ValueError(f"no kind of review: {kind!r}")
    with log.writing() as db:
        call = _call(db, call_id)
        said = _reviews(db, call_id, kind)
        if not said or _is_of_the_run(said[-1], call):
            return False
        _delete(db, said.pop().id)
        _set(db, call_id, kind, said[-1].word if said else "unknown")
        if said and _is_of_the_run(said[-1], call):
            _delete(db, said[-1].id)
        return True


def _call(db: Connection, call_id: int) -> AnyRow:
    c = calls.c
    asked = select(c.id, c.ts_ms, c.run_id, c.label, c.attack).where(c.id == call_id)
    found = db.execute(asked.with_for_update()).first()  # one reviewer at a time; SQLite has only one writer anyway
    if found is None:
        raise LookupError(f"there is no call {call_id}")
    return found


def _keep_what_stands(db: Connection, call: AnyRow, kind: str) -> None:
    column, values = KINDS[kind].column, KINDS[kind].values
    value = getattr(call, column.name)
    if value is None or _reviews(db, call.id, kind):
        return
    word = next(word for word, its in values.items() if its == value)
    _add(db, call.id, kind, word, _run(call), call.ts_ms)


def _is_of_the_run(said: AnyRow, call: AnyRow) -> bool:
    """Whether it is what ``_keep_what_stands`` wrote: nobody reviews a call when it begins."""
    return bool(said.at_ms == call.ts_ms and said.who == _run(call))


def _run(call: AnyRow) -> str | None:
    return None if call.run_id is None else storable(f"run {call.run_id}", WHO_CHARACTERS)


def _reviews(db: Connection, call_id: int, kind: str) -> list[AnyRow]:
    c = reviews.c
    asked = select(c.id, c.word, c.who, c.at_ms).where(c.call_id == call_id, c.kind == kind)
    return list(db.execute(asked.order_by(c.id)).all())


def _add(db: Connection, call_id: int, kind: str, word: str, who: str | None, at_ms: int) -> int:
    row = {"call_id": call_id, "kind": kind, "word": word, "who": who, "at_ms": at_ms}
    return int(db.execute(insert(reviews).values(row).returning(reviews.c.id)).scalar_one())


def _set(db: Connection, call_id: int, kind: str, word: str) -> None:
    column, values = KINDS[kind].column, KINDS[kind].values
    db.execute(update(calls).where(calls.c.id == call_id).values({column: values[word]}))


def _delete(db: Connection, review_id: int) -> None:
    db.execute(delete(reviews).where(reviews.c.id == review_id))
