"""A folder that stands in for the file server of origin ``fds``; on POSIX systems, elsewhere every use is refused.

Every part of a path is opened by itself, relative to the one before and never through a symbolic link, so a path
cannot leave the folder even while somebody changes it.
"""

import contextlib
import errno
import os
import secrets
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from facematch.limits import Limits
from facematch.local import StoredFile
from facematch.private import make_private_folder
from facematch.service.file_paths import FileRefused, is_nameable, parts_of

if sys.platform != "win32":
    import fcntl

__all__ = ["FileRefused", "Files"]

_INCOMING = ".incoming"  # no path can name it: a leading dot is refused
_ABANDONED_S = 3600.0  # what a killed process left half written is removed after that


def _flags(*names: str) -> int:
    """Of ``os.open``; those that this system does not know count nothing, as nothing is opened there."""
    return sum(getattr(os, name, 0) for name in names)


_ROOT = _flags("O_RDONLY", "O_DIRECTORY", "O_CLOEXEC")
_FOLDER = _ROOT | _flags("O_NOFOLLOW")
_READ = _flags("O_RDONLY", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC")  # a named pipe would wait for its writer
_CREATE = _flags("O_WRONLY", "O_CREAT", "O_EXCL", "O_NOFOLLOW", "O_CLOEXEC")


class Files:
    """Safe to use from several threads and processes at once.

    A path is relative, its parts joined by "/"; one "/" in front of it, as file servers write it, does not count.
    It is taken in Unicode's form NFC. What a path cannot name is neither listed nor read.

    Args:
        folder: Created by the first ``put``, for the owner alone.
        limits: ``file_max_bytes`` and ``files_max`` count.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits

    def put(self, path: str, chunks: bytes | Iterable[bytes]) -> StoredFile:
        """Store a file whole or not at all, in place of one with the same path.

        Raises:
            FileRefused: path, size, count or disk.
        """
        parts = parts_of(path)
        with _told():
            make_private_folder(self._folder)
            with self._root() as root, _folder_at(root, (_INCOMING,), create=True) as incoming:
                _sweep(incoming)
                name = secrets.token_hex(16)
                try:
                    self._receive(incoming, name, (chunks,) if isinstance(chunks, bytes) else chunks)
                    return self._place(root, incoming, name, parts)
                finally:
                    with contextlib.suppress(FileNotFoundError):
                        os.unlink(name, dir_fd=incoming)

    def all(self) -> tuple[StoredFile, ...]:
        """Every file, by path.

        Raises:
            FileRefused: disk.
        """
        with _told():
            try:
                with self._root() as root:
                    return tuple(sorted(_walk(root, ()), key=lambda file: file.path))
            except FileNotFoundError:
                return ()

    def delete(self, path: str) -> bool:
        """Remove a file, and the folders that it leaves empty; False when there is none.

        Raises:
            FileRefused: path or disk.
        """
        parts = parts_of(path)
        with _told():
            try:
                with self._root() as root, _alone(root):
                    return _remove(root, parts)
            except (FileNotFoundError, NotADirectoryError):
                return False

    def read(self, path: str, max_bytes: int) -> bytes:
        """The bytes of a file.

        Raises:
            FileRefused: path, missing, size or disk.
        """
        parts = parts_of(path)
        with _told(), self._root() as root, _folder_at(root, parts[:-1]) as folder:
            data = _head(os.open(parts[-1], _READ, dir_fd=folder), max_bytes + 1)
        if len(data) > max_bytes:
            raise FileRefused(f"more than {max_bytes:,} bytes", "size")
        return data

    @contextmanager
    def _root(self) -> Iterator[int]:
        try:
            descriptor = os.open(self._folder, _ROOT)
        except NotADirectoryError:
            raise FileRefused("the folder of files cannot be used: it is a file", "disk") from None
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _receive(self, incoming: int, name: str, chunks: Iterable[bytes]) -> None:
        size = 0
        with os.fdopen(os.open(name, _CREATE, 0o600, dir_fd=incoming), "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > self._limits.file_max_bytes:
                    raise FileRefused(f"more than {self._limits.file_max_bytes:,} bytes", "size")
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())  # else a power cut could leave the name without the content

    def _place(self, root: int, incoming: int, name: str, parts: tuple[str, ...]) -> StoredFile:
        """Count and rename as one step, lest two uploads both take the last place."""
        path = "/".join(parts)
        with _alone(root):
            others = sum(file.path != path for file in _walk(root, ()))
            if others >= self._limits.files_max:
                raise FileRefused(f"there are {self._limits.files_max:,} files already", "count")
            with _folder_at(root, parts[:-1], create=True) as folder:
                os.rename(name, parts[-1], src_dir_fd=incoming, dst_dir_fd=folder)
                return _stored(path, os.stat(parts[-1], dir_fd=folder, follow_symlinks=False))


@contextmanager
def _told() -> Iterator[None]:
    """The system's refusals in our words; its own have the path in them."""
    if os.open not in os.supports_dir_fd:
        raise FileRefused("this system cannot keep files safely", "disk")
    try:
        yield
    except FileNotFoundError:
        raise FileRefused("there is no such file", "missing") from None
    except (NotADirectoryError, IsADirectoryError):
        raise FileRefused("a part of the path is no folder, or all of it is one", "path") from None
    except OSError as error:
        if error.errno == errno.ELOOP:  # from O_NOFOLLOW
            raise FileRefused("there is no such file", "missing") from None
        raise FileRefused(f"the folder of files cannot be used: {error.strerror}", "disk") from None


@contextmanager
def _folder_at(root: int, parts: tuple[str, ...], *, create: bool = False) -> Iterator[int]:
    """A descriptor of the folder below *root*, opened part by part."""
    folder = os.dup(root)
    try:
        for part in parts:
            if create:
                with contextlib.suppress(FileExistsError):
                    os.mkdir(part, 0o700, dir_fd=folder)
            inner = os.open(part, _FOLDER, dir_fd=folder)
            os.close(folder)
            folder = inner
        yield folder
    finally:
        os.close(folder)


@contextmanager
def _alone(root: int) -> Iterator[None]:
    """No other thread or process places or removes meanwhile; the lock is the open descriptor's own."""
    if sys.platform != "win32":
        fcntl.flock(root, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if sys.platform != "win32":
            fcntl.flock(root, fcntl.LOCK_UN)


def _walk(folder: int, above: tuple[str, ...]) -> Iterator[StoredFile]:
    """The files that paths can name; what vanishes meanwhile is left out."""
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries]
    for name in names:
        path = "/".join((*above, name))
        if not is_nameable(name, path, len(above) + 1):
            continue
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            found = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if stat.S_ISREG(found.st_mode):
                yield _stored(path, found)
            elif stat.S_ISDIR(found.st_mode):
                with _folder_at(folder, (name,)) as inner:
                    yield from _walk(inner, (*above, name))


def _head(descriptor: int, size: int) -> bytes:
    """At most *size* bytes of an open file, which is closed."""
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise FileNotFoundError
        return file.read(size)


def _stored(path: str, found: os.stat_result) -> StoredFile:
    modified = datetime.fromtimestamp(found.st_mtime, UTC).isoformat(timespec="seconds")
    return StoredFile(path, found.st_size, modified)


def _remove(root: int, parts: tuple[str, ...]) -> bool:
    with _folder_at(root, parts[:-1]) as folder:
        if not stat.S_ISREG(os.stat(parts[-1], dir_fd=folder, follow_symlinks=False).st_mode):
            return False
        os.unlink(parts[-1], dir_fd=folder)
    for depth in range(len(parts) - 1, 0, -1):
        with _folder_at(root, parts[: depth - 1]) as folder:
            try:
                os.rmdir(parts[depth - 1], dir_fd=folder)
            except OSError:  # others are in it
                break
    return True


def _sweep(incoming: int) -> None:
    with os.scandir(incoming) as entries:
        names = [entry.name for entry in entries]
    for name in names:
        with contextlib.suppress(FileNotFoundError):
            if os.stat(name, dir_fd=incoming).st_mtime < time.time() - _ABANDONED_S:
                os.unlink(name, dir_fd=incoming)
