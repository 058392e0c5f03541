"""Where an export goes: a new file for its owner alone, or standard output."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TextIO

from facematch.errors import FaceMatchError

_CLOSED = "standard output is closed"


class NotSaved(FaceMatchError):
    """The file cannot be written, or is there already."""


def save(name: str, content: Iterable[str] | Callable[[Path], None]) -> int:
    """Write texts, or let a function write, into the new file *name*; how many bytes it has.

    Raises:
        NotSaved: There is something of this name, or it cannot be written; half a file is not left behind.
    """
    target = Path(name)
    try:
        if callable(content):
            content(target)
        else:
            _write(target, content)
        return target.stat().st_size
    except FileExistsError as error:
        raise NotSaved("the output file exists; it is not overwritten") from error
    except OSError as error:
        raise NotSaved(f"the output file cannot be written: {error.strerror}") from error


def stream(pages: Iterable[str]) -> None:
    """Write UTF-8 to standard output until the end, or until nobody reads it any more.

    Raises:
        NotSaved: It takes no more, or is closed.
    """
    if sys.stdout is None:
        raise NotSaved(_CLOSED)
    for page in pages:
        if not _taken(page.encode()):
            return


def write_line(text: str) -> None:
    """Write *text*, as the terminal's encoding has it; quietly nothing when nobody reads or nothing is to be said.

    Raises:
        NotSaved: Standard output takes no more, or is closed.
    """
    if text and sys.stdout is None:
        raise NotSaved(_CLOSED)
    if text:
        _taken(text.encode(sys.stdout.encoding, "backslashreplace"))


def complain(text: str) -> bool:
    """Write *text* to standard error; False where that takes nothing: it is full, closed, or its reader has gone."""
    if sys.stderr is None:
        return False
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        _give_up(sys.stderr)
        return False
    return True


def _taken(data: bytes) -> bool:
    """Whether there may be more; False: whoever read it has read enough."""
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _give_up(sys.stdout)
        return False
    except OSError as error:
        _give_up(sys.stdout)
        raise NotSaved(f"standard output cannot be written: {error.strerror}") from error
    return True


def _give_up(stream: TextIO) -> None:
    """It takes no more: the interpreter's own last flush must not complain, nor change the exit code."""
    with contextlib.suppress(OSError, ValueError):
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, stream.fileno())
        os.close(sink)


def _write(target: Path, pages: Iterable[str]) -> None:
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.writelines(pages)
    except BaseException:
        with contextlib.suppress(OSError):
            target.unlink()
        raise
