"""The line of stages, of results that the service gave and of results that a server may give."""

import pytest

from facematch import codes
from facematch.errors import BusinessError, ConnectFailed, ConnectionLost, DeadlineExceeded, InvalidResponse
from facematch.ui.forms.comparison import Asked, Comparison
from facematch.ui.forms.photos import Held
from facematch.ui.forms.stages import line_of

PHOTO, VIDEO = Held("a.jpg", b"a", "upload"), Held("b.mp4", b"b", "upload", "video")


def remote(errcode, side=None, *, kind="LIP", reference=PHOTO):
    """A refusal of a server that gives no evidence."""
    error = BusinessError("refused", errcode=errcode, errmsg=f"{side}: no" if side else None)
    return Comparison(
        Asked(reference, VIDEO, kind), None, error, None, evidence=None, gives_evidence=False, is_logged=True
    )


def states(result):
    return {stage.name: stage.state for stage in line_of(result)}


@pytest.mark.parametrize(
    ("errcode", "side", "ended"),
    [
        (codes.BAD_VALUE, None, "request"),
        (codes.RATE, None, "request"),
        (codes.NO_FACE, "image", "reference"),
        (codes.NO_FACE_IN_VIDEO, "faceData", "probe"),
        (codes.NO_FACE_IN_VIDEO, None, "probe"),
        (codes.VIDEO_NOT_DECODABLE, None, "probe"),
        (codes.REPLAY, None, "liveness"),
        (codes.LIVENESS_NOT_RUN, None, "liveness"),
        (codes.VOICE_TOO_QUIET, "faceData", "digits"),
        (codes.WRONG_DIGITS, None, "digits"),
        (codes.COMPARISON_FAILED, None, "comparison"),
        (987654, None, "request"),
    ],
)
def test_an_errcode_ends_the_call_at_its_stage_and_nothing_is_guessed_of_the_stages_before(errcode, side, ended):
    found = states(remote(errcode, side))
    names = list(found)
    before = names[1 : max(1, names.index(ended))]

    assert found[ended] == "ended"
    assert {found[name] for name in before} <= {"untold"}
    assert {found[name] for name in names[names.index(ended) + 1 :]} <= {"skipped"}


@pytest.mark.parametrize("errcode", [codes.UNKNOWN_LIVE_CODE, codes.EXPIRED_LIVE_CODE, codes.USED_LIVE_CODE])
def test_a_code_that_cannot_be_used_ends_the_call_before_anything_is_looked_at(errcode):
    found = states(remote(errcode))

    assert found.pop("digits") == "ended"
    assert found.pop("request") == "passed"
    assert set(found.values()) == {"skipped"}


def test_each_kind_of_call_has_its_own_stages():
    assert list(states(remote(2, kind="photo"))) == ["request", "reference", "probe", "comparison"]
    assert list(states(remote(2, kind="SILENT"))) == ["request", "reference", "probe", "liveness", "comparison"]
    assert "library" in states(remote(codes.UNKNOWN_ID_NUMBER, reference=None))
    assert states(remote(codes.UNKNOWN_ID_NUMBER, reference=None))["library"] == "ended"


@pytest.mark.parametrize(
    ("error", "afterwards"),
    [
        (ConnectFailed("nobody answers", sent=False), "skipped"),
        (ConnectionLost("broken off", sent=False), "skipped"),
        (DeadlineExceeded("no answer in time", sent=True), "untold"),
        (InvalidResponse("no JSON"), "untold"),
    ],
)
def test_a_call_without_an_answer_ended_at_its_request_and_what_the_server_still_did_nobody_knows(error, afterwards):
    lost = Comparison(Asked(PHOTO, VIDEO, "LIP"), None, error, None, evidence=None, gives_evidence=True, is_logged=True)
    found = states(lost)

    assert found.pop("request") == "ended"
    assert set(found.values()) == {afterwards}
