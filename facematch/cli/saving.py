"""Where an export goes: a new file for its owner alone, or standard output."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

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


def _taken(data: bytes) -> bool:
    """Whether there may be more; False: whoever read it has read enough."""
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        give_up_standard_output()
        return False
    except OSError as error:
        give_up_standard_output()
        raise NotSaved(f"standard output cannot be written: {error.strerror}") from error
    return True


def give_up_standard_output() -> None:
    """It takes no more: the interpreter's own last flush must not complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write(target: Path, pages: Iterable[str]) -> None:
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.writelines(pages)
    except BaseException:
        with contextlib.suppress(OSError):
            target.unlink()
        raise
