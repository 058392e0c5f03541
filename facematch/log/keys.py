"""The secret key of the log's digests.

A plain hash of an ID number is undone in milliseconds, and a plain hash of a photo confirms that it was tested;
a keyed one does neither for a reader who has the log but not the key.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from facematch.errors import LogUnavailable
from facematch.private import parsed_secret, secret_in


@dataclass(frozen=True, slots=True)
class Key:
    """A key and its public name."""

    id: str  # goes into each row, so that digests of different keys are not compared
    secret: bytes = field(repr=False)

    def digest(self, data: bytes) -> bytes:
        """HMAC-SHA256 of *data*, the first 16 bytes."""
        return hmac.digest(self.secret, data, "sha256")[:16]

    def digest_of(self, blocks: Iterable[bytes]) -> bytes:
        """``digest`` of all *blocks* together, which are never in memory at once."""
        digest = hmac.new(self.secret, digestmod="sha256")
        for block in blocks:
            digest.update(block)
        return digest.digest()[:16]


def load_key(path: Path, given_hex: str | None = None) -> Key:
    """The key of *given_hex* (64 hex digits), or the one in *path*, which is created when missing.

    Raises:
        LogUnavailable: The file can be neither read nor created, or holds no key.
    """
    try:
        secret = secret_in(path) if given_hex is None else parsed_secret(given_hex)
    except OSError as error:
        raise LogUnavailable(f"no key for the log at {path}: {error.strerror}") from error
    except ValueError as error:
        source = f"the file {path}" if given_hex is None else "the key given for the log"
        raise LogUnavailable(f"{source} is {error}") from error
    return Key(hashlib.sha256(b"key id" + secret).hexdigest()[:8], secret)
