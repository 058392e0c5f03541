"""Which addresses a link may lead to, and the look-up of a host's addresses in bounded time."""

import socket
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address
Lookup = Callable[[str, int], list[str]]

LOOKUPS_MAX = 16  # under way at once: a resolver that hangs keeps its thread
_UNICAST = ip_network("2000::/3")  # the only part of IPv6 given out for the public; no mapped or translated forms
# Public by Python's table and yet no public host: translated, tunnelled, reserved, or a cloud's own service.
_NOT_PUBLIC = tuple(
    ip_network(net)
    for net in (
        *("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32"),
        *("2001::/23", "2002::/16", "3fff::/20"),
    )
)


class Reach:
    """The addresses that links may lead to.

    Args:
        public: Whether every public address is among them.
        nets: Networks that are, public or not, for example ``10.0.0.0/8``.
    """

    def __init__(self, *, public: bool, nets: Iterable[str]) -> None:
        self._public = public
        self._nets = tuple(ip_network(net) for net in nets)

    def __bool__(self) -> bool:
        return self._public or bool(self._nets)

    def allows(self, address: Address) -> bool:
        """Whether *address*, as ``plain`` gives it, may be connected to."""
        return any(address in net for net in self._nets) or (self._public and _is_public(address))


def plain(text: str) -> Address:
    """The address of *text*, an IPv4 one in IPv6's clothes (``::ffff:10.0.0.1``) unwrapped.

    Raises:
        ValueError: It is no address.
    """
    address = ip_address(text)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address not in _UNICAST:
        return False
    return address.is_global and not address.is_multicast and not any(address in net for net in _NOT_PUBLIC)


def system_lookup(host: str, port: int) -> list[str]:
    """Every address that the system's resolver knows for *host*; it also reads ``127.1`` and ``0x7f000001``.

    Raises:
        OSError: None, or no answer.
    """
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


class Resolver:
    """Looks hosts up in threads of their own, for a look-up cannot be interrupted."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._free = threading.BoundedSemaphore(LOOKUPS_MAX)

    def addresses(self, host: str, port: int, seconds: float) -> list[Address]:
        """The addresses of *host*, as ``plain`` gives them, without repetition.

        Raises:
            TimeoutError: Not known after *seconds*; the look-up goes on, unheard.
            OSError, ValueError: There are none, or the host is not a name.
        """
        ends = time.monotonic() + seconds
        if not self._free.acquire(timeout=seconds):
            raise TimeoutError
        found: Future[list[str]] = Future()
        # A daemon: a pool's threads are waited for at exit, and a resolver can hang for minutes.
        threading.Thread(target=self._run, args=(host, port, found), name="link-lookup", daemon=True).start()
        return list(dict.fromkeys(plain(text) for text in found.result(timeout=ends - time.monotonic())))

    def _run(self, host: str, port: int, found: Future[list[str]]) -> None:
        try:
            found.set_result(self._lookup(host, port))
        except (OSError, ValueError) as error:  # UnicodeError, of a label too long, is a ValueError
            found.set_exception(error)
        finally:
            self._free.release()
