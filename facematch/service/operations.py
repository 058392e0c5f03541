"""The service's operations as data, the contract's and those beside it, for the OpenAPI document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from facematch import codes, contract, local
from facematch.seen import Refused
from facematch.service import schemas
from facematch.service.schemas import Schema, Schemas, closed, handled, text

_REQUEST = (codes.MISSING_PARAMETER, codes.BAD_VALUE, codes.NOT_JSON)
_PERSONS = (
    *(codes.BAD_NAME, codes.BAD_ID_NUMBER),
    *(codes.UNKNOWN_ID_NUMBER, codes.NAME_NOT_MATCHING, codes.NO_LIBRARY_PHOTO, codes.LIBRARY_PHOTO_UNUSABLE),
)
_NOT_200 = (codes.HANDLED, codes.INTERNAL, codes.NO_TOKEN, codes.BAD_TOKEN)
_FILE = (codes.BAD_VALUE, codes.RATE, codes.BAD_SIZE)
_PHOTO = (codes.PHOTO_NOT_FETCHED, codes.NOT_DECODABLE, codes.BAD_SIZE)
_IDENTITY = tuple(n for n in codes.CATALOGUE if n not in _NOT_200)
_MATCH = tuple(n for n in _IDENTITY if n not in _PERSONS)


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    name: str  # the operationId
    summary: str
    answers: tuple[Schema, ...]  # what a handled request gets, each a whole envelope
    refusals: tuple[int, ...] = ()  # with HTTP 200
    body: Schema | None = None
    body_type: str = "application/json"
    body_required: bool = True
    parameter: str | None = None
    is_call: bool = False  # bounded by 429
    is_open: bool = False  # without a token, too
    may_be_off: bool = False  # a setting decides whether it is there
    headers: Mapping[str, Schema] = field(default_factory=dict)


def operations(known: Schemas) -> Iterable[Operation]:
    """All of them; the types that they answer with are added to *known*."""
    yield from _contract()
    yield from _told(known)
    yield from _tokens(known)
    yield from _persons(known)
    yield from _files(known)
    code = closed({"code": text("The code that was asked for.", pattern="^[0-9]{4}$")})
    yield Operation(
        *("post", local.CHOSEN_CODES, "chosenCode", "Issue this very code; 404 unless a setting allows it."),
        *(
            (handled(code),),
            _REQUEST,
            {"type": "object", "required": ["code"], "properties": {"code": text("Four digits.")}},
        ),
        may_be_off=True,
    )


def _contract() -> Iterable[Operation]:
    decided = (handled(schemas.VERDICT), schemas.accepted())
    yield Operation(
        *("post", contract.MATCH, "match", "A photo against a photo or a video."),
        decided,
        _MATCH,
        schemas.MATCH_REQUEST,
        is_call=True,
        headers={
            local.FACTS_HEADER: text("JSON with cosine, threshold, mapping and engine, when a comparison was reached.")
        },
    )
    yield Operation(
        *("post", contract.IDENTITY, "matchIdno", "An ID number and a name against a photo or a video."),
        decided,
        _IDENTITY,
        schemas.IDENTITY_REQUEST,
        is_call=True,
        headers={local.FACTS_HEADER: text("As for a match.")},
    )
    code = closed({"code": text("To be read aloud; used once, by this token.", pattern="^[0-9]{4}$")})
    yield Operation(
        *("post", contract.LIVE_CODE, "validateData", "A live code of four digits.", (handled(code),)),
        *((codes.NOT_JSON,), {"type": "object"}),
        body_required=False,
    )


def _told(known: Schemas) -> Iterable[Operation]:
    health = handled(known.of(local.Health))
    yield Operation(
        *("get", local.HEALTH, "health", "How the service is; without a token only status and version."),
        (health,),
        is_open=True,
    )
    yield Operation(
        *("get", f"{local.EVIDENCE}/{{traceNo}}", "evidence", "What the answer of a call was based on, for a while."),
        (handled(known.of(local.Evidence)),),
        parameter="traceNo",
    )
    yield Operation(
        *("get", f"{local.RESULTS}/{{traceNo}}", "result", "PROCESSING, then what the same call would have been told."),
        (schemas.accepted(), handled(schemas.VERDICT)),
        (*_IDENTITY, codes.INTERNAL),
        parameter="traceNo",
    )
    yield Operation(
        *("get", local.OPENAPI, "openapi", "This document; the one answer that is no envelope."),
        ({"type": "object"},),
    )


def _tokens(known: Schemas) -> Iterable[Operation]:
    note = {"type": "string", "maxLength": 200, "default": "", "description": "Whose it is."}
    body = {"type": "object", "properties": {"note": note}}
    yield Operation(
        *("post", local.TOKENS, "issueToken", "A new token; its text is told once."),
        *((handled(known.of(local.IssuedToken)),), (codes.BAD_VALUE, codes.NOT_JSON), body),
        body_required=False,
    )
    yield Operation(
        "get", local.TOKENS, "tokens", "All tokens, without their text.", (_all(known, local.TokenInfo, "tokens"),)
    )
    yield _remove(local.TOKENS, "id", "revokeToken", "From now on it is refused.")


def _persons(known: Schemas) -> Iterable[Operation]:
    image = {"anyOf": [{"$ref": "#/components/schemas/Media"}, {"type": "null"}]}
    body = {
        "type": "object",
        "required": ["idNum", "name"],
        "properties": {
            "idNum": schemas.IDENTITY_REQUEST["properties"]["idNum"],
            "name": schemas.IDENTITY_REQUEST["properties"]["name"],
            "image": image,
        },
    }
    enrolled = closed({"person": known.of(local.Person), "refused": known.of(Refused | None)})
    refusals = (*_REQUEST, *_PHOTO, codes.BAD_NAME, codes.BAD_ID_NUMBER, codes.COMPARISON_FAILED)
    yield Operation(
        *("post", local.PERSONS, "enrol", "Enrol a person, or replace the one with this ID number."),
        *((handled(enrolled),), refusals, body),
    )
    yield Operation("get", local.PERSONS, "persons", "All persons, masked.", (_all(known, local.Person, "persons"),))
    yield Operation(
        *("post", f"{local.PERSONS}/demo", "enrolDemo", "Enrol the invented persons that ship."),
        *((_all(known, local.Person, "persons"),), (codes.NOT_JSON, codes.COMPARISON_FAILED), {"type": "object"}),
        body_required=False,
    )
    yield _remove(local.PERSONS, "id", "deletePerson", "Nothing of the person is kept.")


def _files(known: Schemas) -> Iterable[Operation]:
    path = f"{local.FILES}/{{path}}"
    yield Operation(
        *("put", path, "putFile", "Store the body's bytes where origin fds finds them."),
        *((handled(known.of(local.StoredFile)),), _FILE),
        body={"type": "string", "format": "binary"},
        body_type="application/octet-stream",
        parameter="path",
    )
    yield Operation("get", local.FILES, "files", "All files.", (_all(known, local.StoredFile, "files"),))
    yield _remove(local.FILES, "path", "deleteFile", "Remove a file.", (codes.BAD_VALUE,))


def _remove(path: str, parameter: str, name: str, summary: str, refusals: tuple[int, ...] = ()) -> Operation:
    done = handled(closed({parameter: {"type": "string"}}))
    return Operation("delete", f"{path}/{{{parameter}}}", name, summary, (done,), refusals, parameter=parameter)


def _all(known: Schemas, kind: Any, name: str) -> Schema:
    return handled(closed({name: {"type": "array", "items": known.of(kind)}}))
