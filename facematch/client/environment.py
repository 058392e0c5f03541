"""What an environment is called in the log, whoever calls it: pages, command line or a measurement."""

from typing import Final
from urllib.parse import urlsplit

EMBEDDED: Final = "embedded"
_PORTS = {"http": 80, "https": 443}


def environment_name(url: str | None) -> str:
    """``embedded``, or the host and port of *url*: the port is always named, so that no host passes for ours."""
    if url is None:
        return EMBEDDED
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or _PORTS[parts.scheme]}"
