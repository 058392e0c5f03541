"""The tree drawn in the docstring of facematch.errors is the tree of the classes."""

import re

import pytest

from facematch import errors
from facematch.errors import (
    AuthError,
    BusinessError,
    CallError,
    ConnectFailed,
    DeadlineExceeded,
    FaceMatchError,
    InvalidResponse,
    Refusal,
    RequestInvalid,
)

FIELDS_ONLY = {"Refusal"}  # holds what two branches share; nobody raises or catches it by name


def drawn() -> set[tuple[str, str]]:
    """(class, parent) of each line of the drawing."""
    found, path = set(), ["FaceMatchError"]
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r"([│ ]*)[├└]── (\w+)", line):
            depth = len(match[1]) // 4 + 1
            path[depth:] = [match[2]]
            found.add((match[2], path[depth - 1]))
    return found


def defined() -> set[tuple[str, str]]:
    classes = [
        each
        for name, each in vars(errors).items()
        if isinstance(each, type) and issubclass(each, FaceMatchError) and name not in FIELDS_ONLY
    ]
    return {(each.__name__, _parent(each)) for each in classes if each is not FaceMatchError}


def _parent(kind: type) -> str:
    return next(each.__name__ for each in kind.__mro__[1:] if each.__name__ not in FIELDS_ONLY)


def test_the_drawn_tree_is_the_tree_of_the_classes():
    assert len(drawn()) > 20
    assert drawn() == defined()


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (CallError(""), "cancelled"),
        (RequestInvalid(""), "request_invalid"),
        (ConnectFailed("", sent=False), "connect_error"),
        (DeadlineExceeded("", sent=True), "timeout"),
        (InvalidResponse(""), "bad_response"),
        (AuthError(""), "http_error"),
        (AuthError("", errcode=40102), "biz_error"),
        (BusinessError("", errcode=2010), "biz_error"),
    ],
)
def test_each_kind_of_failure_has_its_word_in_the_log(error, outcome):
    assert error.outcome == outcome


@pytest.mark.parametrize(
    ("errmsg", "side"),
    [
        ("image: no face", "image"),
        ("faceData: no face", "faceData"),
        ("no face", None),
        ("image", None),
        ("other: no face", None),
        (None, None),
    ],
)
def test_a_refusal_knows_which_photo_failed_when_the_text_begins_with_it(errmsg, side):
    assert Refusal("", errmsg=errmsg).side == side
