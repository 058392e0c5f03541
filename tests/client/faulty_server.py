"""The faulty server as the client's tests use it, by one act each; scenarios by name are in ``faulty.scenarios``."""

from faulty.acts import (
    HANDLED,
    closes,
    drips,
    echoes,
    floods,
    gzip_bomb,
    hangs,
    message,
    refuses,
    resets_after,
    routes,
    says,
    says_json,
    sent_body,
    sips,
    tells,
)
from faulty.server import Act, FaultyServer

__all__ = [
    "HANDLED", "Act", "FaultyServer", "closes", "drips", "echoes", "floods", "gzip_bomb", "hangs", "message",
    "refuses", "resets_after", "routes", "says", "says_json", "sent_body", "sips", "tells",
]  # fmt: skip
