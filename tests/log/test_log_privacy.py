"""What must never reach the log: ID numbers, names, pictures, credentials."""

import base64
import subprocess
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facematch.log.privacy import TEXT_MAX, mask_id, mask_name, scrub, scrub_value

ID_NUMBER = "11010519491231002X"  # the example of GB 11643: nobody's
NAME = "王小明"
PICTURE = base64.b64encode(bytes(range(256)) * 4).decode()
TOKEN = "tok-4f7a1c9e2b8d6035aa17"  # noqa: S105 - opens nothing
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@st.composite
def id_numbers(draw) -> str:
    region, born = draw(st.integers(110000, 659999)), draw(st.dates(date(1900, 1, 1), date(2020, 12, 31)))
    body = f"{region}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return body + "10X98765432"[sum(w * int(d) for w, d in zip(WEIGHTS, body, strict=True)) % 11]


def test_an_id_number_keeps_its_first_and_last_character():
    assert [mask_id(text) for text in (ID_NUMBER, " 11010519491231002x ", "12", "")] == [
        "1****************X",
        "1****************X",
        "**",
        "",
    ]


def test_a_name_keeps_its_first_character_unless_that_is_all_of_it():
    assert [mask_name(text) for text in (NAME, "王", "Ann Lee", " ")] == ["王*", "*", "A*", ""]


@given(
    id_numbers(),
    st.text(alphabet="身份证号不存在 :,.\"'abcX-", max_size=20),
    st.text(alphabet="不存在 .\"'", max_size=20),
)
def test_an_id_number_never_survives_in_a_text(number, before, after):
    text = scrub(before + number + after)

    assert number not in text
    assert number[1:17] not in text


@given(st.integers(0, 10**24).map(str).filter(lambda text: len(text) != 18))
def test_a_trace_number_is_left_alone(number):
    assert scrub(f"traceNo {number} failed") == f"traceNo {number} failed"


@pytest.mark.parametrize(
    "number", ["110105194912310021", "11010519491331002X", "45646513218465123", "123456789012345678"]
)
def test_eighteen_digits_with_a_wrong_check_digit_or_date_are_left_alone(number):
    assert scrub(number) == number


def test_full_width_digits_are_digits():
    wide = "".join(chr(ord(char) + 0xFEE0) for char in ID_NUMBER)

    assert scrub(f"号{wide}错") == "号1****************X错"


def test_digits_of_another_script_are_digits():
    arabic = "".join(chr(0x0660 + int(char)) if char.isdigit() else char for char in ID_NUMBER)

    assert scrub(f"号 {arabic} 错") == "号 1****************X 错"


@given(st.binary(min_size=48, max_size=600))
def test_base64_of_48_bytes_or_more_never_survives(data):
    plain, wrapped = base64.b64encode(data).decode(), base64.encodebytes(data).decode()

    assert scrub(f'{{"image":"{plain}"}}') == '{"image":"[removed]"}'
    assert plain[:48] not in scrub(wrapped)
    assert scrub(plain.replace("/", "\\/")).startswith("[removed]")


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {TOKEN}",
        f'{{"authorization": "{TOKEN}"}}',
        f"headers {{'Authorization': 'Basic {TOKEN}'}}",
        f"access_token={TOKEN}&x=1",
        f"bearer {TOKEN} expired",
        f"GET https://files.example/a.jpg?sig={TOKEN} failed",
        f"Cookie: a=b; session={TOKEN}",
        f"api-key: {TOKEN}",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0." + TOKEN,
    ],
)
def test_credentials_are_removed(text):
    assert TOKEN not in scrub(text)
    assert "[removed]" in scrub(text)


def test_a_live_code_is_removed():
    assert scrub('"liveCode": "8305", "x": 1') == '"liveCode": "[removed]", "x": 1'


@pytest.mark.parametrize(
    "text", ["token: expired", "image: no face found", "身份证号不存在", "HTTP 500 from http://10.0.0.1:80/a"]
)
def test_ordinary_texts_pass_unchanged(text):
    assert scrub(text) == text


def test_texts_to_hide_are_hidden():
    assert scrub(f"{NAME}与证件12345不符", hide=(NAME, "12345", "")) == "*与证件*不符"


@given(st.text(max_size=3000))
def test_the_result_is_short_and_any_database_takes_it(text):
    result = scrub(text)

    assert len(result) <= TEXT_MAX
    assert result.encode("utf-8").decode("utf-8") == result
    assert not {"\n", "\x00"} & set(result)


@given(st.text(alphabet=st.sampled_from("1234567890Xx :=?/.httpsBearertoken身\n"), max_size=400))
def test_scrubbing_twice_is_scrubbing_once(text):
    assert scrub(scrub(text)) == scrub(text)


def test_a_long_text_is_cut_between_words_so_that_no_half_number_remains():
    text = "x" * 60 + " " + PICTURE * 7 + " " + ID_NUMBER

    assert ID_NUMBER[:10] not in scrub("a " * 4090 + ID_NUMBER)
    assert ID_NUMBER[:10] not in scrub(text[: 8192 - 61] + " " + ID_NUMBER)


def test_every_text_in_a_structure_is_scrubbed():
    value = {"a": [ID_NUMBER, {"b": f"Bearer {TOKEN}"}], ID_NUMBER: 1, "n": 110101199003074530, "ok": True, "f": 0.5}
    result = scrub_value(value)

    assert ID_NUMBER not in str(result)
    assert TOKEN not in str(result)
    assert (result["ok"], result["f"]) == (True, 0.5)


def test_nothing_personal_is_in_the_files_of_the_log(log, call, path):
    said = f"{NAME} {ID_NUMBER} {PICTURE} Authorization: Bearer {TOKEN}"
    for _ in range(20):
        with log.recording(**call) as draft:
            draft.hide = (NAME, ID_NUMBER)
            draft.errmsg, draft.status, draft.subject_mask = said, said, ID_NUMBER
            draft.extra = {"answer": said, "deep": [{ID_NUMBER: NAME}], "raw": said.encode()}
            draft.subject_hmac = log.key.digest(ID_NUMBER.encode())
            draft.probe_digest = PICTURE.encode()

    # read by another process: closing the file in this one would drop the locks that SQLite holds here
    stored = b"".join(subprocess.check_output(["cat", file]) for file in path.parent.iterdir())
    assert b"1****************X" in stored
    for secret in (ID_NUMBER, ID_NUMBER[1:17], NAME, PICTURE[:48], TOKEN):
        assert secret.encode() not in stored
    assert log.key.secret not in stored
