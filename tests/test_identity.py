"""The ID number's own rules, GB 11643-1999."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facematch.identity import normalised, parts, valid_id_number
from tests.id_numbers import EXAMPLE, TABLE


def test_the_standards_example_is_valid_with_a_small_x_too():
    assert valid_id_number(EXAMPLE)
    assert valid_id_number(EXAMPLE.lower())


@pytest.mark.parametrize(
    "text",
    [
        "",
        EXAMPLE[:-1],
        EXAMPLE + "0",
        f" {EXAMPLE}",
        f"{EXAMPLE}\n",
        "110105194912310021",
        "11010519491331002X",
        "11010517491231002X",
        "1101051949123100XX",
        "身份证号码",
        "".join(chr(ord(char) + 0xFEE0) for char in EXAMPLE),
        "²" * 18,
    ],
)
def test_what_is_not_quite_a_number_is_not_valid(text):
    assert not valid_id_number(text)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(0, 999))
def test_of_eleven_last_characters_exactly_one_is_valid(born, serial):
    body = f"110105{born:%Y%m%d}{serial:03}"

    assert sum(valid_id_number(body + last) for last in "0123456789X") == 1


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(place, by):
    wrong = str((int(EXAMPLE[place]) + by) % 10)

    assert not valid_id_number(EXAMPLE[:place] + wrong + EXAMPLE[place + 1 :])


@pytest.mark.parametrize(("typed", "told"), TABLE.items(), ids=ascii)
def test_each_part_of_a_number_is_judged_while_it_is_typed(typed, told):
    assert tuple(f"{each.part} {each.reason}" for each in parts(normalised(typed))) == told


@given(st.text(st.sampled_from("0129Xx１ "), max_size=20) | st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True))
def test_a_number_is_valid_when_every_part_of_it_is_right(typed):
    text = normalised(typed)

    assert valid_id_number(text) == all(each.state == "right" for each in parts(text))


def test_a_check_names_the_place_and_nothing_of_the_number():
    assert [each.number for each in parts("11O105194912")] == [12, 3, None, None]
    assert EXAMPLE[6:14] not in repr(parts(EXAMPLE))
