"""What is deleted is deleted in the spool, too, and nothing that was on its way brings it back."""

import threading

import psycopg
import pytest
from log_places import refuse_rows, sql, take_rows, until
from past_calls import NOON, cells_in, put, rows_of
from waiting_rows import arrived, leave, left, process

from facematch.errors import LogUnavailable
from facematch.log import CallLog, Key
from facematch.log.forget import Forgotten, forget, forget_subject
from facematch.log.purge import Due, NotPurgedThere, Purged, due, due_here, purge
from facematch.log.rollups import DAY_MS
from facematch.log.sqlite_file import SqliteFile

DOWN = "postgresql://keeper:secret-word@127.0.0.1:9/log"
KEY = Key("k1", b"s" * 32)
NUMBER, OTHER = "99010119900101001X", "990101199001010028"  # nobody's
OLD, FIVE_DAYS = {"ts_ms": NOON - 10 * DAY_MS}, (("*", 5.0),)


@pytest.fixture
def url(postgres):
    return postgres.new_database()


@pytest.fixture
def spool(tmp_path):
    return tmp_path / "data" / "spool.db"


def about(number, key=KEY):
    return {"subject_hmac": key.digest(number.encode()), "key_id": key.id, "subject_mask": "9****X"}


def names_in(spool):
    return [name for (name,) in sql(spool, "SELECT request_id FROM calls ORDER BY id")]


def slow_rows(url):
    """From now on the server takes half a second for each row."""
    CallLog(url).close()
    sleep = "BEGIN PERFORM pg_sleep(0.5); RETURN new; END"
    sql(url, f"CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ {sleep} $$")
    sql(url, "CREATE TRIGGER slow BEFORE INSERT ON calls FOR EACH ROW EXECUTE FUNCTION slow()")


def test_a_person_is_forgotten_here_while_the_server_is_down(spool):
    leave(spool, "1", "2", **about(NUMBER))
    leave(spool, "3", **about(OTHER))
    leave(spool, "4", **about(NUMBER, Key("k2", b"t" * 32)))
    log = CallLog(DOWN, key=KEY, spool=spool)
    done, again = forget(log, NUMBER), forget(log, NUMBER)
    log.close()

    told = "the call log in PostgreSQL at 127.0.0.1, database log cannot be"
    assert (done.deleted, done.not_compared, done.waiting, done.untidy) == (2, 1, 0, None)
    assert done.unreached.startswith(told)
    assert "secret-word" not in done.unreached
    assert (again.deleted, again.unreached is None) == (0, False)
    assert names_in(spool) == ["3", "4"]


def test_a_person_is_forgotten_here_and_on_the_server(url, spool):
    log = CallLog(url, key=KEY, spool=spool)
    first = put(log, **about(NUMBER))
    put(log, **about(OTHER))
    refuse_rows(url)
    leave(spool, "waits", **about(NUMBER))
    leave(spool, "stays", **about(OTHER))

    assert forget_subject(log, first) == Forgotten(2, 0, 0, "server")
    take_rows(url)
    until(lambda: log.waiting == 0)
    assert arrived(url) == ["past", "stays"]
    assert sum(cells_in(log)["r_call"].values()) == 2
    log.close()


def test_no_byte_of_a_forgotten_call_is_left_in_the_spool(spool):
    leave(spool, *(f"{i}" for i in range(50)), errmsg="a-mark-of-somebody", **about(NUMBER))
    leave(spool, *(f"{i}" for i in range(50)), errmsg="of another", **about(OTHER))
    log = CallLog(DOWN, key=KEY, spool=spool)
    before = b"".join(file.read_bytes() for file in spool.parent.iterdir())
    forget(log, NUMBER)
    after = b"".join(file.read_bytes() for file in spool.parent.iterdir())
    log.close()

    assert (b"a-mark-of-somebody" in before, b"a-mark-of-somebody" in after, b"of another" in after) == (
        True,
        False,
        True,
    )


def test_rows_that_another_process_is_sending_do_not_come_back(url, spool):
    slow_rows(url)
    leave(spool, *(f"{i}" for i in range(8)), **about(NUMBER))
    leave(spool, "other", **about(OTHER))
    with process(url, spool) as sender:
        until(lambda: len(arrived(url)) > 0)
        log = CallLog(url, key=KEY, spool=spool)
        done = forget(log, NUMBER)
        until(lambda: log.waiting == 0)
        sender.stdin.close()
    log.close()

    assert 0 < done.deleted <= 8
    assert (done.unreached, arrived(url)) == (None, ["other"])


def test_a_row_that_is_just_being_written_is_waited_for_and_forgotten(url):
    log = CallLog(url, key=KEY)
    put(log, **about(NUMBER))
    done = []
    with psycopg.connect(url) as sender:  # as one whose answer was given up
        sender.execute("INSERT INTO calls (ts_ms, env, endpoint, mode, request_id, outcome, client_version, "
                       "subject_hmac, key_id) SELECT 0, 'e', 'match', 'photo', 'late', 'ok', '0', subject_hmac, "
                       "key_id FROM calls")  # fmt: skip
        forgetting = threading.Thread(target=lambda: done.append(forget(log, NUMBER)))
        forgetting.start()
        until(lambda: sql(url, "SELECT count(*) FROM pg_locks WHERE NOT granted") == [(1,)])
    forgetting.join()

    assert (done[0].deleted, rows_of(log)) == (2, [])
    log.close()


def test_rows_of_a_newer_version_are_not_searched_and_told(url, spool):
    leave(spool, "1", "2", **about(NUMBER))
    sql(spool, "PRAGMA user_version = 999")
    log = CallLog(url, key=KEY, spool=spool)

    assert forget(log, NUMBER) == Forgotten(0, 0, waiting=2, untidy="server")
    assert purge(log, FIVE_DAYS, NOON).total == 0
    assert names_in(spool) == ["1", "2"]
    log.close()


def test_rows_past_their_retention_are_counted_before_they_go(url, spool):
    CallLog(url).close()
    refuse_rows(url)
    leave(spool, "1", "2", **OLD)
    leave(spool, "3", ts_ms=NOON)
    log = CallLog(url, key=KEY, spool=spool)
    found = due(log, FIVE_DAYS, NOON)
    take_rows(url)
    done = purge(log, FIVE_DAYS, NOON)
    until(lambda: log.waiting == 0)

    assert found == (Due("e", NOON - DAY_MS // 2 - 5 * DAY_MS, 2),)
    assert done == Purged({"e": 2}, finished=True, untidy="server")
    assert arrived(url) == ["3"]
    assert sum(cells_in(log)["r_call"].values()) == 3
    log.close()


def test_rows_past_their_retention_go_from_a_computer_whose_server_is_down(spool):
    leave(spool, "1", "2", **OLD)
    leave(spool, "3", env="kept", **OLD)
    leave(spool, "4", ts_ms=NOON)
    log = CallLog(DOWN, key=KEY, spool=spool)
    retention = (("kept", 100.0), *FIVE_DAYS)
    found = due_here(log, retention, NOON)
    with pytest.raises(NotPurgedThere, match="cannot be opened") as told:
        purge(log, retention, NOON)
    with pytest.raises(LogUnavailable) as again:
        purge(log, retention, NOON)
    log.close()

    assert [(each.env, each.rows) for each in found] == [("e", 2)]
    assert told.value.deleted == {"e": 2}
    assert not isinstance(again.value, NotPurgedThere)
    assert names_in(spool) == ["3", "4"]


def test_a_row_that_the_server_never_takes_goes_when_its_time_is_over(url, spool):
    log = CallLog(url, key=KEY)
    put(log, run_id="run", item_id="item")
    log.close()
    leave(spool, "never", run_id="run", item_id="item", **OLD)
    log = CallLog(url, key=KEY, spool=spool)

    assert purge(log, FIVE_DAYS, NOON).deleted == {"e": 1}
    assert (log.waiting, arrived(url)) == (0, ["past"])
    log.close()


def test_deleting_waits_for_its_turn_and_is_not_starved_by_a_slow_server(url, spool):
    slow_rows(url)
    leave(spool, *(f"{i}" for i in range(40)))
    leave(spool, "theirs", **about(NUMBER))
    log = CallLog(url, key=KEY, spool=spool)
    until(lambda: len(arrived(url)) > 0)
    done = forget(log, NUMBER)
    file = SqliteFile(spool)
    still = left(file)
    file.close()
    log.close()

    assert (done.deleted, done.unreached) == (1, None)
    assert still > 0  # it did not have to wait until all were sent
