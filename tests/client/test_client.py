"""A call that works: what it returns, what its row holds, and what the client keeps to itself."""

import hashlib
import hmac
import json
import logging
import shutil
from base64 import b64encode
from pathlib import Path

import pytest
from faulty_server import HANDLED, FaultyServer, says, says_json

from facematch.client import FaceMatchClient, Photo
from facematch.errors import AuthError, BusinessError, InvalidResponse, RequestInvalid
from facematch.local import Health

ANY = Photo(b"any")
STRANGER = "not-the-token"


def test_a_match_keeps_the_three_layers_of_an_answer_apart(client):
    result = client.match(ANY, Photo(b"0.8"))

    assert (result.errcode, result.status, result.passed, result.score) == (0, "SUCCESS", True, 80.0)
    assert (result.threshold, result.cosine, result.drift) == (70, 0.8, ())
    assert result.trace_no.isdigit()


def test_a_stranger_is_a_value_and_not_an_error(client, rows):
    result = client.match(ANY, Photo(b"0.1"))

    assert result.passed is False
    assert [(row["outcome"], row["success"], row["score"]) for row in rows()] == [("ok", 0, 10.0)]


def test_every_call_leaves_one_row_whatever_came_of_it(client, rows):
    client.match(ANY, Photo(b"0.8"))
    for probe in (b"wall", b"crowd", b"junk"):
        with pytest.raises(BusinessError):
            client.match(ANY, Photo(probe))
    client.live_code()

    assert [(row["endpoint"], row["mode"], row["outcome"], row["errcode"], row["score"]) for row in rows()] == [
        ("match", "photo", "ok", 0, 80.0),
        ("match", "photo", "biz_error", 2010, None),
        ("match", "photo", "biz_error", 2012, None),
        ("match", "photo", "biz_error", 2101, None),
        ("validate_data", "none", "ok", 0, None),
    ]


def test_a_row_says_what_was_sent_and_received_without_holding_it(client, rows, log):
    result = client.match(Photo(b"reference"), Photo(b"0.8"))

    (row,) = rows()
    assert row["trace_no"] == result.trace_no
    assert row["request_id"] == result.request_id
    assert row["req_bytes"] == result.exchange.request_bytes
    assert row["resp_bytes"] == result.exchange.answer_bytes
    assert (row["http_status"], row["status"], row["threshold"], row["key_id"]) == (200, "SUCCESS", 70.0, "k1")
    assert json.loads(row["extra"]) == {
        "cosine": 0.8,
        "threshold": 70,
        "mapping": "percent/1",
        "engine": "scripted engine",
    }


def test_photos_are_in_the_row_as_keyed_digests_only(client, rows):
    client.match(Photo(b"reference"), Photo(b"0.8"))

    (row,) = rows()
    assert row["ref_digest"] == hmac.digest(b"s" * 32, b"reference", "sha256")[:16]
    assert row["probe_digest"] == hmac.digest(b"s" * 32, b"0.8", "sha256")[:16]
    assert row["ref_digest"] != hashlib.sha256(b"reference").digest()[:16]


def test_two_equal_requests_have_one_digest_which_is_that_of_the_body(client_of, rows):
    with FaultyServer(says_json(200, HANDLED)) as server:
        for probe in (ANY, ANY, Photo(b"other")):
            client_of(server.url).match(ANY, probe)

    digests = [row["req_digest"] for row in rows()]
    bodies = [request.partition(b"\r\n\r\n")[2] for request in server.received]
    assert digests == [hmac.digest(b"s" * 32, body, "sha256")[:16] for body in bodies]
    assert digests[0] == digests[1] != digests[2]


def test_a_live_code_is_returned_and_not_logged(client, rows):
    issued = client.live_code()

    assert len(set(issued.code)) == 4
    assert issued.code.isdigit()
    assert (
        issued.code not in repr(issued).replace(issued.trace_no, "").replace(issued.request_id, "").split("elapsed")[0]
    )
    assert issued.code not in str({k: v for k, v in rows()[0].items() if k in ("errmsg", "extra", "status")})


def test_a_log_that_cannot_be_written_does_not_fail_the_call(client, log, caplog):
    client.match(ANY, Photo(b"0.8"))
    shutil.rmtree(Path(log.place).parent)
    Path(log.place).parent.write_bytes(b"a file where the folder was")

    with caplog.at_level(logging.WARNING):
        first = client.match(ANY, Photo(b"0.8"))
        second = client.match(ANY, Photo(b"0.8"))

    assert first.passed
    assert second.passed
    assert log.trouble is not None
    assert len([record for record in caplog.records if record.name == "facematch.log"]) == 1  # once, not at every call


def test_a_client_without_a_log_works_the_same(scripted_service, token):
    with FaceMatchClient(scripted_service.url, token) as client:
        assert client.match(ANY, Photo(b"0.8")).passed


def test_what_may_be_shown_of_a_call_has_sizes_for_photos_and_no_token(client, token):
    exchange = client.match(ANY, Photo(b"0.8")).exchange

    assert exchange.request["image"] == {"origin": "self", "data": "<base64, 4 characters>"}
    assert exchange.request["faceData"] == {"type": "image", "origin": "self", "data": "<base64, 4 characters>"}
    assert json.loads(exchange.answer)["data"]["result"] == {"isSccess": "true", "score": "80"}
    assert token not in f"{exchange} {exchange.answer}"


def test_an_echoed_token_or_photo_is_cut_out_of_what_is_shown_and_logged(client_of, token, rows):
    photo = Photo(bytes(range(256)))
    sent = b64encode(photo.data).decode()
    answer = HANDLED | {"errmsg": f"token {token}, photo {sent}"}
    with FaultyServer(says_json(200, answer)) as server:
        shown = client_of(server.url).match(photo, photo).exchange.answer

    assert "token [token], photo <base64, 344 characters>" in shown
    for text in (shown, str(rows()[0])):
        assert token not in text
        assert sent not in text


@pytest.mark.parametrize("body", [b'{"errcode": 0, "errmsg": "\\ud800"}', b'{"a":' * 900 + b"1" + b"}" * 900])
def test_what_may_be_shown_can_be_encoded_whatever_the_server_sent(body, client_of):
    with FaultyServer(says(200, body)) as server, pytest.raises(InvalidResponse) as caught:
        client_of(server.url).live_code()

    assert len(caught.value.exchange.answer.encode()) > 10


@pytest.mark.parametrize(
    "facts", ['{"threshold": "high"}', '{"cosine": 1e999}', '{"threshold": {"a": 1}}', "[]", "no", '{"cosine": true}']
)
def test_a_foreign_servers_facts_neither_mislead_nor_cost_the_row(facts, client_of, rows):
    with FaultyServer(says_json(200, HANDLED, {"X-FaceMatch-Facts": facts})) as server:
        result = client_of(server.url).match(ANY, ANY)

    assert (result.threshold, result.cosine) == (None, None)
    assert [(row["outcome"], row["threshold"], row["extra"]) for row in rows()] == [("ok", None, None)]


def test_drift_is_returned_and_logged(client_of, rows):
    answer = HANDLED | {"data": {"status": "SUCCESS", "result": {"isSuccess": True, "score": 99}}}
    with FaultyServer(says_json(200, answer)) as server:
        result = client_of(server.url).match(ANY, ANY)

    assert result.passed
    assert result.drift == (
        "traceNo missing",
        "isSuccess instead of isSccess",
        'isSccess is not "true" or "false"',
        "score is not a text",
    )
    assert json.loads(rows()[0]["extra"])["drift"] == list(result.drift)


def test_an_empty_photo_is_refused_before_anything_is_sent(rows):
    with pytest.raises(RequestInvalid, match="0 bytes"):
        Photo(b"")

    assert rows() == []


def test_a_photo_is_read_from_a_file_and_a_file_that_is_not_there_is_refused(client, tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"0.8")

    assert client.match(ANY, Photo.from_path(tmp_path / "photo.jpg")).score == 80
    with pytest.raises(RequestInvalid, match="No such file"):
        Photo.from_path(tmp_path / "name-of-a-person.jpg")


def test_evidence_is_fetched_apart_and_leaves_no_row(client, rows):
    result = client.match(ANY, Photo(b"0.8"))

    evidence = client.evidence(result.trace_no)

    assert (evidence.trace_no, evidence.cosine, evidence.score) == (result.trace_no, 0.8, 80)
    assert evidence.probe.crop == b"crop"
    assert len(rows()) == 1


def test_there_is_no_evidence_where_none_is_kept(client):
    assert client.evidence("00000000000000000000") is None
    assert client.evidence("../health?x=") is None


def test_health_tells_how_the_service_is(client):
    health = client.health()

    assert (health.engine, health.mapping, health.threshold) == ("scripted engine", "percent/1", 70)
    assert {"evidence", "results"} <= set(health.offers)


def test_health_without_the_right_token_tells_only_that_it_lives(client_of, scripted_service):
    health = client_of(scripted_service.url, token=STRANGER).health()

    assert health == Health(health.status, health.version)


def test_a_server_without_health_is_no_error_and_one_with_nonsense_is(client_of):
    with FaultyServer(says_json(404, {"detail": "not found"})) as server:
        assert client_of(server.url).health() is None
    with FaultyServer(says_json(200, HANDLED)) as server, pytest.raises(InvalidResponse, match="health"):
        client_of(server.url).health()


@pytest.mark.parametrize("status", [["ready"], 1, None])
def test_health_of_the_wrong_types_is_an_invalid_answer(status, client_of):
    wire = HANDLED | {"data": {"status": "SUCCESS", "traceNo": "1", "result": {"status": status, "version": "1"}}}
    with FaultyServer(says_json(200, wire)) as server, pytest.raises(InvalidResponse, match="health"):
        client_of(server.url).health()


def test_evidence_with_a_wrong_token_is_an_error_and_not_nothing(client_of, client, scripted_service):
    trace_no = client.match(ANY, Photo(b"0.8")).trace_no

    with pytest.raises(AuthError):
        client_of(scripted_service.url, token=STRANGER).evidence(trace_no)
