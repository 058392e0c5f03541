"""Every error this package raises on purpose.

FaceMatchError
├── SettingInvalid            a FACEMATCH_… variable holds something we cannot use
├── LogUnavailable            the call log cannot be opened or written
│   ├── LogTooNew             a newer version wrote it: it is opened for reading only
│   └── LogWaiting            its server does not answer: the call waits on this computer
├── EngineError
│   ├── WeightsMissing        a network's file is not where it should be
│   ├── WeightsWrong          its SHA-256 is not the one this version was measured with
│   ├── SpeechUnavailable     spoken digits cannot be recognised here, e.g. the speech models are not installed
│   └── MediaRefused          bytes that we do not use: an errcode and a reason
│       ├── PictureRefused    they are no picture we decode, or break a limit
│       └── VideoRefused      they are no video we decode, or break a limit
├── RequestRefused            the service's own no to a request: an errcode, a side, a reason
├── StateUnavailable          the service's database cannot be opened or used, or its key is not there
├── PairsInvalid              a list of labelled pairs cannot be used
├── EnvironmentsUnavailable   the list of environments cannot be read or written
├── SecretUnavailable         a token cannot be kept or fetched, e.g. the keyring is locked
├── ServiceNotStarted         the embedded service did not come up, e.g. the port is taken
└── CallError                 a call to the service gave no result
    ├── RequestInvalid        refused here; nothing was sent, or not to its end
    │   └── OriginNotAllowed  a link or a path, where its server is not to be given any
    ├── StillProcessing       accepted: the server works on it and answers later, if at all
    ├── NotOffered            this server has no such path: it is not our service, or lacks that part
    ├── TransportError        no whole answer came; ``sent`` says whether the request may have been handled
    │   ├── ConnectFailed     no connection: refused, DNS, TLS, timeout while connecting
    │   │   ├── CertificateRefused   the server's certificate does not hold
    │   │   └── ProxyFailed          the proxy cannot be reached, or refuses
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

from facematch.errors.base import FaceMatchError
from facematch.errors.calls import (
    AuthError,
    BusinessError,
    CallError,
    CertificateRefused,
    ConnectFailed,
    ConnectionLost,
    DeadlineExceeded,
    HttpStatusError,
    InvalidResponse,
    NotOffered,
    OriginNotAllowed,
    ProxyFailed,
    RateLimited,
    RedirectRefused,
    Refusal,
    RequestInvalid,
    ResponseTooLarge,
    ServerError,
    StillProcessing,
    TransportError,
)
from facematch.errors.product import (
    EngineError,
    EnvironmentsUnavailable,
    LogTooNew,
    LogUnavailable,
    LogWaiting,
    MediaRefused,
    PairsInvalid,
    PictureRefused,
    RequestRefused,
    SecretUnavailable,
    ServiceNotStarted,
    SettingInvalid,
    SpeechUnavailable,
    StateUnavailable,
    VideoRefused,
    WeightsMissing,
    WeightsWrong,
)

__all__ = [
    "AuthError",
    "BusinessError",
    "CallError",
    "CertificateRefused",
    "ConnectFailed",
    "ConnectionLost",
    "DeadlineExceeded",
    "EngineError",
    "EnvironmentsUnavailable",
    "FaceMatchError",
    "HttpStatusError",
    "InvalidResponse",
    "LogTooNew",
    "LogUnavailable",
    "LogWaiting",
    "MediaRefused",
    "NotOffered",
    "OriginNotAllowed",
    "PairsInvalid",
    "PictureRefused",
    "ProxyFailed",
    "RateLimited",
    "RedirectRefused",
    "Refusal",
    "RequestInvalid",
    "RequestRefused",
    "ResponseTooLarge",
    "SecretUnavailable",
    "ServerError",
    "ServiceNotStarted",
    "SettingInvalid",
    "SpeechUnavailable",
    "StateUnavailable",
    "StillProcessing",
    "TransportError",
    "VideoRefused",
    "WeightsMissing",
    "WeightsWrong",
]
