"""What a caller names its items by, and how people write numbers: kept only where it tells nobody."""

from base64 import b64encode
from urllib.parse import quote

import pytest

from facematch.log import CallLog
from facematch.log.privacy import scrub

ID_NUMBER = "11010519491231002X"  # the example of GB 11643: nobody's


@pytest.fixture
def place(database_place):
    return database_place


def named(log, call, **names):
    with log.recording(**call) as draft:
        for name, text in names.items():
            setattr(draft, name, text)
    return draft.id


@pytest.mark.parametrize("name", ["17", "people/a.jpg", "p" * 60, "对/3"])
def test_an_items_name_that_tells_nobody_is_kept_as_it_is(log, rows, call, name):
    named(log, call, run_id="20260101T000000Z-ab", item_id=name)

    assert [(row["run_id"], row["item_id"]) for row in rows()] == [("20260101T000000Z-ab", name)]


def test_items_named_by_id_numbers_stay_apart_without_their_numbers(log, rows, call):
    for number in (ID_NUMBER, "440524198001010013"):
        named(log, call, run_id="r", item_id=f"{number}.jpg")

    found = [row["item_id"] for row in rows()]
    assert found == [log.key.digest(f"{number}.jpg".encode()).hex() for number in (ID_NUMBER, "440524198001010013")]
    assert log.trouble is None


def test_an_item_named_by_what_is_hidden_in_the_call_keeps_a_digest(log, rows, call):
    named(log, call, run_id="r", item_id="欧阳震华.jpg", hide=("欧阳震华",))

    assert rows()[0]["item_id"] == log.key.digest("欧阳震华.jpg".encode()).hex()


def test_without_a_key_such_a_name_is_not_kept_at_all(path, call):
    log = CallLog(path)
    named(log, call, run_id=ID_NUMBER, item_id=ID_NUMBER, actor=f"Li {ID_NUMBER}")

    with log.reading() as db:
        found = db.exec_driver_sql("SELECT run_id, item_id, actor FROM calls").one()
    assert tuple(found) == (None, None, "Li 1****************X")
    log.close()


@pytest.mark.parametrize(
    "text", ["110105 19491231 002X", "110105-19491231-002x", "１１０１０５ １９４９１２３１ ００２Ｘ"]
)
def test_a_number_whose_digits_stand_in_groups_is_masked(text):
    assert scrub(f"no {text} here") == "no 1****************X here"


def test_groups_of_digits_that_are_no_number_are_left_alone():
    assert scrub("110105 19491331 002X and 123456 20240101 1234") == "110105 19491331 002X and 123456 20240101 1234"


def test_base64_is_cut_in_a_url_and_in_json_as_well():
    photo = b64encode(bytes(range(256)) * 2).decode()
    for way in (photo, quote(photo, safe=""), quote(photo, safe="").lower(), photo.replace("/", "\\/")):
        assert scrub(f"got {way}") == "got [removed]"
