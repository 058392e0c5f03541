"""Sends labelled pairs through the client, a bounded number at a time."""

import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, wait
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from facematch.client import FaceMatchClient, Match, Photo, RunItem
from facematch.errors import CallError, Refusal
from facematch.evaluation.pairs import Pair


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one pair; ``score`` is None when no comparison was reached."""

    pair: Pair
    outcome: str  # "ok", or the outcome word of an error class
    elapsed_ms: float | None = None  # from the first byte sent to the answer; None when nothing was sent
    score: float | None = None  # 0 to 100
    cosine: float | None = None  # where the server tells it
    threshold: float | None = None  # likewise
    errcode: int | None = None
    blamed: Path | None = None  # the photo that the server refused, where it says which

    @classmethod
    def compared(cls, pair: Pair, match: Match) -> "Result":
        """Of a call that gave a verdict."""
        elapsed_ms = match.exchange.elapsed_ms
        if match.score is None:
            return cls(pair, "no_score", elapsed_ms, threshold=match.threshold)
        return cls(pair, "ok", elapsed_ms, match.score, match.cosine, match.threshold)

    @classmethod
    def failed(cls, pair: Pair, error: CallError) -> "Result":
        """Of a call that gave none."""
        if not isinstance(error, Refusal):
            return cls(pair, error.outcome, error.elapsed_ms)
        blamed = {"image": pair.reference, "faceData": pair.probe}.get(error.side or "")
        return cls(pair, error.outcome, error.elapsed_ms, errcode=error.errcode, blamed=blamed)


class Caller:
    """Makes one call for each pair, with a client for each thread: requests does not promise that they may share one.

    Args:
        connect: Makes a client.
        run_id: Of the rows in the log; an item's id is the row of its pair.
    """

    def __init__(self, connect: Callable[[], FaceMatchClient], run_id: str) -> None:
        self.run_id = run_id
        self._connect = connect
        self._own = threading.local()
        self._clients: list[FaceMatchClient] = []

    def __call__(self, pair: Pair) -> Result:
        """Ask the server about *pair*; a failed call is a result too."""
        item = RunItem(self.run_id, str(pair.row), pair.mated)
        try:
            reference, probe = Photo.from_path(pair.reference), Photo.from_path(pair.probe)
            return Result.compared(pair, self._client().match(reference, probe, run=item))
        except CallError as error:
            return Result.failed(pair, error)

    def close(self) -> None:
        """Close every thread's connections."""
        for client in self._clients:
            client.close()

    def _client(self) -> FaceMatchClient:
        if not hasattr(self._own, "client"):
            self._own.client = self._connect()
            self._clients.append(self._own.client)
        client: FaceMatchClient = self._own.client
        return client


def results(
    pairs: Sequence[Pair], call: Callable[[Pair], Result], executor: Executor, *, in_flight: int
) -> Generator[Result, None, None]:
    """The results as they come; closing the iterator cancels what has not begun.

    Args:
        pairs: Sent in this order.
        call: Runs in the executor.
        executor: Where calls run.
        in_flight: Calls handed to the executor at a time, at least 1.
    """
    waiting = iter(pairs)
    under_way = {executor.submit(call, pair) for pair in islice(waiting, in_flight)}
    try:
        while under_way:
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            under_way |= {executor.submit(call, pair) for pair in islice(waiting, len(done))}
            for future in done:
                yield future.result()
    finally:
        for future in under_way:
            future.cancel()
