"""What our own service tells beside the contract, as the types that it promises."""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from facematch.errors import InvalidResponse
from facematch.typed import read_typed

Told = TypeVar("Told")


def list_of(kind: type[Told], result: Mapping[str, Any], key: str) -> tuple[Told, ...]:
    """The list under *key*.

    Raises:
        InvalidResponse: There is none, or something else in it.
    """
    items = result.get(key)
    if not isinstance(items, list):
        raise InvalidResponse(f"{key} cannot be read")
    return tuple(read_told(kind, item, key) for item in items)


def read_told(kind: type[Told], result: object, name: str) -> Told:
    """*result* as a *kind*; None as one of which nothing was told.

    Raises:
        InvalidResponse: It is none; *name* stands before what is wrong, no value of it.
    """
    try:
        return cast("Told", read_typed(kind, {} if result is None else result))
    except (TypeError, ValueError) as error:
        raise InvalidResponse(f"{name} cannot be read ({type(error).__name__})") from error
