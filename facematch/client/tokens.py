"""Where a client's token comes from: given once, or asked of a source again and again, by one thread for all."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from pathlib import Path

from facematch.errors import DeadlineExceeded, RequestInvalid

SECRET_CHARACTERS = 8  # a shorter token would be cut out of words it happens to be in
REMEMBERED = 8  # tokens that a server may still echo

TokenSource = Callable[[], str]
"""Gives the raw token; called at first use and again when the server refused it.

Whatever it raises fails the call; only the words of a ``RequestInvalid`` are passed on, so no token belongs in them.
"""


def checked_token(token: str | None) -> str | None:
    """The token without surrounding white space; None for none at all.

    Raises:
        RequestInvalid: It cannot stand in an HTTP header.
    """
    text = (token or "").strip()
    if not (text.isascii() and text.isprintable()):
        raise RequestInvalid("the token has characters that an HTTP header cannot carry")
    return text or None


def secrets_of(tokens: Iterable[str]) -> tuple[str, ...]:
    """What a server may echo and nobody may read: *tokens* without those too short to be a secret."""
    return tuple(dict.fromkeys(token for token in tokens if len(token) >= SECRET_CHARACTERS))


@dataclass(frozen=True, slots=True)
class TokenFile:
    """A ``TokenSource`` that reads a file anew each time; let nobody but its owner read it (mode 0600).

    Args:
        path: The file; white space around the token does not count.
    """

    path: Path | str

    def __call__(self) -> str:
        """The token.

        Raises:
            RequestInvalid: The file cannot be read, is empty, or holds what no HTTP header can carry.
        """
        try:
            text = Path(self.path).read_text("latin-1")  # whatever is not ASCII is refused below
        except OSError as error:
            raise RequestInvalid(f"the token's file cannot be read: {error.strerror}") from error
        token = checked_token(text)
        if token is None:
            raise RequestInvalid("the token's file is empty")
        return token


class Tokens:
    """The token in use. Threads that need a new one at the same time wait for one answer of the source.

    Args:
        token: To begin with.
        source: Asked when there is none, or none any more; None: the token stays.

    Raises:
        RequestInvalid: The token cannot stand in an HTTP header.
    """

    def __init__(self, token: str | None, source: TokenSource | None = None) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._asked: Future[str] | None = None  # of the source, while it has not answered
        self._text = checked_token(token)
        self._seen: deque[str] = deque([self._text] if self._text else [], REMEMBERED)

    def __repr__(self) -> str:
        """Never the token."""
        return "Tokens(…)"

    @property
    def renewable(self) -> bool:
        """Whether there is a source."""
        return self._source is not None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The latest tokens, as ``secrets_of`` has them."""
        with self._lock:
            return secrets_of(self._seen)

    def current(self, deadline: float) -> str | None:
        """The token; None when there is none and no source.

        Args:
            deadline: ``time.monotonic()`` seconds; the source may go on after it, nobody waits.

        Raises:
            RequestInvalid: The source failed, or gave what no header can carry.
            DeadlineExceeded: It did not answer in time.
        """
        with self._lock:
            if self._text is not None or self._source is None:
                return self._text
            asked = self._asked or self._ask(self._source)
        if not wait((asked,), max(0.0, deadline - time.monotonic())).done:
            raise DeadlineExceeded("the token source did not answer in time", sent=False)
        failed = asked.exception()
        if failed is None:
            return asked.result()
        if isinstance(failed, RequestInvalid):
            raise RequestInvalid(str(failed))
        raise RequestInvalid(f"the token source failed ({type(failed).__name__})")  # its own words may hold the token

    def refused(self, token: str | None) -> None:
        """The server refused *token*: when it is still the one in use, the next ``current`` asks the source."""
        with self._lock:
            if self._source is not None and token == self._text:
                self._text = None

    def _ask(self, source: TokenSource) -> Future[str]:
        """Ask in a thread of its own, which nobody has to wait for to its end; the lock is held."""
        asked: Future[str] = Future()
        self._asked = asked
        threading.Thread(target=self._take, args=(source, asked), name="token-source", daemon=True).start()
        return asked

    def _take(self, source: TokenSource, asked: Future[str]) -> None:
        try:
            text = _given(source)
        except BaseException as error:  # noqa: BLE001 - whatever it is, each caller who waits gets it
            with self._lock:
                self._asked = None
            asked.set_exception(error)
            return
        with self._lock:
            self._text, self._asked = text, None
            self._seen.append(text)
        asked.set_result(text)


def _given(source: TokenSource) -> str:
    text = checked_token(source())
    if text is None:
        raise RequestInvalid("the token source gave no token")
    return text
