"""Typed access to a face-verification service; every attempt to call it leaves one row in the log.

client = FaceMatchClient("http://127.0.0.1:7007", token, log=log)
client.match(Photo.from_path("card.jpg"), Photo(data)).passed
client.match(card, Video(clip))                                              # SILENT
client.match(card, Video(clip), live_code=client.live_code().code)           # LIP
client.verify_identity("190001196102030010", "演示甲", Video.from_link("https://host/clip.mp4"))
accepted = client.start_match(card, Video.from_file_server("clips/1.mp4"))   # async
client.result(accepted.trace_no)                                             # Match, or Pending
client.local.enrol_demo()                                                    # our own service only

What is named here is the whole public interface; docs/client.md explains it.
"""

from facematch.client.client import FaceMatchClient
from facematch.client.inspection import Inspection
from facematch.client.local_file import LocalFile
from facematch.client.local_service import LocalService
from facematch.client.media import Medium, Photo, Video
from facematch.client.results import Accepted, Enrolment, Exchange, IssuedCode, Match, Pending
from facematch.client.retry import Budget
from facematch.client.route import ProxyLogin, Route, TlsSeen
from facematch.client.run import RunItem
from facematch.client.snippets import as_curl, as_python
from facematch.client.tokens import TokenFile, TokenSource
from facematch.contract import Origin, VideoType
from facematch.errors import (
    AuthError,
    BusinessError,
    CallError,
    CertificateRefused,
    ConnectFailed,
    ConnectionLost,
    DeadlineExceeded,
    FaceMatchError,
    HttpStatusError,
    InvalidResponse,
    LogUnavailable,
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
from facematch.footage import Challenge, Clip, Cue, Liveness, Shot
from facematch.local import Evidence, Health, IssuedToken, Model, Person, StoredFile, TokenInfo
from facematch.log import CallLog
from facematch.seen import Check, Face, Refused, Seen

__all__ = [
    "Accepted", "AuthError", "Budget", "BusinessError", "CallError", "CallLog", "CertificateRefused", "Challenge",
    "Check", "Clip", "ConnectFailed", "ConnectionLost", "Cue", "DeadlineExceeded", "Enrolment", "Evidence",
    "Exchange", "Face", "FaceMatchClient", "FaceMatchError", "Health", "HttpStatusError", "Inspection",
    "InvalidResponse", "IssuedCode", "IssuedToken", "Liveness", "LocalFile", "LocalService", "LogUnavailable",
    "Match", "Medium", "Model", "NotOffered", "Origin", "OriginNotAllowed", "Pending", "Person", "Photo", "ProxyFailed",
    "ProxyLogin",
    "RateLimited", "RedirectRefused", "Refusal", "Refused", "RequestInvalid", "ResponseTooLarge", "Route", "RunItem",
    "Seen", "ServerError", "Shot", "StillProcessing", "StoredFile", "TlsSeen", "TokenFile", "TokenInfo",
    "TokenSource", "TransportError", "Video", "VideoType", "as_curl", "as_python",
]  # fmt: skip
