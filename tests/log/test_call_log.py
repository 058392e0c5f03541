"""Every call leaves one row, and no trouble with the log ever becomes the call's."""

import logging
import threading

import pytest
from log_places import Place, make_newer, refuse_rows, sql, take_rows, version_of

from facematch import __version__, errors
from facematch.errors import LogTooNew, LogUnavailable
from facematch.log import CallLog, Key

FAILURES = [
    (errors.RequestInvalid("no photo"), "request_invalid"),
    (errors.ConnectFailed("refused", sent=False), "connect_error"),
    (errors.ConnectionLost("reset", sent=True), "connect_error"),
    (errors.DeadlineExceeded("too slow", sent=True), "timeout"),
    (errors.ServerError("500"), "http_error"),
    (errors.InvalidResponse("no JSON"), "bad_response"),
    (errors.BusinessError("refused", errcode=2012, errmsg="faces", status="FAIL", trace_no="77"), "biz_error"),
    (errors.CallError("stopped"), "cancelled"),
    (KeyboardInterrupt(), "cancelled"),
    (SystemExit(), "cancelled"),
    (ZeroDivisionError(), "cancelled"),
]


@pytest.fixture
def place(database_place: Place) -> Place:
    return database_place


def test_a_call_that_works_leaves_one_row_with_all_that_was_filled_in(log, rows, call):
    with log.recording(**call, attempt=2) as draft:
        draft.success, draft.score, draft.threshold, draft.http_status = False, 12.5, 70, 200
        draft.extra["cosine"] = 0.25

    (row,) = rows()
    assert (row["id"], row["ts_ms"], row["latency_ms"]) == (draft.id, draft.ts_ms, draft.latency_ms)
    assert (row["outcome"], row["success"], row["score"], row["threshold"]) == ("ok", 0, 12.5, 70.0)
    assert (row["request_id"], row["attempt"], row["extra"]) == ("r-1", 2, '{"cosine": 0.25}')
    assert (row["client_version"], row["key_id"], log.trouble) == (__version__, "k1", None)


@pytest.mark.parametrize(("error", "outcome"), FAILURES, ids=lambda value: getattr(type(value), "__name__", None))
def test_a_call_that_fails_leaves_one_row_and_its_error_goes_on(log, rows, call, error, outcome):
    with pytest.raises(type(error)), log.recording(**call):
        raise error

    assert [row["outcome"] for row in rows()] == [outcome]


def test_the_row_of_a_refusal_holds_what_the_server_said(log, rows, call):
    error = errors.AuthError("refused", errcode=1001, errmsg="token bad", status="FAIL", trace_no="123")
    error.http_status = 401
    with pytest.raises(errors.AuthError), log.recording(**call):
        raise error

    (row,) = rows()
    assert (row["http_status"], row["errcode"], row["errmsg"]) == (401, 1001, "token bad")
    assert (row["status"], row["trace_no"]) == ("FAIL", "123")


def test_what_the_caller_knew_before_the_failure_is_kept(log, rows, call):
    with pytest.raises(errors.InvalidResponse), log.recording(**call) as draft:  # noqa: PT012
        draft.http_status, draft.trace_no, draft.resp_bytes = 200, "9", 17
        raise errors.InvalidResponse("no JSON")

    (row,) = rows()
    assert (row["http_status"], row["trace_no"], row["resp_bytes"], row["errmsg"]) == (200, "9", 17, "no JSON")


def test_no_row_is_lost_when_eight_threads_write(log, rows, call):
    def work(name: int) -> None:
        for i in range(200):
            with log.recording(**call | {"request_id": f"{name}-{i}"}):
                pass

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {row["request_id"] for row in rows()} == {f"{name}-{i}" for name in range(8) for i in range(200)}
    assert len(rows()) == 1600


def test_a_row_that_cannot_be_written_is_reported_once_and_the_calls_go_on(log, rows, call, place, caplog):
    refuse_rows(place)
    with caplog.at_level(logging.WARNING, "facematch.log"):
        for _ in range(2):
            with log.recording(**call) as draft:
                draft.errmsg = "secret of a person"

    assert (rows(), draft.id) == ([], None)
    assert isinstance(log.trouble, LogUnavailable)
    assert "disk full" in str(log.trouble)
    assert len(caplog.records) == 1
    assert "secret" not in caplog.text


def test_trouble_ends_with_the_next_row_that_is_written(log, rows, call, place):
    refuse_rows(place)
    with log.recording(**call):
        pass
    take_rows(place)
    with log.recording(**call):
        pass

    assert (len(rows()), log.trouble) == (1, None)


def test_a_call_that_fails_while_the_log_fails_raises_its_own_error(log, call, place):
    sql(place, "ALTER TABLE calls RENAME TO elsewhere")
    with pytest.raises(errors.DeadlineExceeded), log.recording(**call):
        raise errors.DeadlineExceeded("too slow", sent=True)

    assert "calls" in str(log.trouble)
    assert isinstance(log.trouble, LogUnavailable)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("errmsg", "broken \ud800 text \x00"),
        ("errcode", 10**30),
        ("score", float("nan")),
        ("extra", {"x": object(), "n": 10**40, "f": float("inf"), "b": b"\x00", 3: {4, 5}}),
    ],
)
def test_values_no_database_holds_do_not_cost_the_row(log, rows, call, field, value):
    with log.recording(**call) as draft:
        setattr(draft, field, value)

    assert (len(rows()), log.trouble) == (1, None)


@pytest.mark.parametrize(("field", "value"), [("http_status", "two hundred"), ("errmsg", b"bytes"), ("errcode", "x")])
def test_a_value_of_the_wrong_type_costs_the_row_but_not_the_call(log, rows, call, field, value):
    with log.recording(**call) as draft:
        setattr(draft, field, value)

    assert rows() == []
    assert "cannot be written" in str(log.trouble)
    assert str(value) not in str(log.trouble)


def test_a_log_of_a_newer_version_is_read_but_not_written(place, call, caplog):
    old = CallLog(place)
    with old.recording(**call):
        pass
    old.close()
    make_newer(place)
    newer, log = version_of(place), CallLog(place)
    with caplog.at_level(logging.WARNING, "facematch.log"), log.recording(**call):
        pass

    assert log.read_only
    assert isinstance(log.trouble, LogTooNew)
    assert len(caplog.records) == 1
    with log.reading() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM calls").scalar_one() == 1
    with pytest.raises(LogTooNew), log.writing():
        pass
    log.close()
    assert version_of(place) == newer


def test_a_reader_cannot_write(log):
    with pytest.raises(LogUnavailable, match=r"read-?only"), log.reading() as db:
        db.exec_driver_sql("DELETE FROM calls")


def test_a_reader_sees_one_state_while_calls_are_written(log, call):
    with log.reading() as db:
        before = db.exec_driver_sql("SELECT count(*) FROM calls").scalar_one()
        with log.recording(**call):
            pass
        after = db.exec_driver_sql("SELECT count(*) FROM calls").scalar_one()

    assert (before, after) == (0, 0)


def test_a_log_that_cannot_be_read_is_an_error_of_ours(log, place):
    sql(place, "ALTER TABLE calls RENAME TO elsewhere")

    with pytest.raises(LogUnavailable, match=r"no such table|does not exist"), log.reading() as db:
        db.exec_driver_sql("SELECT * FROM calls")


def test_digests_agree_under_one_key_and_differ_under_another():
    one, other = Key("a", b"1" * 32), Key("b", b"2" * 32)

    assert one.digest(b"photo") == one.digest(b"photo") != other.digest(b"photo")
    assert one.digest(b"photo") != one.digest(b"other photo")
    assert len(one.digest(b"")) == 16


def test_digests_are_stored_with_the_name_of_their_key(log, rows, call):
    with log.recording(**call) as draft:
        draft.ref_digest = draft.subject_hmac = log.key.digest(b"x")

    (row,) = rows()
    assert row["ref_digest"] == row["subject_hmac"] == log.key.digest(b"x")
    assert row["key_id"] == "k1"


def test_bytes_that_are_no_digest_are_not_stored(log, rows, call):
    with log.recording(**call) as draft:
        draft.ref_digest = b"the photo itself"[:-1]

    assert rows()[0]["ref_digest"] is None


def test_without_a_key_no_digest_is_stored(place, call):
    log = CallLog(place)
    with log.recording(**call) as draft:
        draft.ref_digest = b"0" * 16

    with log.reading() as db:
        assert db.exec_driver_sql("SELECT ref_digest, key_id FROM calls").one() == (None, None)
    log.close()
