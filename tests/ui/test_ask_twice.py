"""Which presses of a form's button ask for a call: two for two questions, one for a double click."""

import time

from facematch.ui.forms import shelf
from facematch.ui.forms.shelf import Shelf

from .conftest import PHOTO_MATCH, rows


def pressed(held):
    held.press()
    return held.is_due


def answered(held, *, ago_s=0.0):
    """A form whose call has come back and is on the page; it was asked for *ago_s* seconds ago."""
    held.press()
    held.pressed_s = time.monotonic() - ago_s
    held.begin()
    held.running -= 1
    held.put("outcome")
    held.is_drawn = True
    return held


def test_the_second_half_of_a_double_click_asks_for_nothing():
    assert not pressed(answered(Shelf()))


def test_the_same_may_be_asked_again_after_that():
    assert pressed(answered(Shelf(), ago_s=2 * shelf.DOUBLE_CLICK_S))


def test_something_else_may_be_asked_at_once():
    held = answered(Shelf())
    held.turn_over()

    assert pressed(held)


def test_an_outcome_that_is_not_on_the_page_yet_is_not_asked_for_again_however_long_drawing_takes():
    held = answered(Shelf(), ago_s=30)
    held.is_drawn = False

    assert not pressed(held)


def test_a_press_on_a_machine_that_is_out_of_breath_is_still_due():
    held = Shelf()
    held.press()
    held.pressed_s -= 20

    assert held.is_due


def test_a_press_that_a_page_switch_left_behind_is_not_due_for_ever():
    held = Shelf()
    held.press()
    held.pressed_s -= 2 * shelf.STALE_S

    assert not held.is_due


def test_two_samples_right_after_each_other_are_two_calls_and_the_same_one_twice_is_one(
    open_page, data_dir, monkeypatch
):
    monkeypatch.setattr(shelf, "DOUBLE_CLICK_S", 1000)  # every press is quick
    at = open_page(PHOTO_MATCH)
    for key in ("same_person", "different_persons", "different_persons"):
        at.button(key=f"sample_{key}").click().run()
        assert not at.exception

    assert [row["success"] for row in rows(data_dir)] == [1, 0]


def test_another_photo_is_asked_about_however_soon_the_button_is_pressed_again(open_page, data_dir, monkeypatch):
    monkeypatch.setattr(shelf, "DOUBLE_CLICK_S", 1000)
    at = open_page(PHOTO_MATCH)
    at.button(key="sample_same_person").click().run()
    at.file_uploader(key="probe_upload_2").upload("b.jpg", b"no photo", "image/jpeg")
    at.run()
    at.button(key="ask").click().run()

    assert not at.exception
    assert [row["errcode"] for row in rows(data_dir)] == [0, 2101]
