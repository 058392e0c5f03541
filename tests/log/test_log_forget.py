"""A person can be deleted, and what was deleted is not in the file any more."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from past_calls import NOON, UNTIDY, cells_in, counted, put, rows_of
from sqlalchemy import insert, select

from facematch.log import CallLog, Key
from facematch.log.forget import Forgotten, forget, forget_subject
from facematch.log.purge import purge, purged_before
from facematch.log.rebuild import check, rebuild
from facematch.log.reviews import review
from facematch.log.rollups import DAY_MS
from facematch.log.schema import calls, purged, reviews

NUMBER = "99010119900101001X"  # nobody's
SPELLINGS = (NUMBER, NUMBER.lower(), f"  {NUMBER} ", "９９０１０１１９９００１０１００１Ｘ")
OTHER = "990101199001010028"
KEY = Key("k1", b"s" * 32)
MARKS = ("a-mask-of-somebody", "a-text-of-a-server-about-somebody", "a-trace-number-of-somebody")


@pytest.fixture
def place(database_place):
    return database_place


def about(log, number, key=KEY, **values):
    return put(log, subject_hmac=key.digest(number.encode()), key_id=key.id, subject_mask="9****X", **values)


def row_of(log, call_id):
    return {name: value for row in rows_of(log) if row["id"] == call_id for name, value in row.items() if name != "id"}


def marked(log, ts_ms=NOON, rows=300):
    """Calls whose texts can be looked for in the bytes of the file, among others that stay."""
    texts = dict(zip(("subject_mask", "errmsg", "trace_no"), MARKS, strict=True))
    for i in range(rows):
        digest = KEY.digest(NUMBER.encode())
        put(log, ts_ms + i, subject_hmac=digest, key_id="k1", **{name: f"{text}-{i}" for name, text in texts.items()})
        put(log, NOON + i, errmsg=f"of another call {i}")


def bytes_of(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()))


def marks_in(path: Path) -> list[str]:
    found = bytes_of(path)
    return [mark for mark in MARKS if mark.encode() in found]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_call_about_a_number_goes_in_whatever_spelling_it_is_given(log, spelling):
    theirs = [about(log, NUMBER), about(log, NUMBER, ts_ms=NOON + 5 * DAY_MS)]
    others = [about(log, OTHER), put(log)]
    for row in (theirs[0], others[0]):
        review(log, row, "identity", "same", "QA")

    assert forget(log, spelling) == Forgotten(deleted=2, not_compared=0, waiting=0, untidy=UNTIDY[log.form])
    assert [row["id"] for row in rows_of(log)] == others
    assert cells_in(log) == counted(rows_of(log))
    assert check(log) == ()
    with log.reading() as db:
        assert db.execute(select(reviews.c.call_id)).scalars().all() == [others[0]]


def test_a_number_nobody_asked_about_deletes_nothing(log):
    about(log, OTHER)

    assert forget(log, NUMBER) == Forgotten(0, 0, 0, untidy=UNTIDY[log.form])
    assert len(rows_of(log)) == 1


def test_calls_of_another_key_and_without_a_digest_stay_and_are_told(log):
    about(log, NUMBER)
    stay = [
        about(log, NUMBER, Key("k2", b"t" * 32)),
        put(log, subject_hmac=KEY.digest(NUMBER.encode()), key_id="k3"),
        put(log, subject_mask="9****X"),
        put(log),
    ]

    assert forget(log, NUMBER) == Forgotten(deleted=1, not_compared=3, waiting=0, untidy=UNTIDY[log.form])
    assert [row["id"] for row in rows_of(log)] == stay


def test_without_a_key_nothing_can_be_compared(path):
    log = CallLog(path)
    about(log, NUMBER)
    put(log)

    assert forget(log, NUMBER) == Forgotten(deleted=0, not_compared=1, waiting=0, untidy=UNTIDY[log.form])
    log.close()


def test_the_person_of_a_call_goes_without_number_and_key(path):
    log = CallLog(path)
    one, _, other = about(log, NUMBER), about(log, NUMBER), about(log, OTHER)

    assert forget_subject(log, one) == Forgotten(deleted=2, not_compared=0, waiting=0, untidy=UNTIDY[log.form])
    assert [row["id"] for row in rows_of(log)] == [other]
    log.close()


def test_a_call_about_nobody_and_no_call_at_all_delete_nothing(log):
    row = put(log)
    with pytest.raises(ValueError, match="no digest"):
        forget_subject(log, row)
    with pytest.raises(ValueError, match="no call"):
        forget_subject(log, row + 1)

    assert len(rows_of(log)) == 1


def test_a_person_of_purged_days_leaves_the_cells_of_the_purged_calls_alone(log):
    about(log, NUMBER, ts_ms=NOON - 10 * DAY_MS)
    purge(log, (("*", 5.0),), NOON)
    before = cells_in(log)
    about(log, NUMBER, ts_ms=NOON - 10 * DAY_MS)  # it arrived late

    assert forget(log, NUMBER).deleted == 1
    assert cells_in(log) == before


def test_a_person_leaves_the_cells_when_a_purge_was_stopped_before_their_calls(log):
    for days in range(40, 43):
        about(log, NUMBER, ts_ms=NOON - days * DAY_MS)
    others = [put(log, NOON - 41 * DAY_MS), put(log, NOON, env="never purged")]
    marks = [{"env": "test", "before_ms": NOON - DAY_MS // 2}, {"env": "of before", "before_ms": 5 * DAY_MS}]
    with log.writing() as db:  # as a purge leaves it that is stopped at once
        db.execute(insert(purged), marks)
    forgotten = forget(log, NUMBER)

    assert forgotten.deleted == 3
    assert [row["id"] for row in rows_of(log)] == others
    assert cells_in(log) == counted(rows_of(log))
    assert dict(purged_before(log)) == {mark["env"]: mark["before_ms"] for mark in marks}


def test_what_a_stopped_purge_deleted_stays_in_the_cells_and_what_was_forgotten_after_it_does_not(log):
    digest, old_ms, stop = KEY.digest(NUMBER.encode()), NOON - 40 * DAY_MS, Event()
    template = row_of(log, about(log, NUMBER, ts_ms=old_ms))
    with log.writing() as db:
        db.execute(insert(calls), [template | {"ts_ms": old_ms + i, "subject_hmac": digest} for i in range(1, 700)])
    stop.set()
    gone = purge(log, (("*", 5.0),), NOON, stop)
    forgotten = forget(log, NUMBER)

    assert (gone.total, gone.finished, forgotten.deleted, rows_of(log)) == (500, False, 200, [])
    assert {name: cells.total() for name, cells in cells_in(log).items()} == dict.fromkeys(cells_in(log), 500)


def test_a_person_is_counted_out_beside_a_purge_and_a_rebuild(log):
    row = row_of(log, about(log, NUMBER)) | {"ts_ms": NOON - 40 * DAY_MS}
    theirs = [row | {"ts_ms": row["ts_ms"] + i, "env": f"env {i % 3}"} for i in range(1500)]
    with log.writing() as db:
        db.execute(insert(calls), [*theirs, *({**each, "subject_hmac": None} for each in theirs)])
    with ThreadPoolExecutor() as beside:
        purging = beside.submit(purge, log, (("*", 5.0),), NOON)
        counting = [beside.submit(rebuild, log) for _ in range(2)]
        forgotten = forget(log, NUMBER)
        [each.result() for each in counting]

    deleted = purging.result().total + forgotten.deleted
    assert (deleted, rows_of(log)) == (3001, [])
    assert cells_in(log)["r_call"].total() == 3001 - forgotten.deleted
    assert dict(purged_before(log)) == {f"env {i}": NOON - 5 * DAY_MS - DAY_MS // 2 for i in range(3)}


@pytest.mark.parametrize("way", ["forget", "purge"])
def test_no_byte_of_what_was_deleted_is_in_the_files(path, way):
    log = CallLog(path, key=KEY)
    marked(log, NOON if way == "forget" else NOON - 10 * DAY_MS)
    assert marks_in(path) == list(MARKS)
    done = forget(log, NUMBER) if way == "forget" else purge(log, (("*", 5.0),), NOON)

    assert (done.untidy, marks_in(path)) == (None, [])
    assert b"of another call 299" in bytes_of(path)
    log.close()
    assert marks_in(path) == []


def test_the_same_deletion_without_secure_delete_leaves_them_there(path):
    log = CallLog(path, key=KEY)
    marked(log)
    log.close()
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA secure_delete = OFF")
    raw.execute("DELETE FROM calls WHERE subject_hmac IS NOT NULL")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()

    assert marks_in(path) == list(MARKS)


def test_somebody_who_still_reads_what_was_deleted_is_told_of(path):
    log = CallLog(path, key=KEY)
    marked(log)
    with log.reading() as db:
        db.exec_driver_sql("SELECT count(*) FROM calls").scalar_one()
        held = forget(log, NUMBER)
    again = forget(log, NUMBER)

    assert (held.deleted, held.untidy) == (300, "busy")
    assert (again.deleted, again.untidy) == (0, None)
    assert marks_in(path) == []
    log.close()


def test_space_goes_back_to_the_file_system(path):
    log = CallLog(path, key=KEY)
    marked(log, rows=1500)
    log.tidy()
    before = path.stat().st_size
    forget(log, NUMBER)

    assert path.stat().st_size < 0.7 * before
    log.close()
