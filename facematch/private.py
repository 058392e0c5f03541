"""Files and folders that only their owner may read."""

import os
import secrets
import threading
import time
from pathlib import Path

SECRET_BYTES = 32
_creating = threading.Lock()
_READS = 50  # a process that lost the race reads again until the winner has written, 20 ms apart


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


def secret_in(path: Path, *, create: bool = True) -> bytes:
    """The 32 secret bytes that a file holds as hexadecimal digits; made by chance when it is missing.

    Raises:
        OSError: The file can be neither read nor, where *create* says so, made.
        ValueError: It holds something else.
    """
    if create:
        create_private(path, secrets.token_hex(SECRET_BYTES).encode())
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    for _ in range(_READS):
        text = path.read_bytes().decode("ascii", errors="replace").strip()
        if len(text) >= 2 * SECRET_BYTES:
            break
        time.sleep(0.02)
    return parsed_secret(text)


def parsed_secret(text: str) -> bytes:
    """The 32 bytes of 64 hexadecimal digits.

    Raises:
        ValueError: *text* is something else; it is not repeated.
    """
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != SECRET_BYTES:
        raise ValueError(f"not {2 * SECRET_BYTES} hexadecimal digits")
    return found
