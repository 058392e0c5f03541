"""A process that is killed takes nothing with it: what it had done stays, what it had begun is told as failed."""


def failed(trace_no: str) -> bytes:
    return f"failed {trace_no}".encode()


def test_calls_of_a_killed_process_are_told_as_failed(state, process):
    assert [process.ask("results", "accept", trace_no, "me", 9) for trace_no in ("1", "2")] == [True, True]
    process.ask("results", "finish", "2", "done")
    before = state.results.sweep(failed)
    process.kill()

    assert (before, state.results.find("1", "me")) == (0, "processing")
    assert [state.results.sweep(failed), state.results.sweep(failed)] == [1, 0]
    assert [state.results.find(trace_no, "me") for trace_no in ("1", "2")] == [b"failed 1", b"done"]


def test_a_killed_process_gives_its_places_in_the_queue_back(state, process):
    assert process.ask("results", "accept", "1", "me", 1)
    full = state.results.accept("2", "me", 1)
    process.kill()
    state.results.sweep(failed)

    assert (full, state.results.accept("3", "me", 1)) == (False, True)


def test_the_calls_of_a_process_that_lived_alone_are_told_as_failed_after_a_restart(settings, process, opened):
    process.ask("results", "accept", "1", "me", 1)
    process.kill()
    state = opened(settings)

    assert state.results.sweep(failed) == 1
    assert state.results.find("1", "me") == b"failed 1"


def test_a_code_that_was_spent_before_the_kill_stays_spent(settings, process, opened):
    told = [process.ask("live_codes", method, "me", "0521", *more) for method, *more in (("issue", 300), ("spend",))]
    process.tell("live_codes", "issue", "me", "1234", 300)
    told.append(process.answer())
    process.kill()
    state = opened(settings)

    assert told == [None, "fresh", None]
    assert [state.live_codes.spend("me", code) for code in ("0521", "1234")] == ["used", "fresh"]


def test_a_process_killed_at_any_moment_loses_nothing_it_had_told(settings, process, opened):
    codes = [f"{number:04}" for number in range(60)]
    for code in codes:
        process.tell("live_codes", "issue", "me", code, 300)
    for _ in range(25):
        process.answer()
    process.kill()
    state = opened(settings)
    found = [state.live_codes.check("me", code) for code in codes]

    assert found[:25] == ["fresh"] * 25
    assert found == sorted(found)  # those it had not come to are unknown, and none between
    state.live_codes.issue("me", "9999", 300)
    assert state.live_codes.spend("me", "9999") == "fresh"
