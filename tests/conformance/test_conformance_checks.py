"""The suite notices answers that depart from the document: sound ones, each bent in one place."""

from copy import deepcopy
from typing import Any

import pytest

from .case import Expected
from .target import Answer, check_answer, check_envelope

ABSENT = object()
TRACE_NO = "17953584908231870810"
DECIDED = {
    "errcode": 0,
    "errmsg": "SUCCESS",
    "data": {"status": "SUCCESS", "traceNo": TRACE_NO, "result": {"isSccess": "true", "score": "99"}},
}
REFUSED = {
    "errcode": 2010,
    "errmsg": "image: no face",
    "data": {"status": "FAIL", "traceNo": TRACE_NO, "result": {"isSccess": "false"}},
}


def check(wire: dict[str, Any], expected: Expected) -> None:
    answer = Answer(200, {}, wire, b"")
    check_envelope(answer)
    check_answer(answer, expected)


def bent(wire: dict[str, Any], place: str, value: object) -> dict[str, Any]:
    wire = deepcopy(wire)
    *outer, last = place.split(".")
    inside = wire
    for key in outer:
        inside = inside[key]
    if value is ABSENT:
        del inside[last]
    else:
        inside[last] = value
    return wire


def test_sound_answers_conform():
    check(DECIDED, Expected(passed=True))
    check(REFUSED, Expected(2010, side="image"))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        *(("errcode", value) for value in ("0", 0.0, False, 1, ABSENT)),
        *(("errmsg", value) for value in (None, "", ABSENT)),
        *(("data.status", value) for value in ("OK", "PROCESSING", ABSENT)),
        *(("data.traceNo", value) for value in (int(TRACE_NO), TRACE_NO[1:], "１" * 20, ABSENT)),
        *(("data.result", value) for value in ("{}", ABSENT)),
        *(("data.result.isSccess", value) for value in (True, "True", "false", ABSENT)),
        *(("data.result.score", value) for value in (99, "99.0", "099", "101", "-1", ABSENT)),
        *((place, "true") for place in ("extra", "data.extra", "data.result.isSuccess")),
    ],
)
def test_a_decision_that_is_bent_in_one_place_does_not_conform(place, value):
    with pytest.raises((AssertionError, KeyError, TypeError)):
        check(bent(DECIDED, place, value), Expected(passed=True))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        *(("errcode", 2012), ("errmsg", "faceData: no face"), ("data.status", "SUCCESS")),
        *(("data.result.score", "0"), ("data.result.isSccess", "true"), ("data.result", ABSENT)),
    ],
)
def test_a_refusal_that_is_bent_in_one_place_does_not_conform(place, value):
    with pytest.raises((AssertionError, KeyError)):
        check(bent(REFUSED, place, value), Expected(2010, side="image"))


def test_a_wrong_status_or_a_missing_header_does_not_conform():
    for expected in (Expected(status=401, passed=True), Expected(passed=True, headers=("Retry-After",))):
        with pytest.raises(AssertionError):
            check(DECIDED, expected)
