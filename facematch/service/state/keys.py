"""The key of the service's state: what it keeps of persons and codes is of no use without it."""

import hmac
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from facematch.errors import StateUnavailable
from facematch.private import parsed_secret, secret_in

_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class StateKey:
    """32 bytes from which one key for each purpose is derived."""

    secret: bytes = field(repr=False)

    def digest(self, purpose: str, data: bytes) -> bytes:
        """HMAC-SHA256 of *data*; digests of different purposes cannot be compared."""
        return hmac.digest(self._derived(f"digest {purpose}"), data, "sha256")

    def seal(self, data: bytes, place: bytes) -> bytes:
        """AES-256-GCM: nonce, ciphertext and tag; opens at the same *place* only."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + AESGCM(self._derived("seal")).encrypt(nonce, data, place)

    def unseal(self, sealed: bytes, place: bytes) -> bytes:
        """What was sealed for *place*.

        Raises:
            StateUnavailable: It was changed, or moved here from another place.
        """
        try:
            return AESGCM(self._derived("seal")).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place)
        except (InvalidTag, ValueError):
            raise StateUnavailable("a portrait in the service's database was changed: enrol the person anew") from None

    @property
    def check(self) -> bytes:
        """Tells this key from others, and nothing of it."""
        return self.digest("check", b"")

    def _derived(self, purpose: str) -> bytes:
        return hmac.digest(self.secret, b"facematch state: " + purpose.encode(), "sha256")


def given_key(text: str) -> StateKey:
    """The key of a setting, 64 hex digits.

    Raises:
        StateUnavailable: It is something else.
    """
    try:
        return StateKey(parsed_secret(text))
    except ValueError as error:
        raise StateUnavailable(f"FACEMATCH_STATE_KEY is {error}") from error


def key_in(path: Path, *, create: bool) -> StateKey:
    """The key in the file, which is made when it is missing and *create* says so.

    Raises:
        StateUnavailable: There is none, it can be neither read nor made, or it holds something else.
    """
    try:
        return StateKey(secret_in(path, create=create))
    except FileNotFoundError as error:
        remedy = "put the file back, set FACEMATCH_STATE_KEY to the key, or begin with an empty database"
        raise StateUnavailable(f"the service's database has a key, and {path} is not there: {remedy}") from error
    except OSError as error:
        raise StateUnavailable(f"no key for the service's state at {path}: {error.strerror}") from error
    except ValueError as error:
        raise StateUnavailable(f"the file {path} is {error}") from error
