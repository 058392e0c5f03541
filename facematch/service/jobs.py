"""Calls that were accepted to be answered later (``async``): worked off, kept, never lost."""

import logging
import threading
from collections.abc import Callable
from functools import partial

import anyio
from anyio.abc import TaskGroup

from facematch import codes
from facematch.errors import RequestRefused
from facematch.service.answers import refusal
from facematch.service.failure import told_shortly
from facematch.service.state.results import Results

BEAT_S = 2.0
END_POLL_S = 0.02
_LOG = logging.getLogger(__name__)
Work = Callable[[], bytes]
Ended = Callable[[], None]


def _nothing() -> None:
    pass


class Jobs:
    """The accepted calls of this worker. Requests wait in memory; the database knows only that there are some.

    Args:
        results: Where answers are kept, for all workers.
        at_most: How many may be unfinished at once, over all workers.
        turns: How many work at once in this one.
    """

    def __init__(self, results: Results, at_most: int, turns: anyio.CapacityLimiter) -> None:
        self._results = results
        self._at_most = at_most
        self._turns = turns
        self._beats = anyio.CapacityLimiter(1)  # its own thread: a full pool must not make this worker look dead
        self._under_way = 0
        self._stopping = threading.Event()
        self._unsaved: dict[str, bytes] = {}

    async def start(self, group: TaskGroup, trace_no: str, owner: str, work: Work, ended: Ended = _nothing) -> bool:
        """Accept *work*, whose answer is kept for *owner*; False when too much is unfinished.

        Args:
            group: In which it runs.
            trace_no: Of the call.
            owner: The digest of the caller's token.
            work: Gives the answer's body; run in a thread.
            ended: Called in the event loop when accepted work is over, however it ended.
        """
        if not await anyio.to_thread.run_sync(self._results.accept, trace_no, owner, self._at_most):
            return False
        self._under_way += 1
        group.start_soon(self._run, trace_no, work, ended)
        return True

    async def attend(self) -> None:
        """Show that this worker lives, end the calls of workers that do not, until cancelled."""
        while True:
            await anyio.to_thread.run_sync(self._beat, limiter=self._beats)
            await anyio.sleep(BEAT_S)

    async def end(self) -> None:
        """Wait for what runs, which cannot be interrupted; what still waits for its turn ends as failed."""
        self._stopping.set()
        while self._under_way:
            await anyio.sleep(END_POLL_S)

    async def _run(self, trace_no: str, work: Work, ended: Ended) -> None:
        try:
            await anyio.to_thread.run_sync(partial(self._do, trace_no, work), limiter=self._turns)
        finally:
            self._under_way -= 1
            ended()

    def _do(self, trace_no: str, work: Work) -> None:
        try:
            answer = failed(trace_no) if self._stopping.is_set() else work()
        except Exception as error:  # noqa: BLE001 - nobody waits for it: it must become an answer
            _LOG.error("call %s broke: %s", trace_no, told_shortly(error))
            answer = broken(trace_no, error)
        self._unsaved[trace_no] = answer
        self._save(trace_no, answer)

    def _save(self, trace_no: str, answer: bytes) -> None:
        """Keep the answer; while the database is away, the next beat tries again."""
        try:
            self._results.finish(trace_no, answer)
        except Exception as error:  # noqa: BLE001 - as above
            _LOG.error("the answer of call %s is not kept yet: %s", trace_no, told_shortly(error))
        else:
            self._unsaved.pop(trace_no, None)

    def _beat(self) -> None:
        for trace_no, answer in tuple(self._unsaved.items()):
            self._save(trace_no, answer)
        try:
            self._results.beat()
            self._results.sweep(failed)
        except Exception as error:  # noqa: BLE001 - the next beat may succeed
            _LOG.error("no beat: %s", told_shortly(error))


def failed(trace_no: str) -> bytes:
    """The answer of a call whose worker ended before the call did."""
    return _internal(trace_no, "the service ended before the call was worked off")


def broken(trace_no: str, error: Exception) -> bytes:
    """The answer of a call that met an error nobody expected."""
    return _internal(trace_no, type(error).__name__)


def _internal(trace_no: str, detail: str) -> bytes:
    return bytes(refusal(trace_no, RequestRefused(codes.INTERNAL, detail)).body)
