"""Files and folders that only their owner may read."""

import os
import threading
from pathlib import Path

_creating = threading.Lock()


def make_private_folder(folder: Path) -> None:
    """Create *folder* and what is missing above it, each for the owner alone; leave existing ones as they are.

    Raises:
        OSError: It cannot be created, or something else has its name.
    """
    missing = [f for f in (folder, *folder.parents) if not f.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(exist_ok=True)  # raises when the name belongs to a file


def create_private(path: Path, content: bytes = b"") -> bool:
    """Create the file for the owner alone; False when it exists, which is then not opened at all.

    Opening and closing a SQLite file in a process drops the locks SQLite holds on it there, so an existing one must
    not be touched. The lock covers the moment in which another thread may find our new file and begin to use it.

    Raises:
        OSError: It cannot be created.
    """
    make_private_folder(path.parent)
    with _creating:
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return False
        try:
            os.write(descriptor, content)
        finally:
            os.close(descriptor)
    return True
