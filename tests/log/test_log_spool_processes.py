"""Processes that share a spool, die while they send, or wait for a server that says nothing: each row arrives once."""

import os
import signal
import time
from contextlib import ExitStack, contextmanager

import pytest
from log_places import refuse_rows, sql, take_rows, until
from waiting_rows import arrived, leave, left, process

from facematch.errors import LogUnavailable, LogWaiting
from facematch.log import CallLog
from facematch.log.sqlite_file import SqliteFile


@pytest.fixture
def url(postgres):
    return postgres.new_database()


@pytest.fixture
def spool(tmp_path):
    return tmp_path / "data" / "spool.db"


def test_processes_that_share_a_spool_send_each_row_once(url, spool):
    names = [f"{number}" for number in range(300)]
    leave(spool, *names)
    with ExitStack() as stack:
        running = [stack.enter_context(process(url, spool)) for _ in range(4)]
        file = SqliteFile(spool)
        until(lambda: left(file) == 0)
        for each in running:
            each.stdin.close()
    file.close()

    assert sorted(arrived(url)) == sorted(names)


def test_a_process_killed_between_the_servers_commit_and_the_spools_loses_and_doubles_nothing(url, spool):
    CallLog(url).close()
    refuse_rows(url)
    leave(spool, "1", "2")
    file = SqliteFile(spool)
    with process(url, spool) as killed:
        told = killed.stdout.readline()
        with file.writing():  # now the process cannot delete what it has sent
            take_rows(url)
            until(lambda: arrived(url) == ["1"])
            killed.kill()
            killed.wait()
    still = left(file)
    file.close()
    log = CallLog(url, spool=spool)
    until(lambda: log.waiting == 0)

    assert (told, still, arrived(url)) == ("2\n", 2, ["1", "2"])
    log.close()


def test_processes_killed_at_any_moment_lose_and_double_nothing(url, spool):
    names = [f"{number}" for number in range(400)]
    leave(spool, *names)
    file = SqliteFile(spool)
    for lap in range(4):
        with process(url, spool) as killed:
            until(lambda lap=lap: left(file) < len(names) - 40 * lap - 20)
            killed.kill()
    interrupted = left(file)
    file.close()
    log = CallLog(url, spool=spool)
    until(lambda: log.waiting == 0)

    assert interrupted > 0
    assert arrived(url) == names
    log.close()


def test_a_server_that_is_silent_holds_up_one_call_and_for_a_short_time(own_postgres, spool, call):
    url = own_postgres.new_database()
    log = CallLog(url, spool=spool)
    ids, took = [], []
    with log.recording(**call):  # its connection is the one that falls silent
        pass
    with suspended(url):
        for name in "234":
            start = time.monotonic()
            with log.recording(**call | {"request_id": name}) as draft:
                pass
            took.append(time.monotonic() - start)
            ids.append(draft.id)
        trouble, waiting = log.trouble, log.waiting
    until(lambda: log.waiting == 0)

    assert (ids, waiting) == ([None] * 3, 3)
    assert isinstance(trouble, LogWaiting)
    assert "no answer within 2 s" in str(trouble)
    assert took[0] < 15
    assert sum(took[1:]) < 4  # had they asked, 2 s each
    assert sorted(arrived(url)) == ["2", "3", "4", "r-1"]  # though the server wrote "2" when it woke up, too
    log.close()


def test_a_page_does_not_wait_for_ever_for_a_server_that_takes_no_connection(own_postgres, spool):
    url = own_postgres.new_database()
    with suspended(url):
        start = time.monotonic()
        log = CallLog(url, spool=spool)
        with pytest.raises(LogUnavailable, match="timeout"), log.reading():
            pass
        took = time.monotonic() - start
    log.close()

    assert took < 40


@contextmanager
def suspended(url):
    """Stop every process of the server where it is: it takes what it is sent, and does not answer."""
    folder = sql(url, "SHOW data_directory")[0][0]
    with open(f"{folder}/postmaster.pid") as file:  # noqa: PTH123
        first = int(file.readline())
    pids = [first, *(pid for (pid,) in sql(url, "SELECT pid FROM pg_stat_activity"))]
    for pid in pids:
        stop(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            stop(pid, signal.SIGCONT)


def stop(pid, how):
    try:
        os.kill(pid, how)
    except ProcessLookupError:  # the connection that asked for the numbers has ended
        return
