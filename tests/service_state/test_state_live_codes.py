"""Live codes: bound to their owner, good for a time, spent by one and only once."""

from concurrent.futures import ThreadPoolExecutor

DAY_MS = 24 * 3600 * 1000


def test_a_code_is_fresh_until_it_is_spent_and_used_afterwards(state):
    state.live_codes.issue("me", "0521", 300)

    assert [state.live_codes.check("me", "0521") for _ in range(2)] == ["fresh", "fresh"]
    assert [state.live_codes.spend("me", "0521") for _ in range(2)] == ["fresh", "used"]
    assert state.live_codes.check("me", "0521") == "used"


def test_a_code_is_its_owners_alone(state):
    state.live_codes.issue("me", "0521", 300)

    assert [state.live_codes.spend(owner, "0521") for owner in ("you", "", "me\n0")] == ["unknown"] * 3
    assert state.live_codes.spend("me", "0521") == "fresh"


def test_a_code_that_was_not_issued_is_unknown(state):
    state.live_codes.issue("me", "0521", 300)

    assert [state.live_codes.spend("me", code) for code in ("521", "05210", "", "\x00", "\ud800")] == ["unknown"] * 5


def test_a_code_past_its_time_is_expired_and_cannot_be_spent(state):
    state.live_codes.issue("me", "0521", 0)

    assert state.live_codes.check("me", "0521") == "expired"
    assert state.live_codes.spend("me", "0521") == "expired"


def test_the_time_of_a_code_is_counted_from_its_issue(state, sql):
    state.live_codes.issue("me", "0521", 300)

    assert sql("SELECT expires_ms - issued_ms FROM fm_live_codes") == [(300_000,)]


def test_of_several_codes_with_the_same_digits_each_can_be_spent_once(state):
    for ttl_s in (0, 300, 200, 0):
        state.live_codes.issue("me", "0521", ttl_s)

    assert [state.live_codes.spend("me", "0521") for _ in range(3)] == ["fresh", "fresh", "used"]


def test_the_freshest_of_several_goes_first(state, sql):
    for ttl_s in (100, 300, 200):
        state.live_codes.issue("me", "0521", ttl_s)
    state.live_codes.spend("me", "0521")

    assert sql("SELECT expires_ms - issued_ms FROM fm_live_codes WHERE used_ms IS NOT NULL") == [(300_000,)]


def test_a_used_code_that_is_issued_again_is_fresh_again(state):
    state.live_codes.issue("me", "0521", 300)
    state.live_codes.spend("me", "0521")
    state.live_codes.issue("me", "0521", 300)

    assert state.live_codes.spend("me", "0521") == "fresh"


def test_an_expired_code_is_told_apart_for_a_day_and_then_forgotten(state, sql):
    state.live_codes.issue("me", "0521", 0)
    state.live_codes.issue("me", "1234", 300)
    state.live_codes.spend("me", "1234")
    sql("UPDATE fm_live_codes SET expires_ms = expires_ms - :ms", ms=DAY_MS - 600_000)
    state.live_codes.issue("me", "9876", 300)
    told = [state.live_codes.check("me", code) for code in ("0521", "1234")]
    sql("UPDATE fm_live_codes SET expires_ms = expires_ms - :ms", ms=1_200_000)
    state.live_codes.issue("me", "9876", 300)

    assert told == ["expired", "used"]
    assert [state.live_codes.check("me", code) for code in ("0521", "1234", "9876")] == ["unknown", "unknown", "fresh"]
    assert sql("SELECT count(*) FROM fm_live_codes") == [(2,)]


def test_codes_outlive_a_restart(settings, opened):
    first = opened(settings)
    first.live_codes.issue("me", "0521", 300)
    first.live_codes.issue("me", "1234", 300)
    first.live_codes.spend("me", "1234")
    first.close()
    again = opened(settings)

    assert [again.live_codes.spend("me", code) for code in ("0521", "1234")] == ["fresh", "used"]


def test_of_many_threads_one_spends_the_code(state):
    state.live_codes.issue("me", "0521", 300)
    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(lambda _: state.live_codes.spend("me", "0521"), range(64)))

    assert sorted(told) == ["fresh"] + ["used"] * 63


def test_of_ten_processes_one_spends_each_code(state, settings, processes):
    codes = [f"{number:04}" for number in range(1000, 1020)]
    for code in codes:
        state.live_codes.issue("me", code, 300)
    for process in processes:
        process.open(settings)
    assert [process.answer() for process in processes] == ["open"] * 10
    for code in codes:
        for process in processes:
            process.tell("live_codes", "spend", "me", code)
    told = [sorted(each) for each in zip(*([p.answer() for _ in codes] for p in processes), strict=True)]
    closed = [process.ask("", "close") for process in processes]

    assert told == [["fresh"] + ["used"] * 9] * 20
    assert closed == [None] * 10
