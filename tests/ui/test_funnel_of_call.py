"""How far a logged call came, in the order in which the embedded service checks."""

import pytest

from facematch import codes
from facematch.analytics import call_rows
from facematch.log import CallLog
from facematch.ui.one_call.funnel_of_call import steps


@pytest.fixture
def log(tmp_path):
    log = CallLog(tmp_path / "calls.db")
    yield log
    log.close()


def funnel(log, endpoint, mode, errcode):
    with log.recording(env="embedded", endpoint=endpoint, mode=mode, request_id="r") as draft:
        draft.success, draft.errcode, draft.outcome = False, errcode, "biz_error"
    with log.reading() as db:
        return {step.layer: step.state for step in steps(call_rows.call(db, id=draft.id))}


def test_a_refused_live_code_ends_a_call_before_its_media_are_read(log):
    found = funnel(log, "match", "LIP", codes.UNKNOWN_LIVE_CODE)

    assert {layer for layer, state in found.items() if state == "passed"} == {"request", "authorization"}
    assert found["challenge"] == "ended"
    assert {found[layer] for layer in ("source", "acquisition", "liveness", "comparison", "verdict")} == {"not_reached"}


@pytest.mark.parametrize(
    ("errcode", "identity", "reference", "acquisition"),
    [
        (codes.UNKNOWN_ID_NUMBER, "not_reached", "ended", "not_reached"),
        (codes.NAME_NOT_MATCHING, "ended", "not_reached", "not_reached"),
        (codes.NO_LIBRARY_PHOTO, "passed", "ended", "not_reached"),
        (codes.NO_FACE_IN_VIDEO, "passed", "passed", "ended"),
    ],
)
def test_the_library_is_asked_before_the_face_is_looked_at(log, errcode, identity, reference, acquisition):
    found = funnel(log, "match_idno", "SILENT", errcode)

    assert (found["source"], found["identity"], found["reference"]) == ("passed", identity, reference)
    assert (found["acquisition"], found["verdict"]) == (acquisition, "not_reached")
