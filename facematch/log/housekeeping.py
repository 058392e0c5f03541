"""Retention kept while the dashboard runs: a purge at the start and every six hours, in the background."""

import logging
import threading
import time
from dataclasses import dataclass

from facematch.errors import LogUnavailable
from facematch.log.purge import Purged, purge
from facematch.log.store import CallLog
from facematch.settings import Retention

EVERY_S = 6 * 3600.0
CLOSING_S = 10.0  # a batch takes a moment; a writer may have to wait for the lock of another process
_LOG = logging.getLogger("facematch.log")


@dataclass(frozen=True, slots=True)
class Done:
    """The latest purge."""

    at_ms: int  # when it ended
    purged: Purged | None  # None: it failed
    trouble: LogUnavailable | None = None  # why


class Housekeeping:
    """A thread that purges; without a retention there is none. Nothing that goes wrong in it is raised anywhere."""

    def __init__(self, log: CallLog, retention: Retention, *, every_s: float = EVERY_S) -> None:
        self.last: Done | None = None  # None: the first purge has not ended
        self._log = log
        self._retention = retention
        self._every_s = every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="call-log-housekeeping", daemon=True)
        if retention:
            self._thread.start()

    def close(self) -> None:
        """Stop after the batch that is being deleted; the next purge goes on with the rest."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(CLOSING_S)

    def _run(self) -> None:
        while not self._stop.is_set():
            self.last = self._purge()
            self._stop.wait(self._every_s)

    def _purge(self) -> Done:
        try:
            purged = purge(self._log, self._retention, _now_ms(), self._stop)
        except LogUnavailable as trouble:
            return self._failed(trouble)
        except Exception as error:  # noqa: BLE001 - the thread goes on: the next purge may do
            return self._failed(LogUnavailable(f"the call log cannot be purged: {type(error).__name__}"))
        if purged.total:
            _LOG.info("%d calls past their retention were deleted", purged.total)
        return Done(_now_ms(), purged)

    def _failed(self, trouble: LogUnavailable) -> Done:
        if self.last is None or self.last.trouble is None:
            _LOG.warning("%s", trouble)
        return Done(_now_ms(), None, trouble)


class Keeper:
    """One housekeeping at a time: another rule ends the one before it."""

    def __init__(self, log: CallLog) -> None:
        self._log, self._lock = log, threading.Lock()
        self._now: tuple[Retention, Housekeeping] | None = None

    def by(self, rule: Retention) -> Housekeeping:
        """The one that keeps *rule*."""
        with self._lock:
            if self._now is None or self._now[0] != rule:
                self.close()
                self._now = rule, Housekeeping(self._log, rule)
            return self._now[1]

    def now(self) -> Housekeeping:
        """The one that is there already, else one that deletes nothing."""
        with self._lock:
            return Housekeeping(self._log, ()) if self._now is None else self._now[1]

    def close(self) -> None:
        """Stop after the batch that is being deleted; nobody waits."""
        if self._now is not None:
            threading.Thread(target=self._now[1].close, name="housekeeping-ends", daemon=True).start()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
