"""async: accepted at once, worked off meanwhile, and asked for afterwards."""

import threading
from contextlib import closing

import orjson
import pytest
import requests
from bodies import body, identity, lip, silent

from facematch.limits import Limits
from facematch.service import Server, create_app
from facematch.service.state import State
from facematch.settings import Settings

IDENTITY = "/tech/ai/face/match/idno"
NOBODY = "11010519491231002X"  # the example of GB 11643: enrolled nowhere
UNKNOWN = "0" * 20


@pytest.fixture
def ask(own_service, send_to):
    return lambda *args, **options: send_to(own_service, *args, **options)


@pytest.fixture
def settled(ask):
    """The answer under a traceNo, once there is one."""

    def settled(trace_no: str, **options):
        for _ in range(500):
            answer = ask(f"/local/results/{trace_no}", method="GET", **options)
            if answer.wire["data"]["status"] != "PROCESSING":
                return answer
            threading.Event().wait(0.02)
        raise TimeoutError(trace_no)

    return settled


def later(wire: dict[str, object]) -> dict[str, object]:
    return {**wire, "async": True}


def trace_no(answer) -> str:
    return answer.wire["data"]["traceNo"]


@pytest.mark.parametrize(
    ("path", "wire"),
    [
        ("/tech/ai/face/match", body(probe=b"0.8")),
        ("/tech/ai/face/match", body(probe=b"0.2")),
        ("/tech/ai/face/match", body(probe=b"wall")),
        ("/tech/ai/face/match", body(b"junk")),
        ("/tech/ai/face/match", silent(b"video spoof")),
        ("/tech/ai/face/match", body(b"broken")),
        (IDENTITY, identity(NOBODY, "某人")),
    ],
)
def test_the_result_has_the_very_bytes_of_the_synchronous_answer(path, wire, ask, settled, own_service, token):
    at_once = ask(path, wire)
    accepted = ask(path, later(wire))

    result = settled(trace_no(accepted))
    reply = requests.get(
        f"{own_service.url}/local/results/{trace_no(accepted)}", headers={"Authorization": token}, timeout=10
    )
    assert (accepted.status, accepted.wire["data"]["status"]) == (200, "PROCESSING")
    assert "result" not in accepted.wire["data"]
    assert (result.status, trace_no(result)) == (200, trace_no(accepted))
    assert reply.content.replace(trace_no(accepted).encode(), b"") == orjson.dumps(at_once.wire).replace(
        trace_no(at_once).encode(), b""
    )
    assert ("X-FaceMatch-Facts" in reply.headers) == (at_once.errcode == 0)


@pytest.mark.parametrize(
    ("wire", "errcode"),
    [
        ({}, 1),
        (body(""), 2),
        (lip(code=None), 1130),
        (lip(code="0000"), 1131),
        (body({"data": "eA==", "origin": ""}), 2),
    ],
)
def test_the_request_is_checked_before_it_is_accepted(wire, errcode, ask):
    assert ask(body=later(wire)).errcode == errcode


def test_lip_works_later_too_and_spends_its_code_then(ask, settled):
    code = ask("/tech/ai/face/match/validateData", b"").result["code"]

    assert settled(trace_no(ask(body=later(lip(code=code))))).errcode == 0
    assert ask(body=lip(code=code)).errcode == 1133


def test_until_it_is_done_it_is_processing(ask, settled, engine_script):
    accepted = ask(body=later(body(probe=b"slow")))
    assert engine_script.waiting.wait(10)

    asked = ask(f"/local/results/{trace_no(accepted)}", method="GET")
    assert asked.wire == accepted.wire
    engine_script.released.set()
    assert settled(trace_no(accepted)).errcode == 0


def test_a_result_is_for_the_token_that_made_the_call_only(ask, settled):
    other = ask("/local/tokens", {"note": "other"}).result["token"]
    mine = trace_no(ask(body=later(body())))
    settled(mine)

    for wanted, given in ((mine, {"token": other}), (UNKNOWN, {}), ("x" * 500, {})):
        answer = ask(f"/local/results/{wanted}", method="GET", **given)
        assert (answer.status, answer.errcode) == (404, 2)


def test_the_evidence_of_such_a_call_is_kept_too(ask, settled):
    made = trace_no(ask(body=later(silent(b"video 0.8"))))
    settled(made)

    evidence = ask(f"/local/evidence/{made}", method="GET").result
    assert (evidence["score"], evidence["liveness"]["outcome"]) == (80, "passed")


class TestFull:
    @pytest.fixture
    def own_settings(self, tmp_path) -> Settings:
        return Settings(data_dir=tmp_path, limits=Limits(async_max=1))

    def test_one_too_many_is_refused_and_may_come_again(self, ask, settled, engine_script, own_service, token):
        first = ask(body=later(body(probe=b"slow")))
        assert engine_script.waiting.wait(10)

        reply = requests.post(
            f"{own_service.url}/tech/ai/face/match", json=later(body()), headers={"Authorization": token}, timeout=10
        )
        assert (reply.status_code, reply.json()["errcode"]) == (429, 16)
        assert int(reply.headers["Retry-After"]) >= 1
        assert ask(body=body()).errcode == 0  # at once is another matter
        engine_script.released.set()
        settled(trace_no(first))
        assert ask(body=later(body())).wire["data"]["status"] == "PROCESSING"


class TestShortLived:
    @pytest.fixture
    def own_settings(self, tmp_path) -> Settings:
        return Settings(data_dir=tmp_path, limits=Limits(result_ttl_s=0.001))

    def test_an_expired_result_is_404(self, ask, settled):
        assert settled(trace_no(ask(body=later(body())))).status == 404


def test_results_survive_a_restart(tmp_path, send_to, token, engine_script):
    settings = Settings(data_dir=tmp_path)
    first = Server(create_app(engine_script, token=token, settings=settings))
    made = trace_no(send_to(first, body=later(body(probe=b"0.8"))))
    first.stop()
    second = Server(create_app(engine_script, token=token, settings=settings))
    try:
        assert send_to(second, f"/local/results/{made}", method="GET").result["score"] == "80"
    finally:
        second.stop()


def test_the_calls_of_a_worker_that_left_end_as_failed(own_settings, own_service, ask, settled, token):
    made = trace_no(ask(body=later(body())))
    settled(made)
    with closing(State.open(own_settings)) as other:
        owner = other.tokens.issue("theirs")
        assert other.results.accept("1" * 20, other.tokens.owner(owner.token), 16)

    answer = settled("1" * 20, token=owner.token)
    assert (answer.errcode, trace_no(answer)) == (4, "1" * 20)
