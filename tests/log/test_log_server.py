"""A log on a server: opened by many at once, shared, counted right, and its password told to nobody."""

import threading
import traceback
from contextlib import suppress

import pytest
from log_places import sql, until, version_of
from past_calls import told_by, writers
from sqlalchemy import func, inspect, select, text, update

from facematch.errors import LogUnavailable, LogWaiting
from facematch.log import CallLog
from facematch.log.rebuild import check
from facematch.log.schema import POSTGRES_MIGRATIONS, calls, purged, r_call, r_latency, r_score, reviews
from facematch.log.server import Server
from facematch.service.state import State
from facematch.settings import Settings

ROW = {"ts_ms": 0, "env": "e", "endpoint": "match", "mode": "photo", "request_id": "r", "outcome": "ok"}
ROW |= {"client_version": "0", "latency_ms": 3.0}


@pytest.fixture
def url(postgres):
    return postgres.new_database()


@pytest.fixture
def place(url):
    return url


@pytest.fixture
def server(url):
    server = Server(url, None)
    yield server
    server.close()


def test_a_log_on_a_server_names_it_and_not_the_password(log, url, postgres):
    assert log.place == f"PostgreSQL at 127.0.0.1, database {url.rpartition('/')[2]}"
    assert (log.form, log.read_only, log.waiting) == ("postgresql", False, 0)
    assert postgres.password not in repr(log) + str(vars(log))
    assert version_of(url) == len(POSTGRES_MIGRATIONS)


@pytest.mark.parametrize("table", [calls, reviews, purged, r_call, r_latency, r_score], ids=lambda table: table.name)
def test_the_tables_of_the_statements_are_the_tables_on_the_server(log, table):
    with log.reading() as db:
        found = inspect(db).get_columns(table.name)
        dialect = db.dialect

    assert [(column["name"], column["type"].compile(dialect)) for column in found] == [
        (column.name, column.type.compile(dialect)) for column in table.columns
    ]
    assert [column["name"] for column in found if not column["nullable"]] == [
        column.name for column in table.columns if not column.nullable
    ]


def test_ten_processes_open_a_new_database_at_once_and_each_writes_its_row(url):
    with writers(url, 10, 1) as processes:
        told = told_by(processes)

    assert [trouble for _, trouble in told] == ["None"] * 10
    assert len({number for number, _ in told}) == 10
    assert sql(url, "SELECT count(*), count(DISTINCT uid) FROM calls") == [(10, 10)]


def test_cells_are_what_the_rows_make_after_ten_processes_wrote_at_once(log, url):
    deleted = 0
    with writers(url, 10, 40) as processes:
        for turn in range(20):
            with log.writing() as db:
                db.execute(update(calls).where(calls.c.id % 20 == turn).values(label=turn % 2))
                deleted += db.execute(calls.delete().where(calls.c.id % 40 == turn)).rowcount
        told = told_by(processes)
    with log.reading() as db:
        rows = db.execute(select(func.count()).select_from(calls)).scalar_one()
        cells = [db.execute(select(func.sum(table.c.n))).scalar_one() for table in (r_call, r_latency)]
    unwritten = [trouble for number, trouble in told if number is None]

    assert all("lock timeout" in trouble for trouble in unwritten)  # without a spool a call gives way, and says so
    assert len(unwritten) < 200
    assert (len(told), rows) == (400, 400 - len(unwritten) - deleted)
    assert rows == cells[0] == cells[1]
    assert check(log) == ()


def test_a_log_and_the_services_state_may_share_a_database(log, url, call, rows, tmp_path):
    state = State.open(Settings(data_dir=tmp_path, state_url=url))
    with log.recording(**call):
        pass
    state.live_codes.issue("me", "0521", 300)

    assert (len(rows()), state.live_codes.check("me", "0521")) == (1, "fresh")
    state.close()
    CallLog(url).close()


@pytest.mark.parametrize("version", range(len(POSTGRES_MIGRATIONS) + 1))
def test_a_database_of_every_older_version_is_brought_up_to_date_with_its_rows(url, version):
    columns = "(ts_ms, env, endpoint, mode, request_id, outcome, client_version, latency_ms)"
    old = f"INSERT INTO calls {columns} VALUES (1, 'e', 'match', 'photo', 'old', 'ok', '0', 7)"  # noqa: S608
    sql(url, *POSTGRES_MIGRATIONS[: min(version, 1)], *([old] if version else []), *POSTGRES_MIGRATIONS[1:version])
    sql(url, "CREATE TABLE fm_log_version (version INTEGER NOT NULL)", f"INSERT INTO fm_log_version SELECT {version}")
    server = Server(url, None)
    server.insert(ROW)

    with server.reading() as db:
        assert (
            db.execute(select(calls.c.request_id).order_by(calls.c.id)).scalars().all() == ["old", "r"][not version :]
        )
        assert db.execute(select(func.sum(r_call.c.n))).scalar_one() == (2 if version else 1)
    assert version_of(url) == len(POSTGRES_MIGRATIONS)
    server.close()


def test_a_role_that_may_use_the_tables_and_not_make_any_can_write_the_log(log, url, call, postgres):
    sql(url, "CREATE ROLE writer LOGIN PASSWORD 'writer'")
    sql(url, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO writer")
    theirs = CallLog(url.replace(f"facematch:{postgres.password}", "writer:writer"))
    with theirs.recording(**call) as draft:
        pass

    assert (theirs.trouble, draft.id) == (None, 1)
    theirs.close()
    sql(url, "REASSIGN OWNED BY writer TO facematch", "DROP OWNED BY writer", "DROP ROLE writer")


@pytest.mark.parametrize(
    "url", ["postgresql+asyncpg://u:hush@h/d", "mysql://u:hush@h/d", "hush", "postgresql://u:hush@h:port/d"]
)
def test_an_address_that_cannot_be_used_is_refused_without_saying_it(url):
    with pytest.raises(LogUnavailable, match="FACEMATCH_LOG_URL") as refused:
        CallLog(url)
    told = "".join(traceback.format_exception(refused.value))
    assert "hush" not in told


def test_a_wrong_password_is_told_and_not_shown(url, postgres, call):
    log = CallLog(url.replace(postgres.password, "hush-wrong-password"))
    with log.recording(**call) as draft:
        draft.score = 1.0
    told = "".join(traceback.format_exception(log.trouble))

    assert draft.id is None
    assert "password authentication failed" in told
    assert "hush" not in told
    log.close()


def test_a_row_that_comes_twice_is_there_once_and_counted_once(server):
    ids = [server.insert({**ROW, "uid": "one"}) for _ in range(3)] + [server.insert({**ROW, "uid": "other"})]

    assert ids == [ids[0]] * 3 + [ids[3]]
    with server.reading() as db:
        assert db.execute(select(calls.c.uid).order_by(calls.c.id)).scalars().all() == ["one", "other"]
        assert [db.execute(select(table.c.n)).scalars().all() for table in (r_call, r_latency)] == [[2], [2]]


def test_what_one_writing_transaction_has_read_is_still_so_when_it_writes(log):
    with log.writing() as db:
        db.execute(purged.insert().values(env="e", before_ms=0))

    def work() -> None:
        for _ in range(10):
            with log.writing() as db:
                found = db.execute(select(purged.c.before_ms)).scalar_one()
                db.execute(update(purged).values(before_ms=found + 1))

    run([threading.Thread(target=work) for _ in range(8)])

    with log.reading() as db:
        assert db.execute(select(purged.c.before_ms)).scalar_one() == 80


def test_a_writing_transaction_whose_block_raises_changes_nothing(log, call, rows):
    with log.recording(**call):
        pass
    with pytest.raises(ZeroDivisionError), log.writing() as db:  # noqa: PT012
        db.execute(calls.delete())
        raise ZeroDivisionError

    assert len(rows()) == 1


def test_a_call_gives_way_to_a_transaction_that_would_wait_for_it_in_a_circle(url, tmp_path):
    server = Server(url, tmp_path / "spool.db")
    server.insert(ROW)

    def work() -> None:
        with suppress(LogWaiting):  # on a busy machine
            server.insert(ROW)

    caller = threading.Thread(target=work)
    with server.writing() as db:
        db.execute(update(r_latency).values(n=r_latency.c.n))  # the second cell of a call; it will hold the first
        caller.start()
        until(lambda: somebody_waits(server))
        db.execute(update(r_call).values(n=r_call.c.n))
    caller.join()
    until(lambda: server.spool.waiting == 0)

    with server.reading() as db:
        assert [db.execute(select(table.c.n)).scalar_one() for table in (r_call, r_latency)] == [2, 2]
    server.close()


def test_a_call_waits_neither_long_nor_in_vain_for_a_table_that_is_locked(log, url, call, rows, tmp_path):
    patient = CallLog(url, spool=tmp_path / "spool.db")
    with log.writing() as db:
        db.execute(text("LOCK TABLE calls IN SHARE ROW EXCLUSIVE MODE"))
        with patient.recording(**call) as draft:
            pass
        waiting = patient.waiting
    until(lambda: patient.waiting == 0)

    assert (draft.id, waiting, len(rows())) == (None, 1, 1)
    patient.close()


def somebody_waits(server):
    with server.reading() as db:
        return db.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one() > 0


def run(threads):
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
