"""A link, taken apart once: what is checked is what is connected to and asked for."""

import re
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import quote, urlsplit

from facematch.errors import FaceMatchError

URL_MAX_CHARACTERS = 4096
PORTS = {"http": 80, "https": 443}
KEPT = "/%:@!$&'()*+,;=~-._?[]"  # of a path and a query; anything else goes as UTF-8, percent-encoded
_HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]{0,252})|[0-9a-f:.]+:[0-9a-f:.]*")


class LinkRefused(FaceMatchError):
    """A link was not fetched.

    Args:
        reason: One English clause, without the link or any part or address of it.
        too_large: Whether only its size is to blame.
    """

    def __init__(self, reason: str, *, too_large: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.too_large = too_large


@dataclass(frozen=True, slots=True)
class Target:
    """A link's parts."""

    scheme: str
    host: str = field(repr=False)  # lower case, without brackets
    port: int
    path: str = field(repr=False)  # with the query

    @classmethod
    def parse(cls, url: str) -> Self:
        """Take *url* apart; its fragment is dropped.

        Raises:
            LinkRefused: It is malformed, or nothing that is fetched.
        """
        if len(url) > URL_MAX_CHARACTERS:
            raise LinkRefused(f"the link has more than {URL_MAX_CHARACTERS:,} characters")
        if "\\" in url or any(c <= " " or c == "\x7f" for c in url):
            raise LinkRefused("the link has white space, control characters or backslashes")
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").encode("idna").decode()
            port = parts.port
            path = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=KEPT)
        except ValueError:
            raise LinkRefused("the link is malformed") from None
        if parts.scheme not in PORTS:
            raise LinkRefused("only http and https are fetched")
        if "@" in parts.netloc:
            raise LinkRefused("the link has user information in it")
        if not _HOST.fullmatch(host) or port == 0:
            raise LinkRefused("the link is malformed")
        return cls(parts.scheme, host, port or PORTS[parts.scheme], path)

    @property
    def authority(self) -> str:
        """For the header Host."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"
