"""POST /tech/ai/face/match on a scripted engine: verdicts, refusals, and which of them comes first."""

import pytest
from bodies import b64, body

from facematch import codes


@pytest.mark.parametrize(
    ("probe", "result"),
    [
        (b"0.8", {"isSccess": "true", "score": "80"}),
        (b"0.7", {"isSccess": "true", "score": "70"}),  # the threshold is inclusive
        (b"0.69", {"isSccess": "false", "score": "69"}),
        (b"0", {"isSccess": "false", "score": "0"}),
        (b"1", {"isSccess": "true", "score": "100"}),
    ],
)
def test_a_decision_is_errcode_0_with_texts(probe, result, send):
    answer = send(body=body(probe=probe))

    assert (answer.status, answer.errcode, answer.result) == (200, 0, result)


@pytest.mark.parametrize(
    ("wire", "errcode", "named"),
    [
        ({}, 1, "image"),
        ({"image": {"data": "eA=="}}, 1, "faceData"),
        (body({}), 1, "image.data"),
        (body(probe={}), 1, "faceData.data"),
        (body(""), 2, "image.data"),
        (body({"data": "eA==", "origin": ""}), 2, "image.origin"),
        (body(probe={"data": "eA==", "origin": "ftp"}), 2, "faceData.origin"),
        (body(probe={"data": "eA==", "type": "photo"}), 2, "faceData.type"),
        (body(probe={"data": "eA==", "type": "video", "videoType": ""}), 2, "faceData.videoType"),
        (body(probe={"data": "eA==", "type": "video", "videoType": "LIP"}), 1130, "liveCode"),
        (body(**{"async": "false"}), 2, "async"),
    ],
)
def test_a_bad_parameter_is_named(wire, errcode, named, send):
    answer = send(body=wire)

    assert (answer.status, answer.errcode) == (200, errcode)
    assert f"({named}" in answer.wire["errmsg"]


@pytest.mark.parametrize(
    ("reference", "probe", "errcode", "who"),
    [
        (b"wall", b"0.8", 2010, "image"),
        (b"any", b"wall", 2010, "faceData"),
        (b"crowd", b"wall", 2012, "image"),
        (b"any", b"crowd", 2012, "faceData"),
        (b"wall", b"junk", 2101, "faceData"),  # both are decoded before a face is looked for
        (b"tiny", b"junk", 2102, "image"),
        (b"any", "eA", 2101, "faceData"),
        ("data:image/png,raw", b"0.8", 2101, "image"),
    ],
)
def test_the_first_failure_wins_and_the_text_begins_with_the_side(reference, probe, errcode, who, send):
    answer = send(body=body(reference, probe))

    assert (answer.status, answer.errcode) == (200, errcode)
    assert answer.wire["errmsg"].startswith(f"{who}: ")


def test_an_errmsg_speaks_both_languages(send):
    words = codes.CATALOGUE[codes.NO_FACE]

    errmsg = send(body=body(b"wall")).wire["errmsg"]

    assert errmsg == f"image: {words.zh.meaning} | {words.en.meaning} (the script says so)"


def test_later_stages_do_not_run_after_a_failure(own_service, engine_script, send_to):
    send_to(own_service, body=body(b"wall", b"0.8"))

    assert engine_script.done == ["decode wall", "decode 0.8", "look wall"]


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("MC44", []),
        ("data:image/jpeg;base64,MC44", ["data_url"]),
        (" MC\n44\r\n", ["whitespace"]),
        (" data:image/png;base64,\nMC44", ["whitespace", "data_url"]),
        ("MC44\t", ["whitespace"]),
    ],
)
def test_base64_may_come_with_a_prefix_and_white_space_and_the_evidence_says_so(text, notes, send):
    made = send(body=body(probe=text))

    evidence = send(f"/local/evidence/{made.wire['data']['traceNo']}", method="GET").result
    assert made.result == {"isSccess": "true", "score": "80"}
    assert (evidence["reference"]["notes"], evidence["probe"]["notes"]) == ([], notes)


@pytest.mark.parametrize("text", ["MC4", "MC44=", "MC44*", "_-8=", "MC44==MC44", "ＭＣ４４", "\x00", "data:", "="])
def test_what_is_not_standard_base64_is_refused_and_nothing_is_dropped_from_it(text, send):
    assert send(body=body(probe=text)).errcode == 2101


def test_a_photo_of_too_many_characters_is_refused_before_it_is_decoded(small_service, send_to):
    assert send_to(small_service, body=body(probe="A" * 100)).errcode == 0
    assert send_to(small_service, body=body(probe="A" * 104)).errcode == 2102


def test_what_nobody_expected_is_errcode_4_without_a_traceback(own_service, send_to, caplog):
    answer = send_to(own_service, body=body(b"broken"))

    assert (answer.status, answer.errcode) == (500, 4)
    assert "Traceback" not in str(answer.wire)
    assert "the script broke" not in str(answer.wire)
    assert caplog.messages[0].startswith(f"call {answer.wire['data']['traceNo']} broke: RuntimeError at flow.py:")
    assert "the script broke" not in caplog.text
    assert send_to(own_service, body=body()).errcode == 0  # over the same connection


def test_evidence_says_what_a_verdict_was_based_on(send):
    made = send(body=body(probe=b"0.8"))

    evidence = send(f"/local/evidence/{made.wire['data']['traceNo']}", method="GET").result

    assert (evidence["cosine"], evidence["score"], evidence["threshold"]) == (0.8, 80, 70)
    assert (evidence["engine"], evidence["mapping"]) == ("scripted engine", "percent/1")
    assert evidence["probe"]["crop"] == b64(b"crop")
    assert set(evidence["times_ms"]) == {"read", "reference", "probe", "compare", "total"}


def test_evidence_of_a_refusal_holds_what_was_seen_until_then(send):
    made = send(body=body(b"any", b"wall"))

    evidence = send(f"/local/evidence/{made.wire['data']['traceNo']}", method="GET").result

    assert (evidence["errcode"], evidence["side"], evidence["score"]) == (2010, "faceData", None)
    assert evidence["reference"]["refused"] is None
    assert evidence["probe"]["refused"]["errcode"] == 2010


def test_evidence_nobody_has_is_404(send, small_service, send_to):
    expired = send_to(small_service, body=body()).wire["data"]["traceNo"]

    assert send("/local/evidence/00000000000000000000", method="GET").status == 404
    assert send_to(small_service, f"/local/evidence/{expired}", method="GET").status == 404
