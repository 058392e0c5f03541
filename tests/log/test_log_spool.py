"""A server that is down costs no call and no row: what it does not take waits, and arrives once."""

import threading
import traceback

import pytest
from log_places import refuse_rows, sql, take_rows, until
from sqlalchemy import select
from waiting_rows import arrived, leave

from facematch.errors import LogUnavailable, LogWaiting
from facematch.log import CallLog
from facematch.log.schema import calls, r_call
from facematch.log.sqlite_file import SqliteFile


@pytest.fixture
def url(postgres):
    return postgres.new_database()


@pytest.fixture
def spool(tmp_path):
    return tmp_path / "data" / "spool.db"


@pytest.fixture
def log(url, spool):
    log = CallLog(url, spool=spool)
    yield log
    log.close()


def record(log, call, *names):
    """A call of each name; the ids of their rows."""
    ids = []
    for name in names:
        with log.recording(**call | {"request_id": name}) as draft:
            pass
        ids.append(draft.id)
    return ids


def test_calls_go_on_while_the_server_is_down_and_their_rows_arrive_once_it_is_back(own_postgres, spool, call):
    url = own_postgres.new_database()
    log = CallLog(url, spool=spool)
    before = record(log, call, "1")
    own_postgres.stop()
    ids = record(log, call, "2", "3", "4")
    trouble, waiting = log.trouble, log.waiting
    with pytest.raises(LogUnavailable, match="cannot be read"), log.reading():
        pass
    own_postgres.start()
    until(lambda: log.waiting == 0)
    mended = log.trouble
    after = record(log, call, "5")

    assert (before, ids, after[0] is not None) == ([1], [None] * 3, True)
    assert isinstance(trouble, LogWaiting)
    assert waiting == 3
    assert own_postgres.password not in "".join(traceback.format_exception(trouble))
    assert arrived(url) == ["1", "2", "3", "4", "5"]
    assert (mended, log.trouble) == (None, None)
    log.close()


def test_a_server_that_is_down_at_the_start_is_no_error(own_postgres, spool, call):
    url = own_postgres.new_database()
    own_postgres.stop()
    log = CallLog(url, spool=spool)
    ids, read_only = record(log, call, "1", "2"), log.read_only
    own_postgres.start()
    until(lambda: log.waiting == 0)

    assert (ids, read_only, arrived(url)) == ([None, None], False, ["1", "2"])
    log.close()


def test_the_first_call_after_the_server_was_started_anew_is_written_at_once(own_postgres, spool, call):
    log = CallLog(own_postgres.new_database(), spool=spool)
    before = record(log, call, "1")
    own_postgres.stop()
    own_postgres.start()

    assert (before, record(log, call, "2")) == ([1], [2])
    log.close()


def test_rows_of_an_earlier_process_are_sent_on_without_a_call(url, spool):
    leave(spool, "1", "2", "3")
    log = CallLog(url, spool=spool)
    until(lambda: log.waiting == 0)

    assert arrived(url) == ["1", "2", "3"]
    log.close()


def test_rows_arrive_as_they_were(url, spool, call):
    refused = CallLog(url, spool=spool)
    refuse_rows(url)
    with refused.recording(**call) as draft:
        draft.score, draft.success, draft.errmsg, draft.extra["a"] = 0.1 + 0.2, True, "人脸 \N{GRINNING FACE}", [1]
        draft.label, draft.resp_bytes, draft.errcode = 0, 2**40, 2**40
    file = SqliteFile(spool)
    with file.reading() as db:
        kept = dict(db.execute(select(calls)).mappings().one())
    file.close()
    take_rows(url)
    until(lambda: refused.waiting == 0)

    with refused.reading() as db:
        found = dict(db.execute(select(calls)).mappings().one())
    assert found | {"id": 0} == kept | {"id": 0}
    assert found["score"] == 0.1 + 0.2
    refused.close()


def test_a_server_that_answers_with_a_refusal_is_asked_again_by_the_next_call(url, log, call):
    refuse_rows(url)
    first = record(log, call, "1")
    trouble = log.trouble
    take_rows(url)
    second = record(log, call, "2")
    until(lambda: log.waiting == 0)

    assert (first, sorted(arrived(url))) == ([None], ["1", "2"])
    assert isinstance(trouble, LogWaiting)
    assert "disk full" in str(trouble)
    assert second[0] is not None


def test_a_row_whose_writing_was_in_doubt_is_there_once(url, log, call):
    slow = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(4); RETURN new; END $$"
    sql(url, slow, "CREATE TRIGGER slow BEFORE INSERT ON calls FOR EACH ROW EXECUTE FUNCTION slow()")
    ids = record(log, call, "1")
    trouble = log.trouble
    until(lambda: log.waiting == 0)

    assert (ids, arrived(url)) == ([None], ["1"])
    assert "no answer within 2 s" in str(trouble)
    assert sql(url, "SELECT last_value FROM calls_id_seq") == [(2,)]  # it was sent twice


def test_each_row_is_counted_once_in_the_cells(url, log, call):
    refuse_rows(url)
    record(log, call, *"1234")
    take_rows(url)
    record(log, call, *"56")
    until(lambda: log.waiting == 0)

    with log.reading() as db:
        assert sum(db.execute(select(r_call.c.n)).scalars()) == 6


def test_a_row_that_the_server_will_never_take_stays_and_holds_up_no_other(url, log, spool):
    of_run = {"run_id": "run", "item_id": "item"}
    log.close()
    first = CallLog(url)
    with first.recording(env="e", endpoint="match", mode="photo", request_id="1") as draft:
        draft.run_id, draft.item_id = "run", "item"
    first.close()
    leave(spool, "again", **of_run)
    leave(spool, "2", "3")
    again = CallLog(url, spool=spool)
    until(lambda: again.waiting == 1)

    assert arrived(url) == ["1", "2", "3"]
    again.close()


def test_a_row_that_can_wait_nowhere_is_trouble_and_the_call_goes_on(url, spool, call):
    log = CallLog(url, spool=spool)
    refuse_rows(url)
    spool.parent.write_text("in the way")
    ids = record(log, call, "1")

    assert ids == [None]
    assert not isinstance(log.trouble, LogWaiting)
    assert "disk full" in str(log.trouble)
    assert "nor can the call wait" in str(log.trouble)
    log.close()


def test_the_spool_is_made_when_it_is_needed_and_is_the_owners_alone(url, spool, log, call):
    record(log, call, "1")
    made = spool.exists()
    refuse_rows(url)
    record(log, call, "2")

    assert not made
    assert {file.stat().st_mode & 0o777 for file in spool.parent.iterdir()} == {0o600}
    assert spool.parent.stat().st_mode & 0o777 == 0o700


def test_a_closed_log_has_no_thread(url, spool):
    before = set(threading.enumerate())
    log = CallLog(url, spool=spool)
    own = [thread.name for thread in set(threading.enumerate()) - before]
    log.close()

    assert own == ["facematch-log-spool"]
    assert set(threading.enumerate()) <= before
