"""The client and our own service together, on the scripted engine: video, live codes, identity, origins, async."""

import json
import time

import pytest

from facematch.client import Accepted, FaceMatchClient, Match, Pending, Photo, Video
from facematch.errors import BusinessError, RateLimited
from facematch.limits import Limits
from facematch.samples import DEMO_PERSONS
from facematch.settings import Settings

ANY = Photo(b"any")
PERSON = DEMO_PERSONS[0]
WAIT_S = 20.0


@pytest.fixture
def own_settings(tmp_path):
    return Settings(data_dir=tmp_path / "own", limits=Limits(async_max=1))


@pytest.fixture
def own(own_service, client_of):
    return client_of(own_service.url)


def settled(client, trace_no):
    """The result once it is there."""
    until = time.monotonic() + WAIT_S
    while isinstance(answer := client.result(trace_no), Pending):
        assert time.monotonic() < until, "no result in time"
        time.sleep(0.02)
    return answer


def test_a_video_is_compared_and_its_evidence_is_there(client, rows):
    match = client.match(ANY, Video(b"video 0.8"))

    evidence = client.evidence(match.trace_no)
    assert (match.passed, match.score) == (True, 80)
    assert evidence.liveness.outcome == "passed"
    assert evidence.clip.format == "mp4"
    assert [(row["endpoint"], row["mode"], row["success"]) for row in rows()] == [("match", "SILENT", 1)]


def test_a_replay_is_a_refusal_with_its_errcode(client, rows):
    with pytest.raises(BusinessError, match="1002"):
        client.match(ANY, Video(b"video 0.8 replay"))

    assert [(row["mode"], row["outcome"], row["errcode"]) for row in rows()] == [("SILENT", "biz_error", 1002)]


def test_a_live_code_serves_once(client, rows):
    code = client.live_code().code
    match = client.match(ANY, Video(b"video 0.8"), live_code=code)
    with pytest.raises(BusinessError, match="1133"):
        client.match(ANY, Video(b"video 0.8"), live_code=code)

    assert match.passed
    assert client.evidence(match.trace_no).challenge.expected == code
    assert [(row["endpoint"], row["mode"], row["errcode"]) for row in rows()] == [
        ("validate_data", "none", 0),
        ("match", "LIP", 0),
        ("match", "LIP", 1133),
    ]


def test_wrong_digits_are_a_refusal_that_does_not_log_the_code(client, rows):
    code = client.live_code().code
    with pytest.raises(BusinessError, match="1103") as caught:
        client.match(ANY, Video(b"video 0.8 said nothing"), live_code=code)

    assert code not in f"{caught.value.errmsg} {caught.value.exchange.request}"
    assert code not in str([rows()[-1][name] for name in ("errmsg", "extra", "status")])


@pytest.mark.parametrize("probe", [Photo(b"0.8"), Video(b"video 0.8")])
def test_an_identity_is_verified_against_the_library(probe, own, rows):
    own.local.enrol(PERSON.id_number, PERSON.name, Photo(b"1.0"))

    match = own.verify_identity(PERSON.id_number, PERSON.name, probe)

    assert (match.passed, match.score, match.drift) == (True, 80, ())
    assert own.evidence(match.trace_no).reference is None
    assert rows()[0]["subject_mask"] == "1****************0"


@pytest.mark.parametrize(
    ("number", "name", "errcode"),
    [
        (PERSON.id_number, "别人", 2006),
        (DEMO_PERSONS[1].id_number, PERSON.name, 2005),
        ("1", PERSON.name, 2003),
        (PERSON.id_number, "x" * 99, 2002),
    ],
)
def test_an_identity_is_refused_with_its_errcode(number, name, errcode, own, rows):
    own.local.enrol(PERSON.id_number, PERSON.name, Photo(b"1.0"))
    with pytest.raises(BusinessError) as caught:
        own.verify_identity(number, name, Photo(b"0.8"))

    assert caught.value.errcode == errcode
    assert [(row["endpoint"], row["outcome"], row["errcode"]) for row in rows()] == [
        ("match_idno", "biz_error", errcode)
    ]


def test_an_accepted_call_is_pending_until_its_verdict_is_there(own, engine_script, rows):
    accepted = own.start_match(ANY, Photo(b"slow 0.8"))
    pending = own.result(accepted.trace_no)
    engine_script.released.set()
    match = settled(own, accepted.trace_no)

    assert isinstance(accepted, Accepted)
    assert isinstance(pending, Pending)
    assert isinstance(match, Match)
    assert (match.trace_no, match.drift) == (accepted.trace_no, ())
    assert own.evidence(accepted.trace_no).score == match.score
    assert [(row["outcome"], row["success"], json.loads(row["extra"])) for row in rows()] == [
        ("ok", None, {"accepted": True})
    ]


def test_an_accepted_call_may_end_in_a_refusal(own):
    accepted = own.start_identity(PERSON.id_number, PERSON.name, Photo(b"0.8"))

    with pytest.raises(BusinessError) as caught:
        settled(own, accepted.trace_no)
    assert (caught.value.errcode, caught.value.trace_no) == (2005, accepted.trace_no)


def test_a_full_queue_is_a_refusal_that_says_when_to_come_back(own, engine_script):
    own.start_match(ANY, Photo(b"slow"))
    with pytest.raises(RateLimited) as caught:
        own.start_match(ANY, Photo(b"0.8"))
    engine_script.released.set()

    assert caught.value.errcode == 16
    assert caught.value.retry_after_s is not None


def test_a_result_is_told_to_the_token_that_asked_and_to_no_other(own, own_service):
    accepted = own.start_match(ANY, Photo(b"0.8"))
    with FaceMatchClient(own_service.url, own.local.issue_token("another").token) as other:
        for client, number in ((other, accepted.trace_no), (own, "00000000000000000000")):
            with pytest.raises(BusinessError) as caught:
                client.result(number)

            assert caught.value.http_status == 404
