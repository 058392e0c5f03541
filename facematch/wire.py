"""JSON as it comes: parsed strictly, its fields read strictly (requests) or leniently (answers).

A lenient reader appends each departure from the document to ``drift``, in short words.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, cast

from facematch import codes
from facematch.drift import (
    BAD_TRUTH,
    IS_TEXT,
    JSON_TEXT,
    MISSING,
    NOT_OBJECT,
    NOT_TEXT,
    OTHER_CASE,
    OUT_OF_RANGE,
    UNKNOWN,
    find,
    spellings,
)
from facematch.errors import InvalidResponse, RequestRefused
from facematch.local import Side

HIGHEST_SCORE = 100
SMALLEST_CODE = 1000  # of four digits
PASSED = ("isSccess", "isSuccess")  # the document's spelling, and the one that was meant
LARGEST_SAFE_INTEGER = 2**53  # beyond it a JSON number is not exact everywhere
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")  # as JSON has it; float() takes more
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


def is_utf8(content: bytes) -> bool:
    """Whether *content* is UTF-8 text."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


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
    errcode = find(wire, ("errcode",), drift)
    if isinstance(errcode, str) and _WHOLE_NUMBER.fullmatch(errcode):
        drift.append(IS_TEXT.of("errcode"))
        errcode = int(errcode)
    if isinstance(errcode, bool) or not isinstance(errcode, int) or abs(errcode) > LARGEST_SAFE_INTEGER:
        raise InvalidResponse("errcode is missing or not a whole number")
    if codes.find(errcode) is None:
        drift.append(UNKNOWN.of("errcode"))
    return errcode


def read_errmsg(wire: Mapping[str, Any], is_due: bool, drift: list[str]) -> str | None:
    errmsg = find(wire, ("errmsg",), drift)
    if errmsg is not None and not isinstance(errmsg, str):
        drift.append(NOT_TEXT.of("errmsg"))
        return None
    if not errmsg and is_due:
        drift.append(MISSING.of("errmsg"))
    return errmsg


def read_data(wire: Mapping[str, Any], is_refusal: bool, drift: list[str]) -> Mapping[str, Any]:
    data = find(wire, ("data",), drift)
    if isinstance(data, Mapping):
        return data
    if data is not None and not is_refusal:
        raise InvalidResponse("data is not an object")
    drift.append((MISSING if data is None else NOT_OBJECT).of("data"))
    return {}


def read_text(data: Mapping[str, Any], key: str, drift: list[str]) -> str | None:
    """A text, or a whole number as one; anything else is None and drifts."""
    value = find(data, (key,), drift)
    if value is None or value == "":
        drift.append(MISSING.of(key))
        return None
    if isinstance(value, str):
        return value
    drift.append(NOT_TEXT.of(key))
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def read_status(data: Mapping[str, Any], known: tuple[str, ...], is_refusal: bool, drift: list[str]) -> str | None:
    """One of *known*, in whatever case it came, or the word as it came."""
    status = read_text(data, "status", drift)
    if status is None and not is_refusal and NOT_TEXT.of("status") in drift:
        raise InvalidResponse("status is not a text")
    word = (status or "").strip().upper()
    if word in known and word != status:
        drift.append(OTHER_CASE.of("status"))
    elif status is not None and word not in known:
        drift.append(UNKNOWN.of("status"))
    return word if word in known else status


def read_result(data: Mapping[str, Any], is_refusal: bool, drift: list[str]) -> Mapping[str, Any] | None:
    result = find(data, ("result",), drift)
    try:
        if isinstance(result, str) and result.lstrip().startswith("{"):
            drift.append(JSON_TEXT.of())
            result = parse_json(result)
    except InvalidResponse:
        if not is_refusal:
            raise
    if isinstance(result, Mapping):
        return result
    if result is not None and result != "":
        if not is_refusal:
            raise InvalidResponse("result is not an object")
        drift.append(NOT_OBJECT.of("result"))
    return None


def read_passed(result: Mapping[str, Any], drift: list[str]) -> bool:
    """The verdict: the text ``"true"`` or ``"false"``; other spellings of a boolean drift.

    Raises:
        InvalidResponse: It is anything else, or two keys contradict each other.
    """
    value = find(result, PASSED, drift)
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    word = str(value).strip().lower() if isinstance(value, str | int) else ""
    if word not in ("true", "false", "1", "0"):
        raise InvalidResponse(f"{PASSED[0]} is missing or neither true nor false")
    drift.append(BAD_TRUTH.of(PASSED[0]))
    return word in ("true", "1")


def has_verdict(result: Mapping[str, Any]) -> bool:
    """Whether there is a key for it, readable or not."""
    return bool(spellings(result, PASSED))


def read_score(result: Mapping[str, Any], drift: list[str]) -> float | None:
    """A finite number given as a text, in JSON's form; a bare number drifts.

    Raises:
        InvalidResponse: It is anything else.
    """
    value = find(result, ("score",), drift)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        drift.append(NOT_TEXT.of("score"))
    is_number = _NUMBER.fullmatch(value) if isinstance(value, str) else not isinstance(value, bool)
    try:
        number = float(cast("str", value)) if is_number else math.nan
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise InvalidResponse("score is not a finite number")
    if not 0 <= number <= HIGHEST_SCORE:
        drift.append(OUT_OF_RANGE.of("score"))
    return number


def read_code(result: Mapping[str, Any], drift: list[str]) -> str:
    """The live code: a text of digits; a bare number drifts where it cannot have lost a leading zero.

    Raises:
        InvalidResponse: It is anything else.
    """
    code = find(result, ("code",), drift)
    if isinstance(code, int) and SMALLEST_CODE <= code < LARGEST_SAFE_INTEGER:
        drift.append(NOT_TEXT.of("code"))
        return str(code)
    if not isinstance(code, str) or not (code.isascii() and code.isdigit()):
        raise InvalidResponse("result.code is not a text of digits")
    return code
