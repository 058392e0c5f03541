"""A call that was refused on its parameters has evidence too: that nothing was looked at."""

import pytest
from bodies import CODE, body, identity, lip

from facematch.contract import IDENTITY, MATCH

STRANGER = "not-the-token"


@pytest.mark.parametrize(
    ("path", "wire", "errcode"),
    [
        (MATCH, {}, 1),
        (IDENTITY, {"name": "A"}, 1),
        (MATCH, body(**{"async": None}), 2),
        (MATCH, body(**{"async": "yes"}), 2),
        (MATCH, lip(code=None), 1130),
        (MATCH, lip(code=CODE), 1131),
        (IDENTITY, identity("1", ""), 2),
        (MATCH, b"not json", 3),
    ],
)
def test_a_call_refused_on_its_parameters_has_evidence_that_says_why(path, wire, errcode, send):
    refused = send(path, wire)
    evidence = send(f"/local/evidence/{refused.wire['data']['traceNo']}", method="GET")

    assert (refused.errcode, evidence.errcode) == (errcode, 0)
    assert evidence.result["errcode"] == errcode
    assert evidence.result["score"] is None
    assert evidence.result["probe"] is None


def test_a_refused_calls_evidence_is_not_for_strangers(send):
    refused = send(MATCH, {})

    place = f"/local/evidence/{refused.wire['data']['traceNo']}"

    assert send(place, method="GET", token=STRANGER).status == 401
