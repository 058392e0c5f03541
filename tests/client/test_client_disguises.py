"""A server that repeats what it was sent repeats it in base64, in escapes, with gaps: it is hidden all the same."""

import json

import pytest
from disguises import DISGUISES
from faulty_server import FaultyServer, says, says_json
from hypothesis import given
from hypothesis import strategies as st

from facematch.client import Photo, Video
from facematch.client.hiding import READ_CHARACTERS, hidden_of
from facematch.errors import CallError

NUMBER, NAME, CODE = "190001196102030010", "演示甲", "2312"
TOKEN = "tokAbc+/x&9-SECRET-12345"  # noqa: S105 - opens nothing
WIRE = {"idNum": NUMBER, "name": NAME, "liveCode": CODE}
HIDDEN = hidden_of(WIRE, [TOKEN])
MASKS = {NUMBER: "1****************0", NAME: "演*", TOKEN: "[token]"}


def page(text):
    return says(500, f"<html>{text}</html>".encode(), {"Content-Type": "text/html"})


def answer(text):
    return says_json(200, {"errcode": 1003, "errmsg": text, "data": {"status": text, "traceNo": text, "note": text}})


@pytest.mark.parametrize("act", [answer, page], ids=["JSON", "page"])
@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_repeated_secret_is_neither_shown_nor_kept_in_the_disguise_of(disguise, act, client_of, rows):
    said = [DISGUISES[disguise](secret) for secret in MASKS]
    with FaultyServer(act("got " + " | ".join(said) + " end")) as server, pytest.raises(CallError) as caught:
        client_of(server.url, token=TOKEN, attempts=1).verify_identity(NUMBER, NAME, Video(b"v"), live_code=CODE)

    seen = f"{caught.value!r} {vars(caught.value)} {caught.value.exchange.answer} {rows()}"
    assert [text for text in said if text in seen or json.dumps(text)[1:-1] in seen] == []
    assert all(mask in caught.value.exchange.answer for mask in MASKS.values())
    assert "end" in caught.value.exchange.answer


@given(
    st.sampled_from(sorted(DISGUISES)),
    st.text(alphabet="abcXYZ甲乙丙 0123456789+/&<\"'", min_size=6, max_size=30)
    .map(str.strip)
    .filter(lambda t: len(t) > 5),
    st.text(alphabet="a=: \n{\"'", max_size=9),
)
def test_no_name_gets_through_in_any_disguise_whatever_stands_around_it(disguise, name, around):
    text = DISGUISES[disguise](name)

    assert text not in hidden_of({"name": name}, ()).cut(f"{around} {text} {around}")


@pytest.mark.parametrize(
    "text",
    [
        "tokAbc\\u002b/x\\u00269-SECRET-12345",
        "tokAbc%2B/x&amp;9%2dSECRET-12345",
        "tokAbc+\\/x&#38;9-SECRET-12345",
        "tokAbc%252B%252Fx%25269-SECRET-12345",
        "tokAbc\\\\u002B\\\\\\/x&amp;amp;9-secret-12345",
    ],
)
def test_a_secret_of_which_a_part_is_escaped_is_hidden(text):
    assert HIDDEN.cut(f"<{text}>") == "<[token]>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (CODE, "****"),
        ("&#50;&#51;&#49;&#50;", "****"),
        ("%32%33%31%32", "****"),
        ("x2312y", "x2312y"),
        ("MjMxMg==", "MjMxMg=="),  # four characters are in base64 by chance
    ],
)
def test_a_short_code_is_hidden_where_it_stands_alone(text, shown):
    assert HIDDEN.cut(f"<{text}>") == f"<{shown}>"


@pytest.mark.parametrize(
    "text",
    [
        "a &amp; b, 100%25 of c:\\users\\new, 1900 01 and 2026-11-22 18:30, 无 人 脸",
        "/tech/ai/face/match/idno: SUCCESS 12345678901234567890 deadbeef00 &copy; \\u65e0\\u4eba\\u8138 %E6%97%A0",
        "\\" * 50 + "%" * 500 + "&#" * 500,
    ],
    ids=["prose", "words", "signs"],
)
def test_what_is_escaped_and_names_nobody_stays_as_it_came(text):
    assert HIDDEN.cut(text) == text


def test_two_secrets_that_overlap_leave_nothing_of_either():
    hidden = hidden_of({"name": "Annabelle Smith"}, ["Smith-and-more", "belle"])

    assert hidden.cut("<Annabelle Smith-and-more>") == "<A*>"


@pytest.mark.parametrize("secret", [NUMBER, "".join(f"\\u{ord(char):04x}" for char in NUMBER)])
@pytest.mark.parametrize("left", range(0, 110, 7))
def test_no_half_of_a_secret_is_left_at_the_end_of_a_long_text(secret, left):
    shown = HIDDEN.cut("- " * ((READ_CHARACTERS - left) // 2) + secret + " -" * 9000)

    assert len(shown) < READ_CHARACTERS + 40
    assert shown.strip(" -…") in ("", MASKS[NUMBER])
    assert shown.endswith("…")


def test_an_identity_number_with_gaps_of_its_own_is_hidden_without_them(client_of, rows):
    with FaultyServer(answer(f"no {NUMBER}")) as server, pytest.raises(CallError) as caught:
        client_of(server.url).verify_identity("190001 1961-0203 0010", NAME, Photo(b"v"))

    assert NUMBER not in f"{vars(caught.value)} {caught.value.exchange.answer} {rows()}"
