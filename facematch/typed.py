"""Reads what JSON gave us into the types that annotations name; nothing is converted that is not of the type.

No message holds a value: it may be personal.
"""

import binascii
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

LARGEST = 2**53  # beyond it a JSON number is not exact everywhere, and some have hundreds of digits


def read_typed(kind: Any, value: object) -> Any:
    """*value* as a *kind*.

    Args:
        kind: As it stands in an annotation: a dataclass, str, int, float, bool, bytes (base64 in JSON) or Any; or a
            Literal, ``X | None``, ``tuple[X, ...]``, ``tuple[X, Y]`` or ``Mapping[str, X]`` of such.
        value: As a JSON parser gives it. An object may have more keys than the dataclass has fields.

    Raises:
        TypeError, ValueError: It is not one.
    """
    if kind is Any:
        return value
    if is_dataclass(kind):
        return _object(kind, value)
    form = get_origin(kind)
    return _PLAIN[kind](value) if form is None else _FORMS[form](get_args(kind), value)


def _object(kind: Any, value: object) -> Any:
    wire = _expect(Mapping, value)
    return kind(
        **{field.name: read_typed(field.type, wire[field.name]) for field in fields(kind) if field.name in wire}
    )


def _expect(kind: Any, value: object) -> Any:
    if isinstance(value, bool) or not isinstance(value, kind):
        raise TypeError(f"not a {getattr(kind, '__name__', kind)}")
    return value


def _number(kind: Any, value: object) -> Any:
    if not abs(_expect(kind, value)) <= LARGEST:  # also true of NaN
        raise ValueError("not a number of ordinary size")
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("not true or false")
    return value


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    try:
        return b64decode(_expect(str, value), validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None


def _word(words: tuple[Any, ...], value: object) -> object:
    if _expect(str, value) not in words:
        raise ValueError(f"none of {', '.join(words)}")
    return value


def _optional(kinds: tuple[Any, ...], value: object) -> Any:
    if value is None and NoneType in kinds:
        return None
    (kind,) = (each for each in kinds if each is not NoneType)
    return read_typed(kind, value)


def _items(kinds: tuple[Any, ...], value: object) -> tuple[Any, ...]:
    items = _expect(list | tuple, value)
    if kinds[-1] is Ellipsis:
        kinds = kinds[:1] * len(items)
    return tuple(read_typed(kind, item) for kind, item in zip(kinds, items, strict=True))


def _mapping(kinds: tuple[Any, ...], value: object) -> dict[str, Any]:
    return {read_typed(kinds[0], key): read_typed(kinds[1], each) for key, each in _expect(Mapping, value).items()}


_PLAIN: Mapping[Any, Callable[[object], Any]] = {
    str: lambda value: _expect(str, value),
    int: lambda value: _number(int, value),
    float: lambda value: _number(int | float, value),
    bool: _truth,
    bytes: _bytes,
}
_FORMS: Mapping[Any, Callable[[tuple[Any, ...], object], Any]] = {
    Literal: _word,
    Union: _optional,  # X | None where X is a Literal
    UnionType: _optional,
    tuple: _items,
    Mapping: _mapping,
}
