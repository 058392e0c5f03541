"""JSON Schema of what goes over the wire: of the dataclasses by their annotations, of the contract's bodies by hand."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from facematch import codes
from facematch.contract import FAIL, PROCESSING, SUCCESS

Schema = dict[str, Any]

TRACE_NO: Schema = {
    "type": "string",
    "pattern": "^[0-9]{20}$",
    "description": "Unique, never a JSON number.",
}


class Schemas:
    """Collects the schema of each dataclass under its name, for ``components/schemas``."""

    def __init__(self) -> None:
        self.found: dict[str, Schema] = {}

    def of(self, kind: Any) -> Schema:
        """The schema of what the JSON encoder makes of a *kind*, which is as it stands in an annotation."""
        if kind is Any:
            return {}
        if is_dataclass(kind):
            return self._object(kind)
        form = get_origin(kind)
        return dict(_PLAIN[kind]) if form is None else _FORMS[form](self, get_args(kind))

    def _object(self, kind: Any) -> Schema:
        name = kind.__name__
        if name not in self.found:
            self.found[name] = {}  # for one that contains itself
            properties = {each.name: self.of(each.type) for each in fields(kind)}
            self.found[name] = {"description": (kind.__doc__ or "").partition("\n")[0], **closed(properties)}
        return {"$ref": f"#/components/schemas/{name}"}

    def _words(self, words: tuple[Any, ...]) -> Schema:
        return {"type": "string", "enum": list(words)}

    def _either(self, kinds: tuple[Any, ...]) -> Schema:
        return {"anyOf": [self.of(kind) for kind in kinds]}

    def _items(self, kinds: tuple[Any, ...]) -> Schema:
        if kinds[-1] is Ellipsis:
            return {"type": "array", "items": self.of(kinds[0])}
        exactly = len(kinds)
        return {
            "type": "array",
            "prefixItems": [self.of(kind) for kind in kinds],
            "minItems": exactly,
            "maxItems": exactly,
        }

    def _mapping(self, kinds: tuple[Any, ...]) -> Schema:
        return {"type": "object", "additionalProperties": self.of(kinds[1])}


_PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    bytes: {"type": "string", "contentEncoding": "base64"},
    NoneType: {"type": "null"},
}
_FORMS: Mapping[Any, Callable[[Schemas, tuple[Any, ...]], Schema]] = {
    Literal: Schemas._words,
    Union: Schemas._either,
    UnionType: Schemas._either,
    tuple: Schemas._items,
    Mapping: Schemas._mapping,
}


def closed(properties: Mapping[str, Schema]) -> Schema:
    """An object with these keys, all of them, and no others."""
    return {
        "type": "object",
        "required": list(properties),
        "properties": dict(properties),
        "additionalProperties": False,
    }


def handled(result: Schema) -> Schema:
    """The envelope of an answer with a result."""
    return _envelope({"const": codes.HANDLED}, {"const": SUCCESS}, SUCCESS, result)


def accepted() -> Schema:
    """The envelope of an async call that is not finished."""
    return _envelope({"const": codes.HANDLED}, {"const": SUCCESS}, PROCESSING, None)


def refused(errcodes: Iterable[int]) -> Schema:
    """The envelope of an answer without one."""
    result = closed({"isSccess": {"const": "false"}})
    return _envelope({"enum": sorted(errcodes)}, {"type": "string"}, FAIL, result)


def _envelope(errcode: Schema, errmsg: Schema, status: str, result: Schema | None) -> Schema:
    data: dict[str, Schema] = {"status": {"const": status}, "traceNo": TRACE_NO}
    if result is not None:
        data["result"] = result
    return closed({"errcode": errcode, "errmsg": errmsg, "data": closed(data)})


def text(description: str, **more: Any) -> Schema:
    """A text that is not empty."""
    return {"type": "string", "minLength": 1, "description": description, **more}


VERDICT = closed(
    {
        "isSccess": {"enum": ["true", "false"], "description": "Recognised or not; spelled so on the wire."},
        "score": {
            "type": "string",
            "pattern": "^(100|[1-9]?[0-9])$",
            "description": "A similarity, not a probability: a whole number, 0 to 100.",
        },
    }
)

MEDIA: Schema = {
    "type": "object",
    "required": ["data"],
    "properties": {
        "origin": {
            "type": "string",
            "enum": ["self", "uri", "fds"],
            "default": "self",
            "description": "What data is: self base64 (a data: prefix and white space are accepted); uri an http or "
            "https link, off unless a setting allows it; fds a path on the file server.",
        },
        "data": text("Base64, a link, or a path."),
    },
}

PROBE: Schema = {
    "type": "object",
    "required": ["type", "data"],
    "properties": {
        "type": {"type": "string", "enum": ["image", "video"]},
        "videoType": {
            "type": "string",
            "enum": ["SILENT", "LIP"],
            "default": "SILENT",
            "description": "SILENT: a passive liveness check. LIP: the live code read aloud. Ignored for an image.",
        },
        **MEDIA["properties"],
    },
}

_OPTIONS: Mapping[str, Schema] = {
    "async": {
        "type": "boolean",
        "default": False,
        "description": "Answer PROCESSING at once; the answer itself waits under /local/results/{traceNo}.",
    },
    "liveCode": {
        "type": "string",
        "description": "Four digits of validateData; required for video with LIP, ignored otherwise.",
        "examples": ["0521"],
    },
}

MATCH_REQUEST: Schema = {
    "type": "object",
    "required": ["image", "faceData"],
    "properties": {
        **_OPTIONS,
        "image": {"$ref": "#/components/schemas/Media"},
        "faceData": {"$ref": "#/components/schemas/Probe"},
    },
}

IDENTITY_REQUEST: Schema = {
    "type": "object",
    "required": ["idNum", "name", "faceData"],
    "properties": {
        **_OPTIONS,
        "idNum": text("18 characters, the last may be X or x, with a birth date and the check digit of GB 11643-1999."),
        "name": text("1 to 32 characters."),
        "faceData": {"$ref": "#/components/schemas/Probe"},
    },
}
