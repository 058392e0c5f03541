"""The HTTP contract, said once: the client sends these requests and reads these answers; the service does the reverse.

Wire names appear here and nowhere else. The service is strict in what it reads and writes; the client is lenient in
what it reads and names each departure in ``drift``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self, cast

from facematch import codes
from facematch.drift import CONTRADICTS, NOT_UTF8
from facematch.errors import InvalidResponse, RequestRefused
from facematch.local import Side
from facematch.wire import (
    PASSED,
    flag,
    is_utf8,
    object_,
    parse_json,
    read_code,
    read_data,
    read_errcode,
    read_errmsg,
    read_passed,
    read_result,
    read_score,
    read_status,
    read_text,
    text,
    word,
)

MATCH = "/tech/ai/face/match"
IDENTITY = "/tech/ai/face/match/idno"
LIVE_CODE = "/tech/ai/face/match/validateData"

Origin = Literal["self", "uri", "fds"]
ORIGINS: tuple[Origin, ...] = ("self", "uri", "fds")
ProbeType = Literal["image", "video"]
VideoType = Literal["SILENT", "LIP"]
SUCCESS = "SUCCESS"
FAIL = "FAIL"
PROCESSING = "PROCESSING"  # async: accepted, and no result yet


@dataclass(frozen=True, slots=True)
class Media:
    """A photo or a video as the wire carries it."""

    data: str = field(repr=False)  # base64, a link, or a file-server path
    origin: Origin = "self"

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any], side: Side) -> Self:
        """Read ``image`` or ``faceData``; an absent origin means ``self``, an empty one is an error."""
        origin = word(wire, "origin", ("self", "uri", "fds"), "self", side)
        return cls(text(wire, "data", side), cast("Origin", origin))

    def to_wire(self) -> dict[str, str]:
        """The object of the contract."""
        return {"origin": self.origin, "data": self.data}


@dataclass(frozen=True, slots=True)
class Probe:
    """``faceData``: the photo or video under test; ``video_type`` is None for a photo."""

    media: Media
    type: ProbeType = "image"
    video_type: VideoType | None = None

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        """Read ``faceData``; ``videoType`` is ignored for a photo and SILENT when absent for a video."""
        kind = cast("ProbeType", word(wire, "type", ("image", "video"), None, "faceData"))
        video = None
        if kind == "video":
            video = cast("VideoType", word(wire, "videoType", ("SILENT", "LIP"), "SILENT", "faceData"))
        return cls(Media.from_wire(wire, "faceData"), kind, video)

    def to_wire(self) -> dict[str, str]:
        """The object of the contract."""
        video = {} if self.video_type is None else {"videoType": self.video_type}
        return {"type": self.type, **video, **self.media.to_wire()}


@dataclass(frozen=True, slots=True)
class MatchRequest:
    """Body of ``POST /tech/ai/face/match``."""

    reference: Media
    probe: Probe
    live_code: str | None = field(default=None, repr=False)
    is_async: bool = False

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        """Read the body.

        Raises:
            RequestRefused: 1 a parameter is missing, 2 it has a bad value, 1130 the live code is missing.
        """
        is_async = flag(wire, "async")
        reference = Media.from_wire(object_(wire, "image"), "image")
        probe = Probe.from_wire(object_(wire, "faceData"))
        return cls(reference, probe, _live_code(wire, probe), is_async)

    def to_wire(self) -> dict[str, Any]:
        """The body of the contract; what is not given is left out."""
        return {
            **_options(self),
            "image": self.reference.to_wire(),
            "faceData": self.probe.to_wire(),
        }


@dataclass(frozen=True, slots=True)
class IdentityRequest:
    """Body of ``POST /tech/ai/face/match/idno``."""

    id_number: str = field(repr=False)
    name: str = field(repr=False)
    probe: Probe
    live_code: str | None = field(default=None, repr=False)
    is_async: bool = False

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> Self:
        """Read the body.

        Raises:
            RequestRefused: 1 a parameter is missing, 2 it has a bad value, 1130 the live code is missing.
        """
        is_async = flag(wire, "async")
        id_number, name = text(wire, "idNum"), text(wire, "name")
        probe = Probe.from_wire(object_(wire, "faceData"))
        return cls(id_number, name, probe, _live_code(wire, probe), is_async)

    def to_wire(self) -> dict[str, Any]:
        """The body of the contract; what is not given is left out."""
        return {
            **_options(self),
            "idNum": self.id_number,
            "name": self.name,
            "faceData": self.probe.to_wire(),
        }


def _options(request: MatchRequest | IdentityRequest) -> dict[str, Any]:
    is_async = {"async": True} if request.is_async else {}
    return is_async if request.live_code is None else {**is_async, "liveCode": request.live_code}


def _live_code(wire: Mapping[str, Any], probe: Probe) -> str | None:
    if probe.video_type != "LIP":
        return None  # the document's own examples send one with SILENT: ignored there
    value = wire.get("liveCode")
    if value is None or value == "":
        raise RequestRefused(codes.NO_LIVE_CODE, "liveCode is required for LIP")
    if not isinstance(value, str):
        raise RequestRefused(codes.BAD_VALUE, "liveCode is not a text")
    return value


@dataclass(frozen=True, slots=True)
class Verdict:
    """``data.result`` of a match: was the person recognised, and how alike."""

    passed: bool  # wire: isSccess, the text "true" or "false"
    score: float | None  # wire: score, a text in "0".."100"; None when no comparison was reached

    def to_wire(self) -> dict[str, str]:
        """The object of the contract: texts, and the key spelled as the document spells it."""
        score = {} if self.score is None else {"score": f"{self.score:g}"}
        return {"isSccess": "true" if self.passed else "false", **score}


@dataclass(frozen=True, slots=True)
class Envelope:
    """The outer form of every answer: three layers that fail apart (errcode, status, result)."""

    errcode: int  # 0: the request was handled
    errmsg: str | None
    status: str | None  # "SUCCESS": the business went through
    trace_no: str | None
    result: Mapping[str, Any] | None
    drift: tuple[str, ...] = ()  # where the answer departs from the document, in short words

    def to_wire(self) -> dict[str, Any]:
        """The JSON object of the contract."""
        data = {"status": self.status, "traceNo": self.trace_no}
        result = {} if self.result is None else {"result": self.result}
        return {"errcode": self.errcode, "errmsg": self.errmsg, "data": {**data, **result}}

    @classmethod
    def from_bytes(cls, content: bytes, charset: str | None = None) -> Self:
        """Read an answer's body, leniently; each departure is named in ``drift``.

        Raises:
            InvalidResponse: Not JSON, a key twice, or in two spellings that contradict each other, no number
                ``errcode``; at 0 also ``data`` or ``result`` no object, ``status`` no text.
        """
        wire = parse_json(content, charset)
        drift: list[str] = [] if is_utf8(content) else [NOT_UTF8.of()]
        if not isinstance(wire, Mapping):
            raise InvalidResponse("the answer is not a JSON object")
        errcode = read_errcode(wire, drift)
        is_refusal = errcode != codes.HANDLED
        data = read_data(wire, is_refusal, drift)
        trace_no = read_text(data, "traceNo", drift)
        status = read_status(data, (SUCCESS, FAIL, PROCESSING), is_refusal, drift)
        errmsg = read_errmsg(wire, is_refusal, drift)
        result = read_result(data, is_refusal, drift)
        if is_refusal:
            drift += [CONTRADICTS.of(key) for key in _contradicting(status, result)]
        return cls(errcode, errmsg, status, trace_no, result, tuple(drift))

    def verdict(self) -> tuple[Verdict, tuple[str, ...]]:
        """The match's result, and how it departs from the document.

        Raises:
            InvalidResponse: No verdict can be read.
        """
        drift: list[str] = []
        if self.result is None:
            raise InvalidResponse("result is missing")
        return Verdict(read_passed(self.result, drift), read_score(self.result, drift)), tuple(drift)

    def live_code(self) -> tuple[str, tuple[str, ...]]:
        """The digits of ``validateData``, and how they depart from the document.

        Raises:
            InvalidResponse: There are none.
        """
        drift: list[str] = []
        return read_code(self.result or {}, drift), tuple(drift)


def _contradicting(status: str | None, result: Mapping[str, Any] | None) -> tuple[str, ...]:
    """What says yes in a refusal."""
    try:
        passed = read_passed(result or {}, [])
    except InvalidResponse:
        passed = False
    return (*(("status",) if status == SUCCESS else ()), *((PASSED[0],) if passed else ()))
