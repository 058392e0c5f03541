"""JSON as servers really send it: parsed strictly, decoded leniently, refused without being quoted."""

import pytest

from facematch.errors import InvalidResponse
from facematch.wire import parse_json


@pytest.mark.parametrize(
    "content",
    [
        b'{"errcode": 1003, "errcode": 0}',
        b'{"data": {"isSccess": "false", "isSccess": "true"}}',
        b'{"score": NaN}',
        b'{"score": Infinity}',
        b'{"score": -Infinity}',
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 5000,
        b"",
        b"{",
        b'{"a": 1,}',
        b"<html>secret</html>",
        b"\x81",
    ],
    ids=lambda content: content[:24].decode("latin-1") or "empty",
)
def test_what_is_not_strict_json_is_refused_and_not_quoted(content):
    with pytest.raises(InvalidResponse, match="not valid JSON") as caught:
        parse_json(content)

    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None  # json's own error carries the whole text


def test_a_number_beyond_all_bounds_is_infinite_for_the_reader_to_refuse():
    assert parse_json(b"1e999") == float("inf")


@pytest.mark.parametrize(
    ("content", "charset"),
    [
        ('"无人脸"'.encode(), None),
        ('"无人脸"'.encode("utf-8-sig"), None),
        ('"无人脸"'.encode("gbk"), None),
        ('"无人脸"'.encode("gbk"), "gbk"),
        ('"无人脸"'.encode("gb18030"), "no-such-charset"),
        ('"无人脸"'.encode("gbk"), "hex"),
        ('"无人脸"'.encode(), "iso-8859-1"),
        ('"无人脸"'.encode("gbk"), "ascii"),
        ('"无人脸"', None),
    ],
)
def test_chinese_text_is_read_whatever_the_server_declared(content, charset):
    assert parse_json(content, charset) == "无人脸"


def test_latin_text_is_read_when_it_is_declared():
    assert parse_json('"é"'.encode("latin-1"), "iso-8859-1") == "é"
