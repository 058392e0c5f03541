"""Numbers, codes, health and memory: what the routes draw on."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from scripted_engine import ScriptedEngine

from facematch.client import FaceMatchClient, Photo
from facematch.errors import BusinessError, WeightsMissing
from facematch.local import Evidence
from facematch.service import Server, create_app
from facematch.service.answers import new_trace_no
from facematch.service.evidence import KEPT_AT_MOST, EvidenceStore
from facematch.service.live_codes import new_live_code
from facematch.settings import Settings

LIVE_CODE = "/tech/ai/face/match/validateData"
EVIDENCE = Evidence("1", 0, None, None, None, 0.8, 80, 70, "percent/1", "scripted engine", {})


def serving(engine: ScriptedEngine, token: str, folder: Path) -> Server:
    return Server(create_app(engine, token=token, settings=Settings(data_dir=folder)))


def settled_health(client: FaceMatchClient) -> object:
    """Health once the warm-up has ended, which a thread of its own does."""
    for _ in range(500):
        if (health := client.health()).status != "warming":
            break
        threading.Event().wait(0.02)
    return health


def test_trace_numbers_have_20_digits_and_are_unique_over_threads():
    with ThreadPoolExecutor(16) as pool:
        drawn = list(pool.map(lambda _: new_trace_no(), range(8000)))

    assert len(set(drawn)) == 8000
    assert {(len(each), each.isdigit()) for each in drawn} == {(20, True)}


def test_a_live_code_has_four_different_digits_and_may_begin_with_zero():
    drawn = [new_live_code() for _ in range(500)]

    assert {(len(code), len(set(code)), code.isascii() and code.isdigit()) for code in drawn} == {(4, 4, True)}
    assert any(code.startswith("0") for code in drawn)
    assert len(set(drawn)) > 300


@pytest.mark.parametrize("body", [{}, b"", b" ", {"async": False}])
def test_a_live_code_needs_no_parameters(body, send):
    answer = send(LIVE_CODE, body)

    assert (answer.status, answer.errcode) == (200, 0)
    assert set(answer.result) == {"code"}
    assert len(answer.result["code"]) == 4


def test_health_is_open_but_tells_the_details_to_the_token_only(send, scripted_service, token):
    with FaceMatchClient(scripted_service.url, token) as client:
        settled_health(client)

    stranger, wrong = (send("/local/health", method="GET", token=given).result for given in (None, "wrong"))
    friend = send("/local/health", method="GET").result

    assert {name for name, value in stranger.items() if value} == {"status", "version"}
    assert wrong == stranger
    assert friend["status"] == "ready"
    assert friend["models"] == [{"name": "script", "sha256": "00" * 32, "task": "recognition"}]
    assert friend["limits"]["pass_score"] == 70
    assert friend["offers"] == ["evidence", "results", "tokens", "persons", "files", "openapi"]
    assert friend["switches"] == {"chosen_codes": False, "uri": False, "fds": True, "liveness_model": False}
    assert (friend["lip_languages"], friend["lip_problem"]) == (["en", "zh"], None)


def test_missing_weights_are_told_by_health_and_by_every_match(token, log, rows, tmp_path):
    server = serving(ScriptedEngine(WeightsMissing("a.onnx is not here; install it")), token, tmp_path)
    try:
        with FaceMatchClient(server.url, token, log=log) as client:
            health = settled_health(client)
            with pytest.raises(BusinessError) as caught:
                client.match(Photo(b"any"), Photo(b"0.8"))
    finally:
        server.stop()

    assert (health.status, health.problem) == ("broken", "a.onnx is not here; install it")
    assert (caught.value.errcode, caught.value.http_status) == (2001, 200)
    assert [(row["outcome"], row["errcode"]) for row in rows()] == [("biz_error", 2001)]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_warm_up_that_breaks_unexpectedly_is_not_warming_for_ever(token, tmp_path):
    server = serving(ScriptedEngine(RuntimeError("private")), token, tmp_path)
    try:
        with FaceMatchClient(server.url, token) as client:
            health = settled_health(client)
    finally:
        server.stop()

    assert (health.status, health.fault) == ("broken", "RuntimeError")


def test_sixteen_calls_at_once_each_get_their_own_answer(scripted_service, token):
    def call(number: int) -> tuple[float | None, str | None]:
        with FaceMatchClient(scripted_service.url, token) as client:
            result = client.match(Photo(b"any"), Photo(f"{number / 100}".encode()))
        return result.score, result.trace_no

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(call, range(96)))

    assert [score for score, _ in answers] == list(range(96))
    assert len({trace_no for _, trace_no in answers}) == 96


def test_a_call_that_takes_long_keeps_nobody_else_waiting(own_service, engine_script, client_for, token):
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(client_for(own_service).match, Photo(b"any"), Photo(b"slow"))
        assert engine_script.waiting.wait(10)

        issued, health = client_for(own_service).live_code(), client_for(own_service).health()
        still_waiting = not slow.done()
        engine_script.released.set()
        passed = slow.result(10).passed

    assert len(issued.code) == 4
    assert health.engine == "scripted engine"
    assert still_waiting
    assert passed


def test_evidence_is_for_the_token_that_made_the_call_only():
    store = EvidenceStore(ttl_s=60)
    store.keep(EVIDENCE, "mine")

    assert store.find("1", "mine") is EVIDENCE
    assert store.find("1", "yours") is None
    assert store.find("1", "") is None
    assert store.find("2", "mine") is None


def test_evidence_expires():
    store = EvidenceStore(ttl_s=-1)
    store.keep(EVIDENCE, "mine")

    assert store.find("1", "mine") is None


def test_the_oldest_evidence_goes_first():
    store = EvidenceStore(ttl_s=60)
    for number in range(KEPT_AT_MOST + 1):
        store.keep(replace(EVIDENCE, trace_no=str(number)), "mine")

    assert store.find("0", "mine") is None
    assert store.find("1", "mine") is not None
    assert store.find(str(KEPT_AT_MOST), "mine") is not None


def test_the_store_is_used_from_many_threads():
    store = EvidenceStore(ttl_s=60)

    def keep_and_find(number: int) -> bool:
        store.keep(replace(EVIDENCE, trace_no=str(number)), "mine")
        return store.find(str(number), "mine") is not None

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(keep_and_find, range(KEPT_AT_MOST)))
