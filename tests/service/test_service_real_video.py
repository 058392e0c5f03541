"""The whole way over HTTP with the real networks, on clips that are made of the portraits that ship."""

import pytest
from bodies import b64, identity, silent

from facematch.engine.pipeline import FaceEngine
from facematch.local import Evidence
from facematch.samples import DEMO_PERSONS, photo
from facematch.service import Server, create_app
from facematch.settings import Settings
from tests.engine.clips import blank, encoded, swaying
from tests.engine.living import attack, living

REFERENCE = photo("obama_2.jpg")
IDENTITY = "/tech/ai/face/match/idno"


@pytest.fixture(scope="module")
def engine(tmp_path_factory) -> FaceEngine:
    return FaceEngine(Settings(data_dir=tmp_path_factory.mktemp("engine")))


@pytest.fixture(scope="module")
def service(engine, token, tmp_path_factory):
    server = Server(create_app(engine, token=token, settings=Settings(data_dir=tmp_path_factory.mktemp("video"))))
    yield server
    server.stop()


@pytest.fixture
def ask(service, send_to):
    """The answer and its evidence."""

    def ask(wire, path="/tech/ai/face/match"):
        answer = send_to(service, path, wire)
        found = send_to(service, f"/local/evidence/{answer.wire['data']['traceNo']}", method="GET")
        return answer, Evidence.from_wire(found.result)

    return ask


@pytest.fixture(scope="module")
def alive(engine) -> bytes:
    """A warped portrait that moves as a head does; it is synthetic."""
    return encoded(list(living(engine)))


def test_a_head_that_moves_as_a_living_one_is_compared(alive, ask):
    answer, evidence = ask(silent(alive, REFERENCE))

    assert (answer.errcode, answer.result["isSccess"]) == (0, "true")
    assert (evidence.liveness.outcome, evidence.clip.format) == ("passed", "mp4")
    assert evidence.probe.crop.startswith(b"\x89PNG")
    assert evidence.clip.shots[0].picture.startswith(b"\xff\xd8")


def test_it_is_not_taken_for_somebody_else(alive, ask):
    answer, evidence = ask(silent(alive, photo("biden_1.jpg")))

    assert (answer.errcode, answer.result["isSccess"]) == (0, "false")
    assert evidence.score == int(answer.result["score"])


def test_it_is_the_enrolled_person(alive, service, send_to, ask):
    send_to(service, "/local/persons/demo", b"")
    first, second = DEMO_PERSONS[:2]
    probe = {"faceData": {"type": "video", "data": b64(alive)}}

    told = [ask(identity(each.id_number, each.name, **probe), IDENTITY)[0].result for each in (first, second)]
    assert [each["isSccess"] for each in told] == ["true", "false"]


@pytest.mark.parametrize("kind", ["loop", "boomerang"])
def test_an_attack_gets_no_verdict_and_the_evidence_names_the_cue(kind, engine, ask):
    answer, evidence = ask(silent(encoded(attack(kind, engine)), REFERENCE))

    assert answer.errcode in (1002, 1003)
    assert evidence.score is None
    assert evidence.liveness.decided_by in {cue.name for cue in evidence.liveness.cues}


@pytest.mark.parametrize(
    ("clip", "errcodes"),
    [
        (lambda: encoded(swaying("obama_2.jpg", 3)), {1002, 1003, 1005}),  # a waved photo
        (lambda: encoded(blank(3)), {1004}),
        (lambda: encoded(swaying("obama_2.jpg", 1)), {1120}),
    ],
    ids=["waved", "wall", "short"],
)
def test_what_shows_no_living_person_gets_no_verdict(clip, errcodes, ask):
    answer, evidence = ask(silent(clip(), REFERENCE))

    assert answer.errcode in errcodes
    assert (evidence.errcode, evidence.score) == (answer.errcode, None)
