"""The whole way over HTTP with the real networks, on the photos that ship."""

import threading

import pytest
from bodies import identity, silent

from facematch.client import FaceMatchClient, Photo
from facematch.engine.pipeline import FaceEngine
from facematch.engine.weights import SFACE, YUNET, read_weights
from facematch.errors import BusinessError
from facematch.samples import DEMO_PERSONS, PAIRS, photo
from facematch.service import Server, create_app
from facematch.settings import Settings

IDENTITY = "/tech/ai/face/match/idno"


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.key)
def test_each_sample_pair_gets_what_it_promises(pair, real_service, token):
    with FaceMatchClient(real_service.url, token) as client:
        try:
            result = client.match(Photo(photo(pair.reference)), Photo(photo(pair.probe)))
        except BusinessError as error:
            found = error.errcode
        else:
            found = "match" if result.passed else "no_match"
            assert result.cosine == client.evidence(result.trace_no).cosine

    assert found == pair.expected


def test_evidence_of_the_real_engine_survives_the_wire(real_service, token):
    with FaceMatchClient(real_service.url, token) as client:
        result = client.match(Photo(photo("obama_2.jpg")), Photo(photo("obama_3.jpg")))
        evidence = client.evidence(result.trace_no)

    assert evidence.score == result.score
    for seen in (evidence.reference, evidence.probe):
        assert seen.crop.startswith(b"\x89PNG")
        assert len(seen.faces[seen.chosen].points) == 5
        assert seen.checks


def test_the_times_of_a_call_tell_reading_both_photos_from_looking_at_each(real_service, token):
    with FaceMatchClient(real_service.url, token) as client:
        evidence = client.evidence(client.match(Photo(photo("obama_2.jpg")), Photo(photo("obama_3.jpg"))).trace_no)

    told, sides = evidence.times_ms, {"reference": evidence.reference.times_ms, "probe": evidence.probe.times_ms}
    assert told["read"] >= sum(each["decode"] for each in sides.values())
    for side, each in sides.items():
        assert told[side] >= each["detect"] + each["quality"] + each["embed"]
    assert told["total"] >= sum(told[stage] for stage in ("read", "reference", "probe", "compare"))


def test_each_demo_person_gets_the_answer_that_the_table_promises(real_service, token, send_to):
    enrolled = send_to(real_service, "/local/persons/demo", b"").result["persons"]
    told = [
        send_to(real_service, IDENTITY, identity(each.id_number, each.name, photo(each.probe))) for each in DEMO_PERSONS
    ]

    assert [each["portrait"] for each in enrolled] == [*["usable"] * 4, "none", "unusable"]
    assert [answer.errcode for answer in told] == [each.expected for each in DEMO_PERSONS]
    assert {answer.result["isSccess"] for answer in told if answer.errcode == 0} == {"true"}


def test_a_demo_person_is_not_recognised_on_another_face_or_under_another_name(real_service, token, send_to):
    first, second = DEMO_PERSONS[:2]
    send_to(real_service, "/local/persons/demo", b"")
    face = send_to(real_service, IDENTITY, identity(first.id_number, first.name, photo(second.probe)))
    name = send_to(real_service, IDENTITY, identity(first.id_number, second.name, photo(first.probe)))

    assert (face.errcode, face.result["isSccess"], name.errcode) == (0, "false", 2006)


def test_a_photo_is_no_video_and_a_photo_file_cannot_pass_as_one(real_service, token, send_to):
    answer = send_to(real_service, body=silent(photo("obama_3.jpg"), photo("obama_2.jpg")))

    assert (answer.status, answer.errcode) == (200, 1104)


def test_a_damaged_network_is_told_by_health_and_by_every_match(tmp_path, token, log, rows):
    models = tmp_path / "models"
    models.mkdir()
    (models / YUNET.file).write_bytes(read_weights(YUNET, None)[:-1])
    (models / SFACE.file).write_bytes(read_weights(SFACE, None))
    settings = Settings(data_dir=tmp_path, model_dir=models)
    server = Server(create_app(FaceEngine(settings), token=token, settings=settings))
    try:
        with FaceMatchClient(server.url, token, log=log) as client:
            while (health := client.health()).status == "warming":
                threading.Event().wait(0.02)
            with pytest.raises(BusinessError, match="2001"):
                client.match(Photo(photo("obama_2.jpg")), Photo(photo("obama_3.jpg")))
    finally:
        server.stop()

    assert health.status == "broken"
    assert YUNET.file in health.problem
    assert "SHA-256" in health.problem
    assert [(row["outcome"], row["errcode"], row["http_status"]) for row in rows()] == [("biz_error", 2001, 200)]
