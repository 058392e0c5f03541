"""What one case of the conformance suite is: a request, and the answer that the contract and its semantics ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

MATCH = "/tech/ai/face/match"
IDENTITY = "/tech/ai/face/match/idno"
LIVE_CODE = "/tech/ai/face/match/validateData"
PERSONS, TOKENS, FILES, CHOSEN = "/local/persons", "/local/tokens", "/local/files", "/local/live-codes"

TESTED = "tested"  # the server whose address was given, or the embedded one
Caller = Literal["good", "none", "blank", "wrong", "bearer", "revoked", "another"]  # whose token is sent
Kind = Literal["verdict", "code", "processing", "other"]


@dataclass(frozen=True, slots=True)
class Shown:
    """The text of a ``data``: a photo or clip as base64, or where it was put."""

    name: str
    way: Literal["self", "fds", "uri", "data_url", "spaced", "url_safe", "unpadded"] = "self"


@dataclass(frozen=True, slots=True)
class Code:
    """The text of a ``liveCode``: drawn by the server, or chosen, and what became of it since."""

    digits: str | None = None  # None: whatever validateData gives
    fate: Literal["fresh", "used", "another_token"] = "fresh"


class Absent:
    """In place of a value: the key is not sent."""


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent; the body is JSON with `Shown` and `Code` in it, or bytes as they are."""

    body: object = None
    path: str = MATCH
    method: str = "POST"
    caller: Caller = "good"


@dataclass(frozen=True, slots=True)
class Expected:
    """The envelope; ``passed`` and ``side`` None: not asked for."""

    errcode: int = 0
    status: int = 200
    kind: Kind = "verdict"
    passed: bool | None = None
    side: str | None = None  # which picture the errmsg blames
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One row of the table."""

    name: str
    request: Request
    expected: Expected
    later: Expected | None = None  # of an async call, once it is worked off
    needs: frozenset[str] = frozenset()  # which of our own offers and switches it takes
    on: str = TESTED  # else one of `servers.OWN`
    first: tuple[Request, ...] = field(default=())  # sent before, and accepted

    def needing(self, *what: str) -> "Case":
        return replace(self, needs=self.needs | set(what))


def photos(**changes: Any) -> dict[str, Any]:
    """A mated pair; *changes* go into it key by key, ABSENT takes one out."""
    wire = {"image": {"data": Shown("obama_2.jpg")}, "faceData": {"type": "image", "data": Shown("obama_1.jpg")}}
    return changed(wire, changes)


def clip(name: str = "wall", **changes: Any) -> dict[str, Any]:
    """A portrait and a clip, without a ``videoType``."""
    wire = {"image": {"data": Shown("obama_2.jpg")}, "faceData": {"type": "video", "data": Shown(name)}}
    return changed(wire, changes)


def lip(name: str = "short", **changes: Any) -> dict[str, Any]:
    """A portrait and a clip in which a code that the server drew should be read aloud."""
    return changed(changed(clip(name), {"faceData": {"videoType": "LIP"}, "liveCode": Code()}), changes)


def of_person(wire: Mapping[str, Any]) -> dict[str, Any]:
    """*wire* with a demo person, enrolled with another photo of the same face, in place of the portrait."""
    someone = {"idNum": "190001196102030010", "name": "演示甲"}
    return someone | {key: value for key, value in wire.items() if key != "image"}


def person(**changes: Any) -> dict[str, Any]:
    """A demo person and a photo of the face that is enrolled."""
    return changed(of_person(photos()), changes)


def case(name: str, errcode: int, body: object, path: str = MATCH, **more: Any) -> Case:
    """A row: *more* is split over the request, the expected answer and the case."""
    request, expected = _taken(Request, more, body=body, path=path), _taken(Expected, more, errcode=errcode)
    return Case(name, request, expected, needs=needs_of(body), **more)


def needs_of(body: object) -> frozenset[str]:
    """What the photos, clips and live codes in *body* take of a server."""
    if isinstance(body, Mapping):
        return frozenset().union(*map(needs_of, body.values()))
    if isinstance(body, Shown):
        return frozenset({body.way} & {"fds", "uri"})
    if isinstance(body, Code):
        more = {"live-codes"} if body.digits is not None else {"tokens"} if body.fate == "another_token" else set()
        return frozenset({"lip", *more})
    return frozenset()


def _taken(kind: type, more: dict[str, Any], **given: Any) -> Any:
    return kind(**given, **{name: more.pop(name) for name in kind.__slots__ if name in more})


def changed(wire: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """*wire* with *changes* in it, key by key; ABSENT takes a key out."""
    merged = dict(wire)
    for key, value in changes.items():
        old = merged.get(key)
        merged[key] = changed(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return {key: value for key, value in merged.items() if value is not ABSENT}
