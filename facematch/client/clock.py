"""How far a server's clock is from ours."""

import time
from datetime import UTC
from email.utils import parsedate_to_datetime

from facematch.client.client import FaceMatchClient
from facematch.local import HEALTH

_HALF_SECOND = 0.5  # the header tells whole seconds, cut off


def clock_skew_s(client: FaceMatchClient) -> float | None:
    """Seconds that the server is ahead of us, within about one second and half the call's time; None: it does not tell.

    Not logged: it asks for nothing but the header ``Date``.

    Raises:
        CallError: No answer.
    """
    before = time.time()
    told = client.local._send("GET", HEALTH).headers.get("Date")
    here = (before + time.time()) / 2
    try:
        there = None if told is None else parsedate_to_datetime(told)
    except ValueError:
        return None
    if there is None:
        return None
    there = there if there.tzinfo else there.replace(tzinfo=UTC)
    return there.timestamp() + _HALF_SECOND - here
