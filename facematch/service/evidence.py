"""Evidence kept in memory: for a while, for the token that made the call, never on disk."""

import threading
import time
from collections import OrderedDict
from typing import Protocol

from facematch.local import Evidence

KEPT_AT_MOST = 256  # a photo's has about 80 kB, a clip's 300


class EvidenceKeeper(Protocol):
    """Where evidence waits to be asked for; used from several threads at once."""

    def keep(self, evidence: Evidence, owner: str) -> None:
        """Keep *evidence* for *owner*, the token's digest."""
        ...

    def find(self, trace_no: str, owner: str) -> Evidence | None:
        """The evidence of *trace_no*; None when unknown, expired, or another token's."""
        ...


class EvidenceStore:
    """Thread-safe; the oldest goes first when it is full.

    Args:
        ttl_s: How long evidence is kept, in seconds.
    """

    def __init__(self, ttl_s: float) -> None:
        self._ttl_s = ttl_s
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, str, Evidence]] = OrderedDict()

    def keep(self, evidence: Evidence, owner: str) -> None:
        """Keep *evidence* for *owner*, the token's digest."""
        now = time.monotonic()
        with self._lock:
            self._kept[evidence.trace_no] = (now + self._ttl_s, owner, evidence)
            while self._kept and (len(self._kept) > KEPT_AT_MOST or next(iter(self._kept.values()))[0] < now):
                self._kept.popitem(last=False)

    def find(self, trace_no: str, owner: str) -> Evidence | None:
        """The evidence of *trace_no*; None when unknown, expired, or another token's."""
        with self._lock:
            expires, kept_for, evidence = self._kept.get(trace_no, (0.0, "", None))
        return evidence if kept_for == owner and expires >= time.monotonic() else None
