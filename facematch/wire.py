"""JSON as it comes: parsed strictly, its fields read strictly (requests) or leniently (answers).

A lenient reader appends each departure from the document to ``drift``, in short words.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, cast

from facematch import codes
from facematch.errors import InvalidResponse, RequestRefused
from facematch.local import Side

LARGEST_SAFE_INTEGER = 2**53  # beyond it a JSON number is not exact everywhere
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,16}")  # int() refuses thousands of digits with an error of its own


def parse_json(content: bytes | str, charset: str | None = None) -> object:
    """Parse JSON strictly: no key twice, no NaN, no bottomless nesting; UTF-8, then *charset*, then GB 18030.

    Raises:
        InvalidResponse: It is not such JSON. The message never holds the text.
    """
    try:
        text = content if isinstance(content, str) else _decode(content, charset)
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidResponse(f"the answer is not valid JSON ({type(error).__name__}, length {len(content)})") from None


def _decode(content: bytes, charset: str | None) -> str:
    for name in ("utf-8-sig", charset, "gb18030"):
        try:
            return content.decode(name or "utf-8-sig")
        except (UnicodeError, LookupError):
            continue
    raise ValueError("no known charset")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key occurs twice")
    return dict(pairs)


def _no_constant(_: str) -> object:
    raise ValueError("NaN or Infinity")


def object_(wire: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = given(wire, key)
    if not isinstance(value, Mapping):
        raise RequestRefused(codes.BAD_VALUE, f"{key} is not an object")
    return value


def given(wire: Mapping[str, Any], key: str, side: Side | None = None) -> object:
    value = wire.get(key)
    if value is None:
        raise RequestRefused(codes.MISSING_PARAMETER, path(key, side), side=side)
    return value


def text(wire: Mapping[str, Any], key: str, side: Side | None = None) -> str:
    value = given(wire, key, side)
    if not isinstance(value, str) or not value:
        raise RequestRefused(codes.BAD_VALUE, f"{path(key, side)} is not a text, or empty", side=side)
    return value


def word(wire: Mapping[str, Any], key: str, words: tuple[str, ...], default: str | None, side: Side) -> str:
    value = wire.get(key, default)
    if value is None and default is None:
        raise RequestRefused(codes.MISSING_PARAMETER, path(key, side), side=side)
    if value not in words:
        raise RequestRefused(codes.BAD_VALUE, f"{path(key, side)} is none of {', '.join(words)}", side=side)
    return cast("str", value)


def flag(wire: Mapping[str, Any], key: str) -> bool:
    value = wire.get(key, False)
    if not isinstance(value, bool):
        raise RequestRefused(codes.BAD_VALUE, f"{key} is not a boolean")
    return value


def path(key: str, side: Side | None) -> str:
    return key if side is None else f"{side}.{key}"


def read_errcode(wire: Mapping[str, Any], drift: list[str]) -> int:
    errcode = wire.get("errcode")
    if isinstance(errcode, str) and _WHOLE_NUMBER.fullmatch(errcode):
        drift.append("errcode is a text")
        errcode = int(errcode)
    if isinstance(errcode, bool) or not isinstance(errcode, int) or abs(errcode) > LARGEST_SAFE_INTEGER:
        raise InvalidResponse("errcode is missing or not a whole number")
    if codes.find(errcode) is None:
        drift.append("errcode unknown")
    return errcode


def read_errmsg(wire: Mapping[str, Any], drift: list[str]) -> str | None:
    errmsg = wire.get("errmsg")
    if errmsg is not None and not isinstance(errmsg, str):
        drift.append("errmsg is not a text")
        return None
    return errmsg


def read_text(data: Mapping[str, Any], key: str, drift: list[str]) -> str | None:
    value = data.get(key)
    if value is None:
        drift.append(f"{key} missing")
    elif not isinstance(value, str):
        drift.append(f"{key} is not a text")
    return None if value is None else str(value)


def read_result(data: Mapping[str, Any], drift: list[str]) -> Mapping[str, Any] | None:
    result = data.get("result")
    if isinstance(result, str) and result.lstrip().startswith("{"):
        drift.append("result is a JSON text")
        result = parse_json(result)
    if result is None or result == "":
        return None
    if not isinstance(result, Mapping):
        raise InvalidResponse("result is not an object")
    return result


def read_truth(value: object, key: str, drift: list[str]) -> bool:
    """``"true"`` or ``"false"``; other spellings of a boolean drift, anything else is an InvalidResponse."""
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    word = str(value).strip().lower()
    if word not in ("true", "false", "1", "0"):
        raise InvalidResponse(f"{key} is missing or neither true nor false")
    drift.append(f'{key} is not "true" or "false"')
    return word in ("true", "1")


def read_number(value: object, key: str, drift: list[str]) -> float:
    """A finite number given as a text; a bare number drifts, anything else is an InvalidResponse."""
    if not isinstance(value, str):
        drift.append(f"{key} is not a text")
    try:
        number = math.nan if isinstance(value, bool) else float(cast("str", value))
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise InvalidResponse(f"{key} is not a finite number")
    return number
