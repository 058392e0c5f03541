"""Origin ``uri``: the bytes behind a link, fetched without letting the caller reach what only this host can reach.

The host is looked up once, every address is checked, and the connection goes to a checked address; there is no proxy,
no cookie, no .netrc and no connection kept. Why this is not a session of requests: docs/decisions/0008-links.md.
"""

import http.client
import socket
import ssl
import threading
from urllib.parse import urljoin

import certifi

from facematch.limits import Limits
from facematch.service.addresses import Address, Lookup, Reach, Resolver, system_lookup
from facematch.service.link_answer import Deadline, Line, Moved, ask
from facematch.service.link_target import LinkRefused, Target

__all__ = ["LinkRefused", "Links"]
REDIRECTS_MAX = 3


class Links:
    """Fetches links; safe to use from several threads at once.

    Args:
        limits: ``uri_public`` and ``uri_nets`` say where links may lead; with neither every link is refused.
        lookup: From host and port to addresses.
        authorities: A PEM file of the only certificate authorities to trust; None: the system's, and those of
            the package certifi.
    """

    def __init__(self, limits: Limits, *, lookup: Lookup = system_lookup, authorities: str | None = None) -> None:
        self._reach = Reach(public=limits.uri_public, nets=limits.uri_nets)
        self._resolver = Resolver(lookup)
        self._authorities = authorities
        self._tls: ssl.SSLContext | None = None
        self._tls_lock = threading.Lock()

    def fetch(self, url: str, seconds: float, max_bytes: int) -> bytes:
        """The bytes behind *url*, whatever type they claim to have.

        Args:
            url: http or https.
            seconds: For all of it: look-ups, redirects, the last byte.
            max_bytes: More are refused, before they are read where the length is declared.

        Raises:
            LinkRefused: Not allowed, not found, not in time, too large, or no plain answer.
        """
        if not self._reach:
            raise LinkRefused("links are switched off here")
        ends = Deadline(seconds)
        answer = self._visit(url, ends, max_bytes)
        for _ in range(REDIRECTS_MAX):
            if isinstance(answer, bytes):
                return answer
            url = _followed(url, answer.location)
            try:
                answer = self._visit(url, ends, max_bytes)
            except LinkRefused as refused:
                raise LinkRefused(f"after a redirect: {refused.reason}", too_large=refused.too_large) from None
        if isinstance(answer, bytes):
            return answer
        raise LinkRefused(f"more than {REDIRECTS_MAX} redirects")

    def _visit(self, url: str, ends: Deadline, max_bytes: int) -> bytes | Moved:
        """One request; whatever fails is told in our words, for the libraries' own name the host or its address."""
        target = Target.parse(url)
        try:
            with self._connect(target, ends) as line:
                return ask(line, target, max_bytes)
        except TimeoutError:
            ends.refuse()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise LinkRefused(_reason(error)) from None

    def _connect(self, target: Target, ends: Deadline) -> Line:
        """To the first address that answers, after all of them were checked."""
        addresses = self._addresses(target, ends)
        for number, address in enumerate(addresses, 1):
            share = ends.left() / (len(addresses) - number + 1)  # a dead first address leaves time for the next
            try:
                raw = socket.create_connection((str(address), target.port), timeout=share)
            except OSError:
                if number == len(addresses):
                    raise
                continue
            return Line(self._secured(raw, target, ends), ends)
        raise LinkRefused("the host has no address")

    def _addresses(self, target: Target, ends: Deadline) -> list[Address]:
        try:
            found = self._resolver.addresses(target.host, target.port, ends.left())
        except TimeoutError:
            raise
        except (OSError, ValueError):
            raise LinkRefused("the host is not known") from None
        if not all(self._reach.allows(address) for address in found):
            raise LinkRefused("the host's address is not an allowed one")
        return found

    def _secured(self, raw: socket.socket, target: Target, ends: Deadline) -> socket.socket:
        if target.scheme == "http":
            return raw
        try:
            raw.settimeout(ends.left())  # the handshake as a whole
            return self._tls_context().wrap_socket(raw, server_hostname=target.host.rstrip("."))
        except BaseException:
            raw.close()
            raise

    def _tls_context(self) -> ssl.SSLContext:
        with self._tls_lock:
            if self._tls is None:
                self._tls = ssl.create_default_context(cafile=self._authorities)
                if self._authorities is None:
                    self._tls.load_verify_locations(certifi.where())  # a slim image has no store of its own
            return self._tls


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return "the server's certificate is not trusted, or is another host's"
    if isinstance(error, http.client.HTTPException) or not isinstance(error, OSError):
        return "the answer is not whole, or is not HTTP"
    if isinstance(error, ssl.SSLError):
        return f"the connection failed: TLS {error.reason}"
    return f"the connection failed: {error.strerror or type(error).__name__}"  # the system's words name no address


def _followed(place: str, location: str) -> str:
    """Where *location* leads from *place*."""
    try:
        return urljoin(place, location)
    except ValueError:
        raise LinkRefused("after a redirect: the link is malformed") from None
