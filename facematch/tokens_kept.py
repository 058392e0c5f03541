"""Tokens and proxy logins of remote environments: in this computer's keyring where it has one, else in 0600 files.

Whatever may block, a locked keyring that asks its owner for instance, has a time limit. No message holds a secret.
"""

import os
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Literal, Protocol, TypeVar, cast

from facematch.errors import SecretUnavailable
from facematch.private import make_private_folder

Kind = Literal["token", "proxy"]
Place = Literal["keyring", "file"]
SERVICE = "facematch"  # what the keyring's own window calls our entries
WAIT_S = 5.0
LEAST_PRIORITY = 1  # below: backends that keep plain text in a file of their own
Answer = TypeVar("Answer")


class Keyring(Protocol):
    """What we use of a backend of the library ``keyring``."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret; None: there is none."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it, in place of one that was there."""

    def delete_password(self, service: str, username: str) -> None:
        """Take it out."""


class TokensKept:
    """The secrets of one data directory.

    Args:
        folder: For the files; created when it is needed.
        find: Gives the keyring, or None where this computer has none that is worth it.
        wait_s: For one question to the keyring.
    """

    def __init__(self, folder: Path, find: Callable[[], Keyring | None], *, wait_s: float = WAIT_S) -> None:
        self._folder, self._find, self._wait_s = folder, find, wait_s

    def keep(self, owner: str, kind: Kind, text: str) -> Place:
        """Keep *text* of the environment *owner*, in place of an earlier one; a keyring that fails is passed over.

        Raises:
            SecretUnavailable: It can be kept nowhere.
        """
        with suppress(SecretUnavailable):
            entry = _entry(owner, kind)
            if self._asked(
                lambda ring: ring.set_password(SERVICE, entry, text), too_late=lambda ring: _taken_out(ring, entry)
            ):
                self._path(owner, kind).unlink(missing_ok=True)
                return "keyring"
        self._write(self._path(owner, kind), text)
        return "file"

    def put_back(self, owner: str, kind: Kind, text: str, place: Place) -> None:
        """Keep *text* where it was before, and nowhere else.

        Raises:
            SecretUnavailable: It cannot be kept there.
        """
        if place == "keyring":
            self._asked(lambda ring: ring.set_password(SERVICE, _entry(owner, kind), text))
            self._path(owner, kind).unlink(missing_ok=True)
            return
        self._write(self._path(owner, kind), text)
        self._asked(lambda ring: _taken_out(ring, _entry(owner, kind)))

    def find(self, owner: str, kind: Kind, place: Place) -> str:
        """The secret that was kept in *place*.

        Raises:
            SecretUnavailable: It is not there any more, or cannot be had in time.
        """
        if place == "file":
            return self._read(self._path(owner, kind))
        found: list[str | None] = []
        self._asked(lambda ring: found.append(ring.get_password(SERVICE, _entry(owner, kind))))
        if not found or not found[0]:
            raise SecretUnavailable("the keyring does not hold it any more")
        return found[0]

    def forget(self, owner: str, kind: Kind, place: Place) -> None:
        """Delete it from *place*; nothing happens when it is gone already.

        Raises:
            SecretUnavailable: It cannot be deleted.
        """
        try:
            self._path(owner, kind).unlink(missing_ok=True)
        except OSError as error:
            raise SecretUnavailable(f"its file cannot be deleted: {error.strerror}") from error
        if place == "keyring":
            self._asked(lambda ring: _taken_out(ring, _entry(owner, kind)))

    def _asked(
        self, question: Callable[[Keyring], object], *, too_late: Callable[[Keyring], object] | None = None
    ) -> bool:
        """Put *question* to the keyring; False when there is none.

        Raises:
            SecretUnavailable: It failed, or did not answer in time; then it is left to itself, and *too_late* done
                after it has been.
        """
        given_up = threading.Event()

        def ask() -> bool:
            ring = self._find()
            if ring is None:
                return False
            question(ring)
            if too_late is not None and given_up.is_set():
                too_late(ring)
            return True

        try:
            return _in_time(ask, self._wait_s)
        finally:
            given_up.set()

    def _path(self, owner: str, kind: Kind) -> Path:
        return self._folder / f"{owner}.{kind}"

    def _write(self, path: Path, text: str) -> None:
        new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            make_private_folder(path.parent)
            with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(text)
            new.replace(path)
        except OSError as error:
            with suppress(OSError):  # there may be no folder
                new.unlink(missing_ok=True)
            raise SecretUnavailable(f"it cannot be kept in a file: {error.strerror}") from error

    @staticmethod
    def _read(path: Path) -> str:
        try:
            return path.read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SecretUnavailable("its file cannot be read") from error


def system_keyring() -> Keyring | None:
    """This computer's; None where there is none, or only one that keeps plain text."""
    import keyring  # asks every installed backend: 50 ms that no page pays before a token is kept

    ring = keyring.get_keyring()
    return cast("Keyring", ring) if ring.priority >= LEAST_PRIORITY else None


def _entry(owner: str, kind: Kind) -> str:
    return f"{owner}/{kind}"


def _taken_out(ring: Keyring, entry: str) -> None:
    if ring.get_password(SERVICE, entry) is not None:
        ring.delete_password(SERVICE, entry)


def _in_time(ask: Callable[[], Answer], wait_s: float) -> Answer:
    """What *ask* gives, in a thread of its own that nobody waits for longer than *wait_s*."""
    answer: Future[Answer] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001 - a backend may raise anything; its words may hold the secret
            answer.set_exception(error)

    threading.Thread(target=run, name="keyring", daemon=True).start()
    try:
        return answer.result(wait_s)
    except TimeoutError:
        raise SecretUnavailable("the keyring did not answer in time; it may be locked") from None
    except BaseException as error:  # noqa: BLE001
        raise SecretUnavailable(f"the keyring failed ({type(error).__name__})") from None
