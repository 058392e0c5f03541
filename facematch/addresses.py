"""Which addresses of servers and proxies can be used, and which certificates can vouch. Nothing is sent."""

import ssl
from urllib.parse import SplitResult, urlsplit

SCHEMES = ("http", "https")


def is_server(url: str) -> bool:
    """Whether *url* can be the root of a service; a user name in it would be shown with it."""
    parts = _parts(url)
    return parts is not None and not parts.query and not parts.fragment


def is_proxy(url: str) -> bool:
    """Whether *url* names a proxy that we can use: a host and maybe a port, without a login."""
    parts = _parts(url)
    return parts is not None and not (parts.path.strip("/") or parts.query or parts.fragment)


def is_authority(pem: str) -> bool:
    """Whether *pem* holds at least one certificate that can vouch for others, or for itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cadata=ascii_of(pem))
    except (ssl.SSLError, ValueError):  # ValueError: no text that PEM could be
        return False
    return context.cert_store_stats()["x509"] > 0


def ascii_of(pem: str) -> str:
    """*pem* as OpenSSL takes it: what people write between its certificates may be in any script."""
    return pem.encode("ascii", "replace").decode()


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bracket without its pair, a port beyond 65535
        return None
    is_clean = url.isprintable() and " " not in url and "@" not in url
    return parts if usable and is_clean else None
