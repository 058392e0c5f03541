"""The service's OpenAPI 3.1 document, made from the contract, the ``/local/`` types and the catalogue of errcodes."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from facematch import __version__, codes
from facematch.service import schemas
from facematch.service.operations import Operation, operations
from facematch.service.schemas import Schema, Schemas, refused
from facematch.service.traffic import REQUEST_ID

_Error = tuple[int | str, str, tuple[int, ...], str]  # HTTP status, name, errcodes, when

_ALWAYS: tuple[_Error, ...] = (
    (401, "Unauthorized", (codes.NO_TOKEN, codes.BAD_TOKEN), "No token, or one that is unknown or revoked."),
    (500, "Broken", (codes.INTERNAL,), "The service broke."),
    (503, "Crowded", (codes.RATE,), "Too many connections are open, or the service is stopping."),
    ("default", "NoSuchThing", (codes.BAD_VALUE,), "No such path or method, or no HTTP."),
)
_WITH_BODY: tuple[_Error, ...] = (
    (408, "TooSlow", (codes.NOT_JSON,), "The body did not arrive in time."),
    (413, "TooLarge", (codes.BAD_SIZE,), "The body is too large; told before it is read whole."),
)
_CALL: tuple[_Error, ...] = ((429, "TooMany", (codes.RATE,), "Too many calls are under way."),)
_WITH_ID: tuple[_Error, ...] = (
    (404, "NotFound", (codes.BAD_VALUE,), "Nothing is there: unknown, expired, or another token's."),
)
_RETRY_AFTER = ("Crowded", "TooMany")
_PARAMETERS: Mapping[str, Schema] = {
    "traceNo": {"description": "data.traceNo of the call's answer.", "schema": schemas.TRACE_NO},
    "id": {"description": "As the list shows it.", "schema": schemas.text("An id.")},
    "path": {"description": "The path, its slashes included.", "schema": schemas.text("A path.")},
}
_REQUEST_ID = {REQUEST_ID: {"$ref": f"#/components/headers/{REQUEST_ID}"}}


@cache
def document() -> dict[str, Any]:
    """The whole document; not to be changed by the caller."""
    known = Schemas()
    paths: dict[str, dict[str, Any]] = {}
    for each in operations(known):
        paths.setdefault(each.path, {})[each.method] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {"title": "facematch", "version": __version__, "description": _DESCRIPTION + _catalogue()},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "tags": [{"name": "contract"}, {"name": "local", "description": "Beside the contract, here only."}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": _SCHEME},
            "headers": {REQUEST_ID: _NAME},
            "schemas": {"Media": schemas.MEDIA, "Probe": schemas.PROBE, **dict(sorted(known.found.items()))},
            "responses": _responses(),
        },
    }


_NAME = {
    "description": "Names the request in the service's log: the caller's own, or a new one.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
}

_SCHEME = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": "The raw token, without a word such as Bearer before it.",
}

_DESCRIPTION = """\
Face verification: a photo, or an ID number and a name, against a photo or a video.

Every answer is the same envelope. Three layers fail apart: `errcode` (was the request handled), `data.status` (did the
business go through) and `data.result.isSccess` (recognised or not). HTTP 200 is the status of every business result,
refusals included. The first failure wins; `errmsg` begins with the side that failed, `image` or `faceData`.

| errcode | 含义 | meaning |
| --- | --- | --- |
"""


def _catalogue() -> str:
    return "".join(f"| {n} | {each.zh.meaning} | {each.en.meaning} |\n" for n, each in codes.CATALOGUE.items())


def _operation(told: Operation) -> dict[str, Any]:
    wire: dict[str, Any] = {
        "operationId": told.name,
        "tags": ["local" if told.path.startswith("/local/") else "contract"],
        "summary": told.summary,
    }
    if told.is_open:
        wire["security"] = [{}, {"token": []}]
    if told.parameter is not None:
        parameter = {"name": told.parameter, "in": "path", "required": True, **_PARAMETERS[told.parameter]}
        wire["parameters"] = [parameter]
    if told.body is not None:
        wire["requestBody"] = {"required": told.body_required, "content": {told.body_type: {"schema": told.body}}}
    wire["responses"] = {"200": _answer(told), **_errors(told)}
    return wire


def _answer(told: Operation) -> dict[str, Any]:
    either = [*told.answers, *([refused(told.refusals)] if told.refusals else ())]
    schema = either[0] if len(either) == 1 else {"oneOf": either}
    headers = {name: {"schema": each} for name, each in told.headers.items()}
    return {
        "description": "Handled, or refused with an errcode." if told.refusals else "Handled.",
        "headers": {**_REQUEST_ID, **headers},
        "content": {"application/json": {"schema": schema}},
    }


def _errors(told: Operation) -> dict[str, Any]:
    kinds = (
        *(_WITH_ID if told.parameter is not None or told.may_be_off else ()),
        *(_WITH_BODY if told.body is not None else ()),
        *(_CALL if told.is_call else ()),
        *_ALWAYS,
    )
    return {str(status): {"$ref": f"#/components/responses/{name}"} for status, name, _, _ in kinds}


def _responses() -> dict[str, Any]:
    return dict(_response(each) for each in (*_ALWAYS, *_WITH_BODY, *_CALL, *_WITH_ID))


def _response(error: _Error) -> tuple[str, dict[str, Any]]:
    _, name, errcodes, when = error
    later = {"Retry-After": {"description": "In seconds.", "schema": {"type": "string"}}}
    return name, {
        "description": when,
        "headers": {**_REQUEST_ID, **(later if name in _RETRY_AFTER else {})},
        "content": {"application/json": {"schema": refused(errcodes)}},
    }
