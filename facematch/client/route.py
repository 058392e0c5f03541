"""The way to a server: whose certificates count, and through which proxy."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from urllib3.util.ssltransport import SSLTransport

from facematch.addresses import ascii_of, is_authority, is_proxy
from facematch.errors import RequestInvalid
from facematch.errors.calls import CertificateProblem

ProxyLogin = Callable[[], str]
"""Gives ``user:password`` of a proxy, at first use. Whatever it raises fails the call; its words are not passed on."""


@dataclass(frozen=True, slots=True)
class Route:
    """How a client reaches its server; nothing of it comes from the environment's variables.

    Args:
        verify: False: whoever answers is taken for the server; only for tests in a closed network.
        authorities: PEM certificates that alone are trusted to vouch for the server; None: the usual ones.
        proxy: ``http://host:port`` or ``https://host:port``; https goes through it by CONNECT.
        proxy_login: See ``ProxyLogin``; None: the proxy wants none.

    Raises:
        RequestInvalid: The proxy's address cannot be used, or *authorities* holds no certificate.
    """

    verify: bool = True
    authorities: str | None = field(default=None, repr=False)
    proxy: str | None = None
    proxy_login: ProxyLogin | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse what could only fail later."""
        if self.proxy is not None and not is_proxy(self.proxy):
            raise RequestInvalid("the proxy's address is not http or https with a host and no user name")
        if self.authorities is not None and not is_authority(self.authorities):
            raise RequestInvalid("there is no usable PEM certificate among the authorities")

    def context(self) -> ssl.SSLContext | None:
        """What TLS to the server is checked against; None: by the usual authorities."""
        if self.verify and self.authorities is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self.verify and self.authorities is not None:
            context.load_verify_locations(cadata=ascii_of(self.authorities))
        else:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def proxy_context(self) -> ssl.SSLContext | None:
        """What TLS to an https proxy is checked against; None: the usual authorities, or nothing.

        A house's proxy may be vouched for by the house's own authority as well as by a usual one.
        """
        if not self.verify or self.authorities is None:
            return None
        context = ssl.create_default_context()
        context.load_verify_locations(cadata=ascii_of(self.authorities))
        return context


@dataclass(frozen=True, slots=True)
class TlsSeen:
    """What a TLS handshake told of the server."""

    version: str  # for example TLSv1.3
    verified: bool
    expires_at_ms: int | None  # UTC epoch; None: not verified, so not read
    issuer: str | None = None  # by its common name, else its organisation


def seen(sock: object) -> TlsSeen | None:
    """What *sock* knows of the server; None when it has no TLS."""
    if not isinstance(sock, ssl.SSLSocket | SSLTransport):  # the latter: TLS within a proxy's TLS
        return None
    told = cast("dict[str, object]", sock.getpeercert() or {})
    until = told.get("notAfter")
    expires_ms = round(1000 * ssl.cert_time_to_seconds(until)) if isinstance(until, str) else None
    return TlsSeen(sock.version() or "TLS", bool(told), expires_ms, _issuer(told.get("issuer")))


def _issuer(names: object) -> str | None:
    """``getpeercert`` gives a tuple of tuples of pairs."""
    pairs = dict(pair for group in cast("tuple[tuple[tuple[str, str], ...], ...]", names or ()) for pair in group)
    return pairs.get("commonName") or pairs.get("organizationName")


_PROBLEMS: dict[int, CertificateProblem] = {
    7: "authority",
    9: "early",
    10: "expired",
    18: "authority",
    19: "authority",
    20: "authority",
    21: "authority",
    24: "authority",
    30: "authority",
    62: "name",
    64: "name",
}  # X509_V_ERR_… of OpenSSL's x509_vfy.h


def certificate_problem(error: ssl.SSLCertVerificationError) -> CertificateProblem:
    """Why a certificate is refused."""
    return _PROBLEMS.get(error.verify_code, "other")
