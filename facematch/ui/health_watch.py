"""How each server is, asked apart from the pages: no run waits for a server that hangs."""

import threading
import time
from dataclasses import dataclass, field

import streamlit as st

from facematch.client import FaceMatchClient
from facematch.errors import CallError
from facematch.local import Health

READY_S, OTHERWISE_S, WARMING_S = 15.0, 5.0, 0.5  # how long an answer stands
STALE_S = 60.0  # an older one is not shown as if it were known
FIRST_WAIT_S, NEXT_WAIT_S = 0.4, 0.05  # for an answer; a server near by gives it in a few milliseconds
THREAD = "facematch-health"


class Asking:
    """No answer yet."""


ASKING = Asking()
Found = Health | CallError | None  # None: the server has no such answer


@dataclass(slots=True)
class Watch:
    """What one server said last, and whether it is being asked."""

    found: Found | Asking = ASKING
    at_s: float = float("-inf")
    _asking: threading.Event | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self, client: FaceMatchClient) -> Found | Asking:
        """What is known; a known answer that is past its time is asked for anew, and waited for only a moment."""
        if time.monotonic() - self.at_s > self._stands_s():
            wait_s = FIRST_WAIT_S if self.found is ASKING else NEXT_WAIT_S
            self._ask(client).wait(wait_s)
        return ASKING if time.monotonic() - self.at_s > STALE_S else self.found

    def forget(self) -> None:
        """Ask anew at the next look."""
        self.found, self.at_s = ASKING, float("-inf")

    def _stands_s(self) -> float:
        if not isinstance(self.found, Health):
            return OTHERWISE_S
        return {"ready": READY_S, "warming": WARMING_S}.get(self.found.status, OTHERWISE_S)

    def _ask(self, client: FaceMatchClient) -> threading.Event:
        with self._lock:
            if self._asking is None:
                self._asking = threading.Event()
                threading.Thread(target=self._hear, args=(client, self._asking), name=THREAD, daemon=True).start()
            return self._asking

    def _hear(self, client: FaceMatchClient, done: threading.Event) -> None:
        found: Found | Asking = ASKING
        try:
            found = client.health()
        except CallError as error:
            found = error.with_traceback(None)  # it would hold the frames, and so the client
        finally:
            with self._lock:
                self.found, self.at_s, self._asking = found, time.monotonic(), None
            done.set()


@st.cache_resource(show_spinner=False, max_entries=200)
def _watch(url: str, name: str) -> Watch:
    return Watch()


def look(client: FaceMatchClient) -> Found | Asking:
    """How the server of *client* is, as far as this process knows."""
    return _watch(client.base_url, client.environment).look(client)


def forget(client: FaceMatchClient) -> None:
    """Ask that server anew at the next look: something has changed there."""
    _watch(client.base_url, client.environment).forget()
