"""The one function that speaks HTTP. No redirects, no environment proxies or .netrc, no cookies, always a deadline."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.cookiejar import DefaultCookiePolicy
from io import BytesIO

import requests
import urllib3
from requests.adapters import HTTPAdapter

from facematch import __version__
from facematch.errors import (
    ConnectFailed,
    ConnectionLost,
    DeadlineExceeded,
    InvalidResponse,
    RequestInvalid,
    ResponseTooLarge,
    TransportError,
)

ANSWER_MAX_BYTES = 4 * 1024 * 1024  # the contract's answers have about 150; evidence has two small crops
CHUNK_BYTES = 65_536
JSON = "application/json"
SECRET_CHARACTERS = 8  # a shorter token would be cut out of words it happens to be in
_BAD_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
    urllib3.exceptions.LocationValueError,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, whole."""

    status: int
    headers: requests.structures.CaseInsensitiveDict[str]
    content: bytes = field(repr=False)

    @property
    def charset(self) -> str | None:
        """The charset that the server declared, if any."""
        declared = Message()  # requests' own reading answers ISO-8859-1 for every text/… that declares nothing
        declared["Content-Type"] = self.headers.get("Content-Type", "")
        return declared.get_content_charset()


class Token(requests.auth.AuthBase):
    """Puts the raw token into ``Authorization``, as the contract asks: no ``Bearer``."""

    def __init__(self, token: str) -> None:
        self.text = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Called by requests for every request; a callable keeps ~/.netrc out."""
        request.headers["Authorization"] = self.text
        return request

    def __repr__(self) -> str:
        """Never the token."""
        return "Token(…)"


def checked_token(token: str | None) -> Token | None:
    """The token without surrounding white space; None stays None.

    Raises:
        RequestInvalid: It cannot stand in an HTTP header.
    """
    text = (token or "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isprintable()):
        raise RequestInvalid("the token has characters that an HTTP header cannot carry")
    return Token(text)


class _Body(BytesIO):
    """The request's body, taken block by block: each block has the connection's timeout, all of them the deadline.

    As one piece it would have the time for connecting, 3 s, and a slow line needs more.
    """

    def __init__(self, content: bytes, deadline: float) -> None:
        super().__init__(content)
        self._deadline = deadline

    def read(self, size: int | None = -1, /) -> bytes:
        """The next block."""
        if time.monotonic() > self._deadline:
            raise DeadlineExceeded("the request was not taken in time", sent=True)
        return super().read(size)


class _Session(requests.Session):
    """Never looks where a redirect leads: requests would read that answer's whole body, without a limit."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere."""


class Transport:
    """A requests session with everything switched off that would act on its own.

    Args:
        token: Sent with every request.
        connect_timeout_s: For the connection alone.
        timeout_s: For a whole call. A body that drips may outlast it, at most as long again; a dripping header, longer.
    """

    def __init__(self, token: Token | None, *, connect_timeout_s: float, timeout_s: float) -> None:
        self._timeouts = (min(connect_timeout_s, timeout_s), timeout_s)
        self._http = _Session()
        self._http.trust_env = False
        self._http.auth = self._token = token
        self._http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._http.headers.update({"User-Agent": f"facematch/{__version__}", "Accept": JSON})
        for scheme in ("http://", "https://"):
            self._http.mount(scheme, HTTPAdapter(max_retries=0))

    @property
    def secrets(self) -> tuple[str, ...]:
        """What a server may echo and nobody may read: the token, unless it is too short to be a secret."""
        return (self._token.text,) if self._token and len(self._token.text) >= SECRET_CHARACTERS else ()

    def send(
        self, method: str, url: str, body: bytes | None = None, *, request_id: str, content_type: str = JSON
    ) -> Reply:
        """Send one request and read its whole answer; *content_type* is the body's.

        Raises:
            ConnectFailed, ConnectionLost, DeadlineExceeded: No whole answer came.
            InvalidResponse: It is too large, or its compression is broken.
            RequestInvalid: The address cannot be used.
        """
        deadline = time.monotonic() + self._timeouts[1]
        headers = {"X-Request-Id": request_id, **({} if body is None else {"Content-Type": content_type})}
        data = None if body is None else _Body(body, deadline)
        try:
            with self._http.request(
                method, url, data=data, headers=headers, timeout=self._timeouts, allow_redirects=False, stream=True
            ) as response:
                return Reply(response.status_code, response.headers, _read(response, deadline))
        except _BAD_ADDRESS as error:
            raise RequestInvalid("the address cannot be used") from error
        except (requests.ReadTimeout, urllib3.exceptions.ReadTimeoutError) as error:
            raise DeadlineExceeded(f"no answer within {self._timeouts[1]:g} s", sent=True) from error
        except (requests.exceptions.ContentDecodingError, urllib3.exceptions.DecodeError) as error:
            raise InvalidResponse("the answer's compression is broken") from error
        except (requests.ConnectTimeout, requests.exceptions.SSLError) as error:
            raise ConnectFailed(f"no connection: {_reason(error)}", sent=False) from error
        except (requests.ConnectionError, urllib3.exceptions.HTTPError) as error:
            raise _connection_error(error) from error

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


def _read(response: requests.Response, deadline: float) -> bytes:
    """The body by ``read1``: unlike ``content`` it returns what is there, so that the clock and the cap are obeyed."""
    parts: list[bytes] = []
    size = 0
    while part := response.raw.read1(CHUNK_BYTES, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > ANSWER_MAX_BYTES:
            raise ResponseTooLarge(f"the answer has more than {ANSWER_MAX_BYTES:,} bytes")
        if time.monotonic() > deadline:
            raise DeadlineExceeded("the answer was not complete in time", sent=True)
    return b"".join(parts)


def _connection_error(error: Exception) -> TransportError:
    """Tell 'never connected' from 'broke afterwards': only the first is sure not to have been handled."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    if isinstance(reason, urllib3.exceptions.NewConnectionError):
        return ConnectFailed(f"no connection: {_reason(reason)}", sent=False)
    if any(isinstance(cause, TimeoutError) for cause in _causes(error)):  # the server stopped reading our body
        return DeadlineExceeded("the request was not taken in time", sent=True)
    return ConnectionLost("the connection broke before the answer was complete", sent=True)


def _reason(error: BaseException) -> str:
    """The system's own words for it, without addresses."""
    for cause in _causes(error):
        if isinstance(cause, OSError) and cause.strerror and not isinstance(cause, requests.RequestException):
            return cause.strerror
    return type(error).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
