"""The one function that speaks HTTP. No redirects, no environment proxies or .netrc, no cookies, always a deadline."""

import http.client
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial

import requests
import urllib3

from facematch.client.attempt import Attempt, under_way
from facematch.client.body import Body, Raw
from facematch.client.connection import LATE, causes
from facematch.client.route import Route, TlsSeen
from facematch.client.session import JSON, RawToken, session
from facematch.client.unpacking import refuse_beyond, unpacked
from facematch.errors import (
    CallError,
    ConnectionLost,
    DeadlineExceeded,
    InvalidResponse,
    ProxyFailed,
    RequestInvalid,
)

CHUNK_BYTES = 65_536
LONGEST_S = 7 * 86_400.0  # no timeout is longer
THREAD = "facematch-exchange"
PROXY_LOGIN = 407
_GRACE_S = 1.0  # the sockets' own timeouts come after the deadline: they only make sure that no thread stays
_BAD_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    urllib3.exceptions.LocationValueError,
)
_CHARSET = re.compile(r';\s?charset\s?=\s?"?([\w.:+-]{1,40})(?:[";\s]|$)', re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, whole."""

    status: int
    headers: requests.structures.CaseInsensitiveDict[str]
    content: bytes = field(repr=False)
    connect_ms: float | None = None  # None: over a connection that stood already
    tls: TlsSeen | None = None  # likewise, and of an http address

    @property
    def charset(self) -> str | None:
        """The charset that the server declared, if any, in lower case; it may be none that exists."""
        found = _CHARSET.search(self.headers.get("Content-Type", ""))
        return None if found is None else found[1].lower()


def checked_seconds(name: str, seconds: float) -> float:
    """*seconds*, when a call can take so long.

    Raises:
        RequestInvalid: It cannot; *name* is in the message.
    """
    if not 0 < seconds <= LONGEST_S:  # NaN neither
        raise RequestInvalid(f"{name} is to be more than 0 and at most {LONGEST_S:,.0f} seconds")
    return seconds


def checked_address(url: str) -> str:
    """*url* without a slash at its end.

    Raises:
        RequestInvalid: It has a user name, and so maybe a password, which would be shown with it; any @ counts as one.
    """
    if "@" in url:
        raise RequestInvalid("no user name in the address, nor any other @")
    return url.rstrip("/")


class Transport:
    """A requests session with everything switched off that would act on its own; for any number of threads.

    Connections are kept and used again. One that the server has closed meanwhile is replaced before anything is sent;
    when it closes in the very moment, the call ends as ``ConnectionLost`` with ``sent=True``, which is never wrong.

    Args:
        connect_timeout_s: For the connection alone: the name, a proxy, TCP and TLS, all addresses together.
        route: Whose certificates count, and through which proxy.

    Raises:
        RequestInvalid: The timeout is none.
    """

    def __init__(self, *, connect_timeout_s: float, route: Route | None = None) -> None:
        self._connect_timeout_s = checked_seconds("connect_timeout_s", connect_timeout_s)
        self._route = route or Route()
        self._http = session(self._route)

    def send(  # noqa: PLR0913 - what a request consists of, each once
        self,
        method: str,
        url: str,
        body: Body | Raw | bytes | None = None,
        *,
        request_id: str,
        token: str | None,
        deadline: float,
        content_type: str = JSON,
    ) -> Reply:
        """Send one request and read its whole answer.

        The exchange runs in a thread of its own, which is left to itself at the deadline: its connection is broken,
        and it ends. Only a name server that does not answer can hold it longer.

        Args:
            method: GET, POST, PUT or DELETE.
            url: Where to.
            body: Read while it is sent.
            request_id: Ours, for the server's log.
            token: A checked one.
            deadline: For everything, in ``time.monotonic()`` seconds.
            content_type: The body's.

        Raises:
            ConnectFailed, ConnectionLost, DeadlineExceeded: No whole answer came; ``sent`` is False only when surely
                not a byte of the request left.
            InvalidResponse: It is too large, no HTTP, or its compression is broken.
            RequestInvalid: The address cannot be used, or a file changed while it was sent.
        """
        if time.monotonic() >= deadline:
            raise DeadlineExceeded("the time was up before anything was sent", sent=False)
        headers = {"X-Request-Id": request_id, **({} if body is None else {"Content-Type": content_type})}
        request = requests.Request(method, url, headers, auth=token and RawToken(token))
        attempt = Attempt(min(time.monotonic() + self._connect_timeout_s, deadline))
        return _by(deadline, attempt, partial(self._exchange, attempt, request, body, deadline))

    def anew(self) -> "Transport":
        """Another one for the same way, without a connection yet."""
        return Transport(connect_timeout_s=self._connect_timeout_s, route=self._route)

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._http.close()

    def _exchange(
        self, attempt: Attempt, request: requests.Request, body: Body | Raw | bytes | None, deadline: float
    ) -> Reply:
        timeout = max(deadline - time.monotonic(), 0) + _GRACE_S
        try:
            with body.opened() if isinstance(body, Body | Raw) else nullcontext(body) as request.data:
                prepared = self._http.prepare_request(request)
                response = self._http.send(prepared, timeout=timeout, allow_redirects=False, stream=True)
                with response:
                    self._refuse_proxys(response)
                    content = _read(response)
                    return Reply(response.status_code, response.headers, content, attempt.connect_ms, attempt.tls)
        except _BAD_ADDRESS as error:
            raise RequestInvalid("the address cannot be used") from error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise _broken(error, attempt) from error

    def _refuse_proxys(self, response: requests.Response) -> None:
        """Of plain http the proxy itself may answer; this status can be no server's."""
        if self._route.proxy is not None and response.status_code == PROXY_LOGIN:
            raise ProxyFailed("the proxy does not accept the user name and password", problem="login")


def _by(deadline: float, attempt: Attempt, exchange: Callable[[], Reply]) -> Reply:
    """What *exchange* comes to in a thread of its own, or the error that it did not come to anything in time."""
    answer: Future[Reply] = Future()
    threading.Thread(target=_carry_out, args=(exchange, attempt, answer), name=THREAD, daemon=True).start()
    try:
        if not attempt.connected.wait(_until(attempt.connect_by)) and not attempt.end():
            raise attempt.no_connection(LATE)
        return answer.result(_until(deadline))
    except TimeoutError:
        missing = attempt.missing  # before the end, which lets the exchange go on to its own
        raise DeadlineExceeded(f"{missing} in time", sent=attempt.end()) from None
    finally:
        attempt.end()
        del answer  # it holds an error, whose traceback holds this frame


def _carry_out(exchange: Callable[[], Reply], attempt: Attempt, answer: Future[Reply]) -> None:
    try:
        with under_way(attempt):
            reply = exchange()
    except BaseException as error:  # noqa: BLE001 - the caller raises it
        answer.set_exception(error)
    else:
        answer.set_result(reply)
    finally:
        del answer


def _until(moment: float) -> float:
    return max(moment - time.monotonic(), 0)


def _read(response: requests.Response) -> bytes:
    """The body by ``read1``: unlike ``content`` it returns what is there, so that the cap is obeyed."""
    parts: list[bytes] = []
    size = 0
    while part := response.raw.read1(CHUNK_BYTES, decode_content=False):
        parts.append(part)
        size += len(part)
        refuse_beyond(size)
    content = b"".join(parts)
    return unpacked(content, response.headers.get("Content-Encoding", ""))


def _broken(error: Exception, attempt: Attempt) -> CallError:
    """What it means that the exchange did not come to its end."""
    for cause in causes(error):
        if isinstance(cause, TimeoutError):
            return DeadlineExceeded(f"{attempt.missing} in time", sent=attempt.sent)
        if isinstance(cause, http.client.RemoteDisconnected | http.client.IncompleteRead):
            break
        if isinstance(cause, http.client.HTTPException | urllib3.exceptions.InvalidHeader):
            return InvalidResponse("the answer is no HTTP, or its headers are too large")
    return ConnectionLost("the connection broke before the answer was complete", sent=attempt.sent)
