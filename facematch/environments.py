"""The remote environments that an operator has listed: one 0600 JSON file, safe for several tabs and processes."""

import json
import os
import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from facematch.addresses import is_authority, is_proxy, is_server
from facematch.contract import ORIGINS, Origin
from facematch.errors import EnvironmentsUnavailable
from facematch.private import create_private, make_private_folder
from facematch.settings import LONGEST_TIMEOUT_S, Retention
from facematch.tokens_kept import Place
from facematch.typed import read_typed

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

VERSION = 1
LOCK_S = 5.0
LONGEST_RETENTION_DAYS = 36_500
EMBEDDED, FROM_SETTINGS = "embedded", "settings"  # ids of the two that are not listed in the file
Check = Literal["usual", "own", "off"]


@dataclass(frozen=True, slots=True)
class Secret:
    """That a secret is kept, never the secret itself."""

    place: Place
    kept_at_ms: int  # UTC epoch; another time is another secret


@dataclass(frozen=True, slots=True)
class Remote:
    """One remote server and how it is reached."""

    id: str  # of its secrets; a new name keeps them
    name: str  # what the log calls it, and so does the operator
    url: str
    check: Check = "usual"  # whose certificates count: the usual authorities', those of ``authorities``, anybody's
    authorities: str = ""  # PEM
    proxy: str = ""  # its address, without a login
    connect_timeout_s: float = 3.0
    timeout_s: float = 30.0
    origins: tuple[Origin, ...] = ORIGINS
    retention_days: float | None = None  # None: as the settings say, else for ever
    token: Secret | None = None
    proxy_login: Secret | None = None
    removed_at_ms: int | None = None  # None: it is in use

    @property
    def is_usable(self) -> bool:
        """Whether a client can be made of it; somebody may have written the file by hand."""
        is_reached = is_server(self.url) and (not self.proxy or is_proxy(self.proxy))
        is_trusted = self.check != "own" or is_authority(self.authorities)
        is_kept = self.retention_days is None or 0 <= self.retention_days <= LONGEST_RETENTION_DAYS
        return (
            is_reached
            and is_trusted
            and is_kept
            and all(0 < s <= LONGEST_TIMEOUT_S for s in (self.connect_timeout_s, self.timeout_s))
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """What the file holds."""

    version: int = 0  # none was told
    start_with: str = EMBEDDED  # an id
    environments: tuple[Remote, ...] = ()  # also those removed a moment ago

    @property
    def remotes(self) -> tuple[Remote, ...]:
        """Those in use, by name."""
        kept = (each for each in self.environments if each.removed_at_ms is None)
        return tuple(sorted(kept, key=lambda each: each.name.casefold()))

    def find(self, id_: str) -> Remote | None:
        """The one in use with this id."""
        return next((each for each in self.remotes if each.id == id_), None)

    def retention(self, rest: Retention) -> Retention:
        """Days by name, this list's before *rest*, which the settings have; of one that may come back, too."""
        names = {each.name for each in self.remotes}
        removed = (each for each in self.environments if each.name not in names)
        ours = {each.name: each.retention_days for each in (*removed, *self.remotes) if each.retention_days is not None}
        return (*((name, days) for name, days in rest if name not in ours), *ours.items())


def put(listed: Listed, remote: Remote) -> Listed:
    """With *remote*, in place of the one that has its id."""
    others = tuple(each for each in listed.environments if each.id != remote.id)
    return replace(listed, environments=(*others, remote))


def without(listed: Listed, id_: str) -> Listed:
    """Without the one of this id, for good."""
    start = EMBEDDED if listed.start_with == id_ else listed.start_with
    return replace(listed, start_with=start, environments=tuple(each for each in listed.environments if each.id != id_))


def new_id() -> str:
    """Of a new environment."""
    return secrets.token_hex(8)


class EnvironmentList:
    """The file; every change reads it again under a lock that other processes respect."""

    def __init__(self, path: Path, *, lock_s: float = LOCK_S) -> None:
        self.path = path
        self._lock_s = lock_s
        self._mutex = threading.Lock()
        self._seen: tuple[object, Listed] | None = None

    def read(self) -> Listed:
        """What is in it; nothing when there is no file yet.

        Raises:
            EnvironmentsUnavailable: It cannot be read, or holds something else. It is left as it is.
        """
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return Listed(VERSION)
        except OSError as error:
            raise EnvironmentsUnavailable(f"the list of environments cannot be read: {error.strerror}") from error
        mark = (found.st_mtime_ns, found.st_size, found.st_ino)
        seen = self._seen
        if seen is None or seen[0] != mark:
            seen = self._seen = (mark, self._parsed())
        return seen[1]

    def change(self, how: Callable[[Listed], Listed]) -> Listed:
        """Write what *how* makes of the present list; a file that cannot be understood is put aside first.

        Raises:
            EnvironmentsUnavailable: It cannot be written, or another process holds it for too long.
        """
        try:
            with self._mutex, self._locked():
                self._write(new := _checked(how(self._present())))
        except OSError as error:
            raise EnvironmentsUnavailable(f"the list of environments cannot be written: {error.strerror}") from error
        except ValueError as error:  # it could not be read again
            raise EnvironmentsUnavailable(f"the list of environments would not be usable: {error}") from error
        return new

    def _parsed(self) -> Listed:
        try:
            return _checked(read_typed(Listed, json.loads(self.path.read_bytes())))
        except OSError as error:
            raise EnvironmentsUnavailable(f"the list of environments cannot be read: {error.strerror}") from error
        except (ValueError, TypeError, RecursionError) as error:
            raise EnvironmentsUnavailable(f"the list of environments in {self.path.name} is damaged") from error

    def _present(self) -> Listed:
        try:
            return self.read()
        except EnvironmentsUnavailable:
            aside = self.path.with_name(f"{self.path.stem}.damaged-{time.time_ns() // 1_000_000}{self.path.suffix}")
            self.path.replace(aside)
            return Listed(VERSION)

    def _write(self, listed: Listed) -> None:
        new = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
        text = json.dumps(asdict(listed), ensure_ascii=False, indent=1)
        try:
            with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self.path)
        finally:
            new.unlink(missing_ok=True)
        self._seen = None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        make_private_folder(self.path.parent)
        path = self.path.with_name(f".{self.path.name}.lock")
        create_private(path, b"lock")
        with path.open("r+b") as file:
            by = time.monotonic() + self._lock_s
            while not _lock(file.fileno()):
                if time.monotonic() >= by:
                    raise EnvironmentsUnavailable("another process holds the list of environments")
                time.sleep(0.02)
            yield  # the file's end is the lock's


def _lock(descriptor: int) -> bool:
    with suppress(OSError):
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _checked(listed: Any) -> Listed:
    """*listed*, when it is of this version and no two have one id or, in use, one name."""
    if not isinstance(listed, Listed) or listed.version != VERSION:
        raise ValueError("another version")
    ids, names = [each.id for each in listed.environments], [each.name.casefold() for each in listed.remotes]
    if len(set(ids)) < len(ids) or len(set(names)) < len(names):
        raise ValueError("twice")
    if not all(each.is_usable for each in listed.environments):
        raise ValueError("not usable")
    return listed
