"""The whole way over HTTP with the real networks, on the photos that ship."""

import threading

import pytest

from facematch.client import FaceMatchClient, Photo
from facematch.engine.pipeline import FaceEngine
from facematch.engine.weights import SFACE, YUNET, read_weights
from facematch.errors import BusinessError
from facematch.samples import PAIRS, photo
from facematch.service import Server, create_app
from facematch.settings import Limits


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


def test_a_damaged_network_is_told_by_health_and_by_every_match(tmp_path, token, log, rows):
    models = tmp_path / "models"
    models.mkdir()
    (models / YUNET.file).write_bytes(read_weights(YUNET, None)[:-1])
    (models / SFACE.file).write_bytes(read_weights(SFACE, None))
    engine = FaceEngine(Limits(), model_dir=models, cache_dir=tmp_path / "cache")
    server = Server(create_app(engine, token=token, limits=Limits()))
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
