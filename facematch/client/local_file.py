"""A file of this machine that is to be sent: read block by block, and only while it is the file that was chosen."""

import os
import stat
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self


class FileChanged(OSError):
    """The file is no longer the one that was chosen."""

    def __init__(self) -> None:
        super().__init__(None, "it changed after it was chosen")


@dataclass(frozen=True, slots=True)
class LocalFile:
    """Made by ``at``."""

    path: str = field(repr=False)  # may name a person
    size: int  # bytes
    modified_ns: int

    @classmethod
    def at(cls, path: Path | str) -> Self:
        """The file at *path* as it is now.

        Raises:
            OSError: It cannot be read, or is no regular file.
            ValueError: *path* holds a NUL.
        """
        with _opened(path) as file:
            return cls(os.fspath(path), *_state(file))

    def blocks(self, size: int) -> Generator[bytes, None, None]:
        """Its bytes, *size* at a time, the last block shorter.

        Raises:
            OSError: It cannot be read any more, or changed. What was not read is not yielded: the end never is.
        """
        with _opened(self.path) as file:
            for start in range(0, self.size, size):
                block = file.read(min(size, self.size - start))
                if _state(file) != (self.size, self.modified_ns):
                    raise FileChanged
                yield block


def _opened(path: Path | str) -> BinaryIO:
    return open(path, "rb", opener=_without_waiting)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # a named pipe would wait for its writer


def _state(file: BinaryIO) -> tuple[int, int]:
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode):
        raise OSError(None, "not a regular file")
    return status.st_size, status.st_mtime_ns
