"""What a call to a service can come to instead of a result."""

from typing import Literal

from facematch.errors.base import FaceMatchError

# why a certificate is refused: its time is over or has not come, it is another server's, nobody known signed it
CertificateProblem = Literal["expired", "early", "name", "authority", "other"]
ProxyProblem = Literal["unreachable", "login", "refused"]


class CallError(FaceMatchError):
    """A call to the service gave no result.

    The client fills in the attributes as far as the call came; all but ``attempt`` may be None. ``sent`` is True when
    an attempt of the call may have been handled although its answer never came; each ``TransportError`` knows it.
    """

    outcome = "cancelled"  # the word in the log's ``outcome`` column; each kind has its own

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.endpoint: str | None = None
        self.request_id: str | None = None
        self.sent: bool | None = None
        self.attempt = 1  # which one this is; those before it have rows of their own
        self.http_status: int | None = None
        self.elapsed_ms: float | None = None  # of the whole call: all attempts and the waits between them
        self.exchange: object | None = None  # a client.Exchange: what may be shown of request and answer


class RequestInvalid(CallError):
    """Refused here: nothing was sent, or not to its end."""

    outcome = "request_invalid"


class OriginNotAllowed(RequestInvalid):
    """A link or a path is not given to this server: its operator has not allowed it, and a link may hold a key."""

    def __init__(self, word: str, origin: str) -> None:
        super().__init__(f"the {word} is handed over by {origin}, which is not allowed for this environment")


class StillProcessing(CallError):
    """PROCESSING came for a call that was to be answered at once; ``FaceMatchClient.result`` may tell the verdict."""

    outcome = "accepted"  # where a caller counts; the log's row says ok, without a verdict

    def __init__(self, trace_no: str | None) -> None:
        super().__init__("accepted; the server is still working on it")
        self.trace_no = trace_no


class NotOffered(CallError):
    """The server has no such path.

    Args:
        what: The word that health would use: results, persons, tokens, …
        message: One English clause; by default made from *what*.
        error: What the server answered instead.
    """

    outcome = "not_offered"

    def __init__(self, what: str, message: str | None = None, *, error: CallError) -> None:
        super().__init__(message or f"this server does not offer {what}")
        self.what = what
        self.endpoint, self.request_id, self.exchange = error.endpoint, error.request_id, error.exchange
        self.http_status, self.elapsed_ms = error.http_status, error.elapsed_ms


class TransportError(CallError):
    """No whole answer came; ``sent`` is False only when surely no attempt of the call was handled."""

    outcome = "connect_error"

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent: bool = sent


class ConnectFailed(TransportError):
    """No connection was made: refused, DNS, TLS, or a timeout while connecting."""

    is_lasting = False  # whether trying again in a moment must come to the same


class CertificateRefused(ConnectFailed):
    """The server's certificate does not hold, so it may be somebody else; nothing was sent."""

    is_lasting = True

    def __init__(self, message: str, *, problem: CertificateProblem = "other") -> None:
        super().__init__(message, sent=False)
        self.problem: CertificateProblem = problem


class ProxyFailed(ConnectFailed):
    """The proxy on the way cannot be reached, wants another user name and password, or lets nobody through."""

    def __init__(self, message: str, *, problem: ProxyProblem = "unreachable") -> None:
        super().__init__(message, sent=False)
        self.problem: ProxyProblem = problem
        self.is_lasting = problem != "unreachable"


class ConnectionLost(TransportError):
    """The connection broke after we began to send."""


class DeadlineExceeded(TransportError):
    """The answer was not complete in time."""

    outcome = "timeout"


class Refusal(CallError):
    """What a server said when it refused: the envelope's fields, as far as it sent one.

    ``drift`` names where the answer departs from the document, as a result's does.
    """

    outcome = "http_error"

    def __init__(
        self,
        message: str,
        *,
        errcode: int | None = None,
        errmsg: str | None = None,
        status: str | None = None,
        trace_no: str | None = None,
        drift: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.drift = drift
        self.errcode = errcode
        self.errmsg = errmsg
        self.status = status
        self.trace_no = trace_no
        if errcode is not None:
            self.outcome = "biz_error"

    @property
    def side(self) -> str | None:
        """Which photo failed, ``"image"`` or ``"faceData"``, when the server's text begins with it."""
        first, colon, _ = (self.errmsg or "").partition(":")
        return first if colon and first in ("image", "faceData") else None


class HttpStatusError(Refusal):
    """An HTTP status other than 2xx; ``retry_after_s`` is when to come back, where the server says so readably."""

    retry_after_s: float | None = None


class AuthError(HttpStatusError):
    """The token is missing, wrong or revoked."""


class RateLimited(HttpStatusError):
    """Too many calls."""


class ServerError(HttpStatusError):
    """The server failed."""


class InvalidResponse(CallError):
    """A 2xx answer that breaks the contract."""

    outcome = "bad_response"


class ResponseTooLarge(InvalidResponse):
    """The answer has more bytes than we accept."""


class RedirectRefused(InvalidResponse):
    """The server sent us elsewhere; neither token nor body followed."""


class BusinessError(Refusal):
    """The service answered, and refused with an errcode."""
