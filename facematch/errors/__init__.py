"""Every error this package raises on purpose.

FaceMatchError
├── SettingInvalid            a FACEMATCH_… variable holds something we cannot use
├── LogUnavailable            the call log cannot be opened or written
│   └── LogTooNew             a newer version wrote it: it is opened for reading only
├── EngineError
│   ├── WeightsMissing        a network's file is not where it should be
│   ├── WeightsWrong          its SHA-256 is not the one this version was measured with
│   └── PictureRefused        the bytes are no picture we decode, or break a limit
├── RequestRefused            the service's own no to a request: an errcode, a side, a reason
├── PairsInvalid              a list of labelled pairs cannot be used
├── ServiceNotStarted         the embedded service did not come up, e.g. the port is taken
└── CallError                 a call to the service gave no result
    ├── RequestInvalid        refused here; nothing was sent
    ├── TransportError        no whole answer came; ``sent`` says whether the request may have been handled
    │   ├── ConnectFailed     no connection: refused, DNS, TLS, timeout while connecting
    │   ├── ConnectionLost    the connection broke after we began to send
    │   └── DeadlineExceeded  the answer was not complete in time
    ├── HttpStatusError       an HTTP status other than 2xx
    │   ├── AuthError         401, 403, or an errcode that says so
    │   ├── RateLimited       429; ``retry_after_s`` when the server named one
    │   └── ServerError       5xx
    ├── InvalidResponse       a 2xx answer that breaks the contract
    │   ├── ResponseTooLarge  more bytes than we accept
    │   └── RedirectRefused   the server sent us elsewhere; the body did not follow
    └── BusinessError         the service answered, and refused with an errcode

A stranger is not an error: ``passed=False`` is a value. No message ever holds a body, a token or a URL's query.
"""

from typing import Literal


class FaceMatchError(Exception):
    """Base class; catch this at the edge of the program, nowhere else."""


class SettingInvalid(FaceMatchError):
    """A ``FACEMATCH_…`` variable holds something we cannot use.

    Args:
        variable: Its name.
        kind: What is wrong with it, a word that the pages have sentences for.
        problem: The same as an English clause, for a terminal.
    """

    def __init__(
        self, variable: str, kind: Literal["unknown", "number", "address", "choice", "key"], problem: str
    ) -> None:
        super().__init__(f"{variable}: {problem}")
        self.variable = variable
        self.kind = kind


class LogUnavailable(FaceMatchError):
    """The call log cannot be opened or written."""


class LogTooNew(LogUnavailable):
    """A newer version of the program wrote the call log; it can be read, not written."""


class EngineError(FaceMatchError):
    """The engine cannot work, or cannot work on this input."""


class WeightsMissing(EngineError):
    """A network's file is not where it should be."""


class WeightsWrong(EngineError):
    """A network's file is not the one this version was measured with."""


class PictureRefused(EngineError):
    """The bytes are no picture we decode, or break a limit.

    Args:
        errcode: The contract's code for it, for example 2101.
        detail: One English clause with the numbers, free of personal data.
    """

    def __init__(self, errcode: int, detail: str) -> None:
        super().__init__(detail)
        self.errcode = errcode
        self.detail = detail


class RequestRefused(FaceMatchError):
    """The service's own no to a request; it becomes the envelope of the answer.

    Args:
        errcode: The contract's code for it, for example 1: a parameter is missing.
        detail: One English clause: the parameter, or the numbers; free of personal data.
        side: ``"image"`` or ``"faceData"`` when one picture is to blame.
    """

    def __init__(self, errcode: int, detail: str, *, side: Literal["image", "faceData"] | None = None) -> None:
        super().__init__(detail)
        self.errcode = errcode
        self.detail = detail
        self.side = side


class PairsInvalid(FaceMatchError):
    """A list of labelled pairs cannot be used."""


class ServiceNotStarted(FaceMatchError):
    """The embedded service did not come up."""


class CallError(FaceMatchError):
    """A call to the service gave no result.

    The client fills in the attributes as far as the call came.
    """

    outcome = "cancelled"  # the word in the log's ``outcome`` column; each kind has its own

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.endpoint: str | None = None
        self.request_id: str | None = None
        self.attempt = 1
        self.http_status: int | None = None
        self.elapsed_ms: float | None = None
        self.exchange: object | None = None  # a client.Exchange: what may be shown of request and answer


class RequestInvalid(CallError):
    """Refused here, before anything was sent."""

    outcome = "request_invalid"


class TransportError(CallError):
    """No whole answer came."""

    outcome = "connect_error"

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


class ConnectFailed(TransportError):
    """No connection was made: refused, DNS, TLS, or a timeout while connecting."""


class ConnectionLost(TransportError):
    """The connection broke after we began to send."""


class DeadlineExceeded(TransportError):
    """The answer was not complete in time."""

    outcome = "timeout"


class Refusal(CallError):
    """What a server said when it refused: the envelope's fields, as far as it sent one."""

    outcome = "http_error"

    def __init__(
        self,
        message: str,
        *,
        errcode: int | None = None,
        errmsg: str | None = None,
        status: str | None = None,
        trace_no: str | None = None,
    ) -> None:
        super().__init__(message)
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
    """An HTTP status other than 2xx."""


class AuthError(HttpStatusError):
    """The token is missing, wrong or revoked."""


class RateLimited(HttpStatusError):
    """Too many calls."""

    retry_after_s: float | None = None


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
