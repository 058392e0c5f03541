"""The table leaves nothing out."""

from collections import Counter
from collections.abc import Mapping

import pytest

from facematch import codes

from .case import ABSENT, IDENTITY, MATCH
from .table import CASES, NOT_ON_DEMAND, errcodes

# As the document's tables of parameters have them.
FIELDS = {
    MATCH: (
        *("async", "liveCode", "image", "image.origin", "image.data", "faceData"),
        *("faceData.type", "faceData.videoType", "faceData.origin", "faceData.data"),
    ),
    IDENTITY: (
        *("async", "idNum", "name", "liveCode", "faceData"),
        *("faceData.type", "faceData.videoType", "faceData.origin", "faceData.data"),
    ),
}
EVERY_FIELD = [(path, name) for path, names in FIELDS.items() for name in names]
WORDS = {
    "image.origin": ("self", "uri", "fds"),
    "faceData.origin": ("self", "uri", "fds"),
    "faceData.type": ("image", "video"),
    "faceData.videoType": ("SILENT", "LIP"),
    "async": (True, False),
}


def values(path: str, name: str) -> list[object]:
    """What the table sends in a field, ABSENT where it does not, in bodies that have what is around it."""
    outer, _, inner = name.partition(".")
    bodies = [case.request.body for case in CASES if case.request.path == path and isinstance(case.request.body, dict)]
    if inner:
        bodies = [body[outer] for body in bodies if isinstance(body.get(outer), Mapping)]
    return [body.get(inner or outer, ABSENT) for body in bodies]


def test_every_errcode_of_the_catalogue_is_reached_by_a_request():
    assert errcodes(on_tested_only=False) == set(codes.CATALOGUE)


def test_all_but_a_few_errcodes_are_reached_on_any_sound_server():
    assert errcodes(on_tested_only=True) == set(codes.CATALOGUE) - NOT_ON_DEMAND.keys()


@pytest.mark.parametrize(("path", "name"), EVERY_FIELD)
def test_every_field_is_sent_right_left_out_null_empty_and_of_a_wrong_type(path, name):
    sent = values(path, name)
    kinds = {type(value) for value in sent}

    assert ABSENT in sent
    assert None in sent
    assert "" in sent
    assert len(kinds - {type(ABSENT), type(None)}) >= 4


@pytest.mark.parametrize(("path", "name"), [each for each in EVERY_FIELD if each[1] in WORDS])
def test_every_word_that_a_field_may_have_is_sent_and_one_that_it_may_not(path, name):
    sent = values(path, name)

    for word in WORDS[name]:
        assert any(value is word or (isinstance(word, str) and value == word) for value in sent)
    assert any(isinstance(value, str) and value and value not in WORDS[name] for value in sent)


def test_no_two_rows_have_one_name():
    assert [name for name, count in Counter(case.name for case in CASES).items() if count > 1] == []
