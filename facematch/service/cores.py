"""How many calls work at once: as many as the machine has cores."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import ParamSpec, TypeVar

import anyio

P = ParamSpec("P")
T = TypeVar("T")


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

    async def run(self, function: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        """Run *function* in one of the threads, once one is free."""
        return await anyio.to_thread.run_sync(partial(function, *args, **options), limiter=self.threads)

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
