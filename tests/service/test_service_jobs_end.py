"""How accepted calls end when the service stops, or its database is away for a moment."""

import threading
from collections.abc import Callable
from contextlib import closing

import anyio
import orjson
import pytest

from facematch.service import jobs as module
from facematch.service.jobs import Jobs
from facematch.service.state import State
from facematch.settings import Settings

OWNER = "owner"
WIDTH = 2


class Forgetful:
    """Results whose database is away the first time."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.away = True

    def accept(self, trace_no: str, owner: str, limit: int) -> bool:
        return True

    def finish(self, trace_no: str, answer: bytes) -> None:
        if self.away:
            self.away = False
            raise OSError("away")
        self.kept[trace_no] = answer

    def beat(self) -> None:
        """Always heard."""

    def sweep(self, answer_for: Callable[[str], bytes]) -> int:
        return 0


@pytest.fixture
def state(tmp_path):
    with closing(State.open(Settings(data_dir=tmp_path))) as state:
        yield state


def test_what_runs_is_finished_and_what_waits_ends_as_failed(state):
    running, released = threading.Semaphore(0), threading.Event()

    def work() -> bytes:
        running.release()
        assert released.wait(10)
        return b"done"

    async def stop_in_the_middle() -> None:
        jobs = Jobs(state.results, 100, anyio.CapacityLimiter(WIDTH))
        async with anyio.create_task_group() as group:
            for number in range(WIDTH + 2):
                assert await jobs.start(group, str(number), OWNER, work)
            for _ in range(WIDTH):
                await anyio.to_thread.run_sync(running.acquire)
            group.start_soon(jobs.end)
            await anyio.sleep(0.1)
            released.set()

    anyio.run(stop_in_the_middle)

    found = [state.results.find(str(number), OWNER) for number in range(WIDTH + 2)]
    assert sorted(answer == b"done" for answer in found) == [False] * 2 + [True] * WIDTH
    assert all(orjson.loads(answer)["errcode"] == 4 for answer in found if answer != b"done")


def test_an_answer_that_cannot_be_kept_at_first_is_kept_with_a_later_beat(monkeypatch):
    monkeypatch.setattr(module, "BEAT_S", 0.01)
    results = Forgetful()

    async def run() -> None:
        jobs = Jobs(results, 1, anyio.CapacityLimiter(1))
        with anyio.fail_after(10):
            async with anyio.create_task_group() as group:
                group.start_soon(jobs.attend)
                assert await jobs.start(group, "1", OWNER, lambda: b"done")
                while not results.kept:
                    await anyio.sleep(0.01)
                group.cancel_scope.cancel()

    anyio.run(run)

    assert results.kept == {"1": b"done"}


def test_a_call_that_breaks_gets_an_answer_without_the_error_s_text(state, caplog):
    def work() -> bytes:
        raise ValueError("private")

    async def run() -> None:
        jobs = Jobs(state.results, 1, anyio.CapacityLimiter(1))
        async with anyio.create_task_group() as group:
            assert await jobs.start(group, "1", OWNER, work)

    anyio.run(run)

    answer = state.results.find("1", OWNER)
    assert orjson.loads(answer)["errcode"] == 4
    assert b"private" not in answer
    assert "private" not in caplog.text
