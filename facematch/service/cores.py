"""How many calls work at once: as many as the machine has cores."""

import contextlib
import math
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import ParamSpec, TypeVar

import anyio

from facematch import codes
from facematch.errors import RequestRefused

LAST_TURNS_S = 1.0  # a queue of photos is worked off by then, one of clips is not
P = ParamSpec("P")
T = TypeVar("T")


class Stopping(RequestRefused):
    """The service is about to end; nothing of the call was worked on."""

    def __init__(self) -> None:
        super().__init__(codes.RATE, "the service is stopping")


class Cores:
    """A call holds one from its first decoding to its last comparison: what it decoded is not piled up waiting.

    The threads are as few: glibc keeps freed memory per thread. Sixteen clips at once in as many threads left 1.2 GB,
    in two 0.7 GB.

    Args:
        count: As many as the machine has unless told otherwise.
    """

    def __init__(self, count: int | None = None) -> None:
        count = count or os.cpu_count() or 1
        self.threads = anyio.CapacityLimiter(count)  # who comes first works first
        self._free = threading.Semaphore(count)
        self._any = anyio.CapacityLimiter(math.inf)  # whoever has a turn has a thread
        self._waiting: set[anyio.CancelScope] = set()
        self._ends_at = math.inf  # by the event loop's clock

    async def run(self, function: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        """Run *function* in one of the threads, once one is free.

        Raises:
            Stopping: None was free in time, after `stop`.
        """
        turn = object()
        await self.turn(self.threads, turn)
        try:
            return await anyio.to_thread.run_sync(partial(function, *args, **options), limiter=self._any)
        finally:
            self.threads.release_on_behalf_of(turn)

    def stop(self) -> None:
        """Refuse those that still wait after `LAST_TURNS_S`; what runs goes on. Again does no harm."""
        if not self.is_stopping:
            self._ends_at = anyio.current_time() + LAST_TURNS_S
            for scope in self._waiting:
                scope.deadline = min(scope.deadline, self._ends_at)

    @property
    def is_stopping(self) -> bool:
        """Whether work that would wait is refused soon."""
        return self._ends_at < math.inf

    async def turn(self, turns: anyio.CapacityLimiter, turn: object, seconds: float = math.inf) -> bool:
        """Take one of *turns* for *turn*; False when none was free within *seconds*.

        Raises:
            Stopping: None was free in time, after `stop`.
        """
        with contextlib.suppress(anyio.WouldBlock):
            turns.acquire_on_behalf_of_nowait(turn)  # given also when the time to wait is over
            return True
        with anyio.CancelScope(deadline=min(self._ends_at, anyio.current_time() + seconds)) as scope:
            self._waiting.add(scope)
            try:
                await turns.acquire_on_behalf_of(turn)
            finally:
                self._waiting.discard(scope)
        if scope.cancelled_caught and self.is_stopping:
            raise Stopping
        return not scope.cancelled_caught

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold one, waiting for it."""
        with self._free:
            yield

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Within ``run`` and ``taken``: let another call work, for example while a link is fetched."""
        self._free.release()
        anyio.from_thread.run_sync(self._widen, 1)
        try:
            yield
        finally:
            self._free.acquire()
            anyio.from_thread.run_sync(self._widen, -1)

    def _widen(self, by: int) -> None:
        self.threads.total_tokens += by
