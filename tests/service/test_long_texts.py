"""JSON with long texts is read as orjson reads it, whatever stands in it."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from facematch.service import long_texts

LONG = 8
BASE64 = "QUJDRA==" * 4
TEXTS = st.one_of(
    *(st.text(max_size=40), st.text('\\"/\r\n\t\x7fA=é', max_size=40)),
    *(st.text("AQg/+=\r\n", min_size=LONG, max_size=40), st.just(BASE64)),
)
VALUES = st.one_of(TEXTS, st.none(), st.booleans(), st.integers(-(2**53), 2**53))
OBJECTS = st.dictionaries(st.text(max_size=5), st.one_of(VALUES, st.dictionaries(st.text(max_size=5), VALUES)))


@pytest.fixture(autouse=True)
def short_is_long(monkeypatch):
    monkeypatch.setattr(long_texts, "LONG", LONG)


def both(content: bytes) -> tuple[object, object]:
    """What orjson makes of it, and what we do; an error by its kind."""
    told = []
    for read in (orjson.loads, lambda same: long_texts.loads(bytearray(same))):
        try:
            told.append(read(content))
        except ValueError as error:
            told.append(type(error))
    return told[0], told[1]


@given(OBJECTS, st.booleans(), st.sampled_from([None, 1]))
def test_every_object_of_texts_is_read_as_orjson_reads_it(wire, ascii_only, indent):
    theirs, ours = both(json.dumps(wire, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "surrogatepass"))

    assert ours == theirs


@given(OBJECTS, st.data())
def test_what_is_broken_is_broken_for_both(wire, data):
    content = bytearray(json.dumps(wire).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.sampled_from(b'"\\{}[]:,\x00\n\xff\x80A'))
    theirs, ours = both(bytes(content))

    assert ours == theirs or nested_more(theirs)


def nested_more(wire: object) -> bool:
    """Whether something lies deeper than any request has it, so that a long text there is lost."""
    inner = wire.values() if isinstance(wire, dict) else [[wire]]
    deeper = [value for each in inner if isinstance(each, dict) for value in each.values()]
    return any(isinstance(each, dict | list) for each in deeper) or any(isinstance(each, list) for each in inner)


@pytest.mark.parametrize(
    "text",
    [
        *(b"QUJD\\/QUJD\\r\\nQUJD", b"QUJDQUJD\\\\nQUJD", b"QUJDQUJD\\u0041QUJD", b'QUJDQUJD\\"QUJD', b"QUJDQUJD\\\\"),
        *(b"QUJDQUJD\nQUJD", b"QUJDQUJD\x7fQUJD", "QUJDQUJDé".encode(), b"QUJDQUJD\xff", b"\\" * 200, b"\\" * 201),
        *(b'\\"' * 300, b"", b"QUJDQUJD\x00"),
    ],
)
def test_what_needs_care_in_a_long_text_is_read_as_orjson_reads_it(text):
    theirs, ours = both(b'{"a": {"data": "' + text + b'"}, "b": "' + BASE64.encode() + b'"}')

    assert ours == theirs


@pytest.mark.parametrize("count", [10, 127, 128, 129, 500])
def test_more_texts_than_are_looked_at_are_read_all_the_same(count):
    theirs, ours = both(json.dumps({"many": {str(nth): "x" for nth in range(count)}, "long": BASE64}).encode())

    assert ours == theirs


def test_a_long_text_leaves_the_body_before_it_is_parsed():
    body = bytearray(json.dumps({"image": {"data": BASE64 * 100}}).encode())

    assert long_texts.loads(body) == {"image": {"data": BASE64 * 100}}
    assert len(body) < 100


def test_a_long_text_that_says_another_ones_name_stays_itself():
    wire = {"a": "0" * 32, "b": BASE64, "c": {"d": "f" * 32}}

    assert long_texts.loads(bytearray(orjson.dumps(wire))) == wire
