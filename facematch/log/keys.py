"""The secret key of the log's digests.

A plain hash of an ID number is undone in milliseconds, and a plain hash of a photo confirms that it was tested;
a keyed one does neither for a reader who has the log but not the key.
"""

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

from facematch.errors import LogUnavailable
from facematch.private import create_private

_SECRET_BYTES = 32
_READS = 50  # a process that lost the race reads again until the winner has written, 20 ms apart


@dataclass(frozen=True, slots=True)
class Key:
    """A key and its public name."""

    id: str  # goes into each row, so that digests of different keys are not compared
    secret: bytes = field(repr=False)

    def digest(self, data: bytes) -> bytes:
        """HMAC-SHA256 of *data*, the first 16 bytes."""
        return hmac.digest(self.secret, data, "sha256")[:16]


def load_key(path: Path, given_hex: str | None = None) -> Key:
    """The key of *given_hex* (64 hex digits), or the one in *path*, which is created when missing.

    Raises:
        LogUnavailable: The file can be neither read nor created, or holds no key.
    """
    if given_hex is not None:
        return _parse(given_hex, "the key given for the log")
    try:
        create_private(path, secrets.token_hex(_SECRET_BYTES).encode())
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        return _parse(_read_whole(path), f"the file {path}")
    except OSError as error:
        raise LogUnavailable(f"no key for the log at {path}: {error.strerror}") from error


def _read_whole(path: Path) -> str:
    for _ in range(_READS):
        text = path.read_bytes().decode("ascii", errors="replace").strip()
        if len(text) >= 2 * _SECRET_BYTES:
            break
        time.sleep(0.02)
    return text


def _parse(text: str, source: str) -> Key:
    try:
        secret = bytes.fromhex(text)
    except ValueError as error:
        raise LogUnavailable(f"{source} is not {2 * _SECRET_BYTES} hexadecimal digits") from error
    if len(secret) != _SECRET_BYTES:
        raise LogUnavailable(f"{source} is not {2 * _SECRET_BYTES} hexadecimal digits")
    return Key(hashlib.sha256(b"key id" + secret).hexdigest()[:8], secret)
