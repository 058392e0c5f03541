"""Evidence that any worker finds: kept in the memory of the process that watches over them, never on disk."""

import contextlib
import logging
import os
import secrets
import socket
import stat
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

import orjson
import pybase64

from facematch.errors import ServiceNotStarted
from facematch.local import Evidence

KEPT_AT_MOST = 1024
BYTES_AT_MOST = 128 * 2**20  # a photo's evidence has about 80 kB, a clip's 300
QUESTION_AT_MOST = 16 * 2**20
ANSWER_S = 2.0  # a keeper that takes longer counts as gone
_KEY_BYTES = 32
_PAUSE_S = 0.01
_PREFIX = "facematch-"
_SOCKET = "evidence"
_SETTLED_S = 60.0  # a younger folder may be one whose keeper is about to listen
_LOG = logging.getLogger(__name__)
_GONE = (OSError, EOFError)


@dataclass(frozen=True, slots=True)
class SharedEvidence:
    """A worker's way to the keeper; without a keeper nothing is kept and nothing is found.

    Args:
        place: The keeper's socket.
        key: Who knows it may ask.
    """

    place: str | tuple[str, int]
    key: str = field(repr=False)

    def keep(self, evidence: Evidence, owner: str) -> None:
        """Keep *evidence* for *owner*, the token's digest."""
        self._ask("keep", evidence.trace_no, owner, orjson.dumps(evidence.to_wire(), default=_base64))

    def find(self, trace_no: str, owner: str) -> Evidence | None:
        """The evidence of *trace_no*; None when unknown, expired, another token's, or the keeper is gone."""
        text = self._ask("find", trace_no, owner)
        return Evidence.from_wire(orjson.loads(text)) if text else None

    def _ask(self, verb: str, trace_no: str, owner: str, evidence: bytes = b"") -> bytes:
        question = orjson.dumps([self.key, verb, trace_no, owner]) + b"\n" + evidence
        try:
            with Client(self.place) as connection:
                connection.send_bytes(question)
                if not connection.poll(ANSWER_S):
                    raise TimeoutError
                return connection.recv_bytes()
        except _GONE as error:
            _LOG.warning("the keeper of evidence does not answer (%s)", type(error).__name__)
            return b""


class Keeper:
    """The store behind the socket; the oldest goes first when it is full.

    Args:
        ttl_s: How long evidence is kept, in seconds.
    """

    def __init__(self, ttl_s: float) -> None:
        self._ttl_s = ttl_s
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, str, bytes]] = OrderedDict()
        self._bytes = 0

    def answer(self, verb: str, trace_no: str, owner: str, evidence: bytes) -> bytes:
        """Nothing for "keep"; for "find" the evidence, or nothing."""
        with self._lock:
            if verb == "find":
                expires, kept_for, found = self._kept.get(trace_no, (0.0, "", b""))
                return found if kept_for == owner and expires >= time.monotonic() else b""
            self._drop(trace_no)
            self._kept[trace_no] = (time.monotonic() + self._ttl_s, owner, evidence)
            self._bytes += len(evidence)
            while self._kept and self._is_full():
                self._drop(next(iter(self._kept)))
            return b""

    def _drop(self, trace_no: str) -> None:
        self._bytes -= len(self._kept.pop(trace_no, (0.0, "", b""))[2])

    def _is_full(self) -> bool:
        oldest = next(iter(self._kept.values()))
        return len(self._kept) > KEPT_AT_MOST or self._bytes > BYTES_AT_MOST or oldest[0] < time.monotonic()


@contextmanager
def keeping(ttl_s: float) -> Iterator[SharedEvidence]:
    """Keep evidence in this process while the block runs; what it gives may be sent to other processes.

    Raises:
        ServiceNotStarted: No socket can be made.
    """
    _remove_dead()
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as folder:  # 0700: only this user reaches the socket
        place = str(Path(folder, _SOCKET)) if os.name == "posix" else ("127.0.0.1", 0)
        key = secrets.token_hex(_KEY_BYTES)
        try:
            listener = Listener(place, backlog=64)
        except OSError as error:
            raise ServiceNotStarted(f"no socket to share evidence: {error.strerror or error}") from error
        ends = threading.Event()
        threading.Thread(target=_listen, args=(listener, key, Keeper(ttl_s), ends), daemon=True).start()
        try:
            yield SharedEvidence(listener.address, key)
        finally:
            ends.set()
            with contextlib.suppress(*_GONE):
                Client(listener.address).close()  # wakes the thread that waits for a caller
            listener.close()


def _remove_dead() -> None:
    """A keeper that was killed left its folder, with a socket on which nobody listens any more."""
    if os.name != "posix":
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # another start removes it too, or it is another user's
            found = folder.lstat()
            is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
            if is_ours and found.st_mtime < time.time() - _SETTLED_S and _is_dead(folder / _SOCKET):
                (folder / _SOCKET).unlink()
                folder.rmdir()


def _is_dead(place: Path) -> bool:
    if not stat.S_ISSOCK(place.lstat().st_mode):
        return False
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(ANSWER_S)
        try:
            caller.connect(str(place))
        except ConnectionRefusedError:
            return True
    return False


def _listen(listener: Listener, key: str, keeper: Keeper, ends: threading.Event) -> None:
    while not ends.is_set():
        try:
            connection = listener.accept()
        except OSError:  # no descriptor is left
            ends.wait(_PAUSE_S)
        else:
            threading.Thread(target=_serve, args=(connection, key, keeper), daemon=True).start()


def _serve(connection: Connection, key: str, keeper: Keeper) -> None:
    with contextlib.suppress(*_GONE, ValueError), connection:  # a worker that died in the middle, or a stranger
        head, _, evidence = connection.recv_bytes(QUESTION_AT_MOST).partition(b"\n")
        given, verb, trace_no, owner = orjson.loads(head)
        if secrets.compare_digest(given, key):
            connection.send_bytes(keeper.answer(verb, trace_no, owner, evidence))


def _base64(value: object) -> str:
    if isinstance(value, bytes):
        return pybase64.b64encode_as_string(value)
    raise TypeError(type(value).__name__)
