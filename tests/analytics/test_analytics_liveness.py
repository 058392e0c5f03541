"""APCER and BPCER have one definition: what a verdict, an errcode and an endpoint say of a presented video."""

import pytest

from facematch import codes
from facematch.analytics import queries
from facematch.analytics.liveness import REFUSAL, REFUSED, end_of
from facematch.analytics.queries import LivenessCount, Selection

ALL = Selection()


def test_liveness_is_counted_by_what_reviewers_said(add, db):
    add(2, mode="SILENT", attack=1, outcome="biz_error", errcode=codes.REPLAY)
    add(1, mode="SILENT", attack=1, success=1)
    add(1, mode="SILENT", attack=1, outcome="biz_error", errcode=codes.NO_FACE)
    add(5, mode="SILENT", attack=0, success=0, endpoint="match_idno")
    add(1, mode="LIP", attack=0, outcome="biz_error", errcode=codes.WRONG_DIGITS)
    add(1, mode="LIP", attack=0)
    add(7, mode="SILENT", success=1)  # nobody said
    add(3, mode="LIP", attack=1, endpoint="validate_data")  # a live code was handed out, nothing was presented
    add(4, mode="photo", attack=1, success=1)  # nothing judges the liveness of a photo
    found = queries.liveness(db, ALL)

    assert found == (
        LivenessCount("LIP", attack=False, passed=0, refused=1, undecided=1),
        LivenessCount("SILENT", attack=False, passed=5, refused=0, undecided=0),
        LivenessCount("SILENT", attack=True, passed=1, refused=2, undecided=1),
    )
    assert [each.error.rate for each in found] == [1.0, 0.0, pytest.approx(1 / 3)]  # BPCER, BPCER, APCER
    assert [each.calls for each in found] == [2, 5, 4]


@pytest.mark.parametrize(
    ("endpoint", "outcome", "errcode", "success", "end"),
    [
        ("match", "ok", 0, True, "passed"),
        ("match_idno", "ok", 0, False, "passed"),  # a living stranger
        ("match", "ok", 0, None, "undecided"),  # accepted: the answer is to come
        ("match", "biz_error", 0, None, "undecided"),  # the status says FAIL
        ("match", "bad_response", 0, None, "undecided"),
        ("match", "bad_response", codes.REPLAY, None, "undecided"),
        ("match", "biz_error", codes.REPLAY, None, "refused"),
        ("match", "biz_error", codes.LIVENESS_NOT_PASSED, None, "refused"),
        ("match", "biz_error", codes.LIPS_NOT_MOVING, None, "refused"),
        ("match", "biz_error", codes.EXPIRED_LIVE_CODE, None, "undecided"),
        ("match", "biz_error", codes.UNKNOWN_ID_NUMBER, None, "undecided"),
        ("match", "timeout", None, None, "undecided"),
        ("validate_data", "ok", 0, None, None),
        ("validate_data", "ok", 0, True, None),
    ],
)
def test_what_liveness_said_is_known_from_verdict_errcode_and_endpoint(endpoint, outcome, errcode, success, end):
    assert end_of(endpoint, outcome, errcode, success) == end


def test_the_errcodes_that_refuse_are_those_of_liveness_and_those_of_the_spoken_code():
    of_the_code_itself = {code for code in codes.CATALOGUE.values() if code.retry == "new_code"}
    asked = {code for code in codes.CATALOGUE.values() if code.layer in ("liveness", "challenge")}

    assert {code.errcode for code in asked - of_the_code_itself} == set(REFUSED)
    assert REFUSAL == "biz_error"
