"""Live codes: drawn, handed out, and spent once."""

import secrets
from collections.abc import Mapping

from facematch import codes
from facematch.errors import RequestRefused
from facematch.service.state.live_codes import LiveCodes as Kept

DIGITS = 4
_REFUSED: Mapping[str, tuple[int, str]] = {
    "unknown": (codes.UNKNOWN_LIVE_CODE, "no such live code was issued to this token"),
    "expired": (codes.EXPIRED_LIVE_CODE, "the live code is too old"),
    "used": (codes.USED_LIVE_CODE, "the live code was used before"),
}


class LiveCodes:
    """What the calls do with live codes; each belongs to the token that it was issued to.

    Args:
        kept: Where they are kept, for all workers.
        ttl_s: How long one may be used, in seconds.
    """

    def __init__(self, kept: Kept, ttl_s: float) -> None:
        self._kept = kept
        self._ttl_s = ttl_s

    def issue(self, owner: str, code: str | None = None) -> str:
        """A new one, or for evaluation *code*."""
        code = new_live_code() if code is None else code
        self._kept.issue(owner, code, self._ttl_s)
        return code

    def check(self, owner: str, code: str) -> None:
        """Look without spending it.

        Raises:
            RequestRefused: 1131 unknown, 1132 expired, 1133 used.
        """
        _refuse(self._kept.check(owner, code))

    def spend(self, owner: str, code: str) -> None:
        """Use it up; of several calls that try at once one succeeds.

        Raises:
            RequestRefused: 1131 unknown, 1132 expired, 1133 used.
        """
        _refuse(self._kept.spend(owner, code))


def new_live_code() -> str:
    """Four different digits from a cryptographic source; repeated ones are what recognisers miss most."""
    return "".join(secrets.SystemRandom().sample("0123456789", DIGITS))


def chosen(text: str) -> str:
    """The digits that an evaluation asks for.

    Raises:
        RequestRefused: 2, not four digits.
    """
    if len(text) != DIGITS or not (text.isascii() and text.isdigit()):
        raise RequestRefused(codes.BAD_VALUE, f"code is not {DIGITS} digits")
    return text


def _refuse(found: str) -> None:
    if found in _REFUSED:
        errcode, detail = _REFUSED[found]
        raise RequestRefused(errcode, detail)
