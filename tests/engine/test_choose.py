import pytest

from facematch.engine.choose import Choice, choose
from facematch.seen import Face


def face(x: float, y: float, side: float, confidence: float = 0.9) -> Face:
    return Face((x, y, side, side), ((0.0, 0.0),) * 5, confidence)


MIDDLE, CORNER_BIG, CORNER_SMALL = face(180, 180, 40), face(0, 0, 100), face(0, 300, 20)


def chosen(faces: list[Face], rule: str) -> Choice:
    return choose(faces, 400, 400, rule)


@pytest.mark.parametrize("rule", ["one", "largest", "central"])
def test_without_a_face_nothing_is_chosen(rule):
    assert chosen([], rule) == Choice(None, "none")
    assert chosen([face(0, 0, 90, confidence=0.59)], rule) == Choice(None, "none")


@pytest.mark.parametrize("rule", ["one", "largest", "central"])
def test_the_only_face_is_taken_under_every_rule(rule):
    assert chosen([face(0, 0, 300, confidence=0.5), CORNER_SMALL], rule) == Choice(1, "only")


def test_a_dominant_face_is_taken_and_small_ones_are_left_aside():
    assert chosen([CORNER_SMALL, CORNER_BIG, MIDDLE], "one") == Choice(1, "dominant")


@pytest.mark.parametrize(("side", "crowded"), [(59, False), (60, True)], ids=["34.8 %", "36 %"])
def test_a_second_face_of_more_than_35_percent_makes_the_photo_crowded(side, crowded):
    choice = chosen([face(0, 0, side), face(200, 200, 100)], "one")

    assert (choice.index, choice.crowded) == (1, crowded)


def test_the_largest_face_is_taken_however_large_the_others_are():
    assert chosen([face(0, 0, 99), face(200, 200, 100)], "largest") == Choice(1, "largest")


def test_the_face_nearest_to_the_middle_is_taken():
    assert chosen([CORNER_BIG, MIDDLE], "central") == Choice(1, "central")


def test_of_equally_central_faces_the_larger_is_taken():
    assert chosen([face(190, 190, 20), face(150, 150, 100)], "central") == Choice(1, "central")


@pytest.mark.parametrize("rule", ["one", "largest", "central"])
def test_a_face_that_the_detector_is_unsure_of_neither_competes_nor_is_chosen(rule):
    unsure, sure = face(150, 150, 110, confidence=0.7), face(0, 0, 100, confidence=0.93)

    assert chosen([unsure, sure], rule).index == 1
    assert not chosen([unsure, sure], rule).crowded


def test_faces_that_are_all_unsure_compete_with_each_other():
    assert chosen([face(0, 0, 100, confidence=0.7), face(150, 150, 90, confidence=0.7)], "one").crowded
