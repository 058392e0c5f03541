"""Results of async calls: counted over all workers, told to their owner, never lost with a worker."""

from concurrent.futures import ThreadPoolExecutor

import pytest

TRACE, OTHER = "12345678901234567890", "22345678901234567890"


def failed(trace_no: str) -> bytes:
    return f"failed {trace_no}".encode()


def be_far_away(sql, worker, silent_ms: int) -> None:
    """Put the worker on another machine, where no pid can be asked after, and let it have been silent."""
    moved = "UPDATE fm_workers SET place = 'far', beat_ms = beat_ms - :ms WHERE id = :id"
    sql(moved, ms=silent_ms, id=worker.results.worker_id)


def test_an_accepted_call_is_processing_until_it_is_finished(state):
    assert state.results.accept(TRACE, "me", 1)
    assert state.results.find(TRACE, "me") == "processing"

    state.results.finish(TRACE, b'{"errcode":0}')
    assert state.results.find(TRACE, "me") == b'{"errcode":0}'


def test_a_result_is_its_owners_alone(state):
    state.results.accept(TRACE, "me", 9)
    before = state.results.find(TRACE, "you")
    state.results.finish(TRACE, b"{}")

    assert [before, state.results.find(TRACE, "you"), state.results.find(TRACE, "")] == [None] * 3


def test_a_trace_that_was_not_accepted_has_no_result(state):
    state.results.finish(TRACE, b"{}")

    assert [state.results.find(each, "me") for each in (TRACE, "", "\x00", "\ud800", "x" * 9999)] == [None] * 5


def test_no_more_calls_are_accepted_than_the_limit_over_all_workers(state, settings, opened):
    other = opened(settings)

    assert [state.results.accept("1", "me", 2), other.results.accept("2", "me", 2)] == [True, True]
    assert [state.results.accept("3", "me", 2), other.results.accept("4", "you", 2)] == [False, False]
    assert state.results.find("3", "me") is None

    other.results.finish("1", b"{}")
    assert [state.results.accept("5", "me", 2), state.results.accept("6", "me", 2)] == [True, False]


def test_a_result_is_told_by_every_worker_and_after_a_restart(settings, opened):
    first, second = opened(settings), opened(settings)
    first.results.accept(TRACE, "me", 1)
    first.results.finish(TRACE, b"{}")
    first.close()

    assert [worker.results.find(TRACE, "me") for worker in (second, opened(settings))] == [b"{}", b"{}"]


def test_what_was_told_once_stays_so(state):
    state.results.accept(TRACE, "me", 1)
    for answer in (b"first", b"second"):
        state.results.finish(TRACE, answer)

    assert state.results.find(TRACE, "me") == b"first"


def test_an_answer_is_kept_for_its_time_and_then_removed(state, settings, sql):
    for trace_no in (TRACE, OTHER):
        state.results.accept(trace_no, "me", 9)
    state.results.finish(TRACE, b"{}")
    ttl_ms = round(settings.limits.result_ttl_s * 1000)
    sql("UPDATE fm_results SET finished_ms = finished_ms - :ms", ms=ttl_ms - 60_000)
    kept = state.results.find(TRACE, "me")
    sql("UPDATE fm_results SET finished_ms = finished_ms - 60000, accepted_ms = 0")
    told = [state.results.find(each, "me") for each in (TRACE, OTHER)]
    state.results.sweep(failed)

    assert (kept, told) == (b"{}", [None, "processing"])
    assert sql("SELECT trace_no FROM fm_results") == [(OTHER,)]


def test_calls_of_a_worker_that_closed_are_finished_at_the_next_sweep(state, settings, opened):
    other = opened(settings)
    for trace_no in (TRACE, OTHER):
        other.results.accept(trace_no, "me", 9)
    other.results.finish(OTHER, b"done")
    state.results.accept("3", "me", 9)
    other.close()

    assert [state.results.sweep(failed), state.results.sweep(failed)] == [1, 0]
    assert [state.results.find(each, "me") for each in (TRACE, OTHER, "3")] == [failed(TRACE), b"done", "processing"]


def test_a_worker_that_is_heard_keeps_its_calls(state, settings, opened):
    other = opened(settings)
    other.results.accept(TRACE, "me", 9)

    assert state.results.sweep(failed) == 0
    assert state.results.find(TRACE, "me") == "processing"


@pytest.mark.parametrize(("silent_ms", "swept"), [(9_000, 0), (11_000, 1)])
def test_a_worker_that_was_silent_for_ten_seconds_loses_its_calls(state, settings, opened, sql, silent_ms, swept):
    other = opened(settings)
    other.results.accept(TRACE, "me", 9)
    be_far_away(sql, other, silent_ms)

    assert state.results.sweep(failed) == swept
    assert state.results.find(TRACE, "me") == (failed(TRACE) if swept else "processing")


def test_who_was_silent_itself_judges_nobody_by_silence(state, settings, opened, sql):
    other = opened(settings)
    other.results.accept(TRACE, "me", 9)
    sql("UPDATE fm_workers SET beat_ms = beat_ms - 60000")  # the machine was suspended for a minute
    state.results.beat()
    first = state.results.sweep(failed)
    other.results.beat()

    assert [first, state.results.sweep(failed)] == [0, 0]
    assert state.results.find(TRACE, "me") == "processing"


def test_a_worker_that_was_given_up_and_comes_back_accepts_calls_again(state, settings, opened, sql):
    other = opened(settings)
    be_far_away(sql, other, 60_000)
    state.results.sweep(failed)
    other.results.accept(TRACE, "me", 9)

    assert state.results.sweep(failed) == 0
    other.results.finish(TRACE, b"{}")
    assert state.results.find(TRACE, "me") == b"{}"


def test_an_answer_that_cannot_be_made_leaves_everything_as_it_was(state, settings, opened):
    other = opened(settings)
    other.results.accept(TRACE, "me", 9)
    other.close()

    with pytest.raises(ZeroDivisionError):
        state.results.sweep(lambda _: bytes(1 // 0))
    assert state.results.find(TRACE, "me") == "processing"
    assert state.results.sweep(failed) == 1


def test_of_many_threads_no_more_are_accepted_than_the_limit(state):
    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(lambda number: state.results.accept(str(number), "me", 7), range(40)))

    assert sorted(told) == [False] * 33 + [True] * 7


def test_of_ten_processes_no_more_are_accepted_than_the_limit(state, settings, processes):
    for process in processes:
        process.open(settings)
    assert [process.answer() for process in processes] == ["open"] * 10
    for lap in range(5):
        for number, process in enumerate(processes):
            process.tell("results", "accept", f"{lap}{number}", "me", 16)
    told = [process.answer() for process in processes for _ in range(5)]
    closed = [process.ask("", "close") for process in processes]

    assert (told.count(True), told.count(False)) == (16, 34)
    assert closed == [None] * 10
    assert state.results.sweep(failed) == 16
