"""How many calls work at once, also while some of them wait for the network."""

import threading
from collections.abc import Callable

import anyio
import pytest

from facematch.service.cores import Cores

PATIENCE_S = 10


class Work:
    """Counts how many are between `begin` and `end`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.now = self.most = 0

    def begin(self) -> None:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)

    def end(self) -> None:
        with self._lock:
            self.now -= 1


def all_at_once(cores: Cores, calls: list[Callable[[], None]]) -> None:
    async def run() -> None:
        with anyio.fail_after(PATIENCE_S):
            async with anyio.create_task_group() as group:
                for call in calls:
                    group.start_soon(cores.run, call)

    anyio.run(run)


def test_no_more_calls_work_at_once_than_there_are_cores():
    cores, work = Cores(2), Work()

    def call() -> None:
        with cores.taken():
            work.begin()
            threading.Event().wait(0.01)
            work.end()

    all_at_once(cores, [call] * 12)

    assert (work.most, work.now) == (2, 0)


def test_who_waits_for_the_network_lets_another_work_and_takes_its_core_back():
    cores, work, fetched = Cores(1), Work(), threading.Event()

    def fetching() -> None:
        with cores.taken():
            with cores.lent():
                assert fetched.wait(PATIENCE_S)  # set by the call that works meanwhile
            work.begin()
            threading.Event().wait(0.01)
            work.end()

    def working() -> None:
        with cores.taken():
            work.begin()
            fetched.set()
            threading.Event().wait(0.01)
            work.end()

    all_at_once(cores, [fetching, fetching, working, working])

    assert (work.most, work.now) == (1, 0)
    assert cores.threads.total_tokens == 1


def test_a_fetch_that_fails_gives_nothing_away():
    cores = Cores(1)

    def failing() -> None:
        with pytest.raises(ZeroDivisionError), cores.taken(), cores.lent():
            _ = 1 / 0

    all_at_once(cores, [failing] * 5)

    assert cores.threads.total_tokens == 1
