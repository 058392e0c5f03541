"""POST /tech/ai/face/match/idno: a number and a name against the library of enrolled persons."""

import logging

import pytest
from bodies import b64, identity
from scripted_engine import ScriptedEngine

from facematch.service import Server, create_app
from facematch.settings import Settings

IDENTITY = "/tech/ai/face/match/idno"
PERSONS = "/local/persons"
ANN, NOBODY, FACELESS, POOR = "190001199001010014", "11010519491231002X", "190001199001010022", "190001199001010030"
NAME = "安某某"


@pytest.fixture
def ask(own_service, send_to):
    return lambda *args, **options: send_to(own_service, *args, **options)


@pytest.fixture
def enrol(ask):
    def enrol(id_number: str = ANN, name: str = NAME, photo: bytes | None = b"0.9"):
        image = {} if photo is None else {"image": {"origin": "self", "data": b64(photo)}}
        return ask(PERSONS, {"idNum": id_number, "name": name, **image})

    return enrol


@pytest.fixture
def library(enrol):
    """One of each kind."""
    enrol()
    enrol(FACELESS, photo=None)
    enrol(POOR, photo=b"blurred")


def video(words: bytes, video_type: str = "SILENT") -> dict[str, object]:
    return {"faceData": {"type": "video", "videoType": video_type, "data": b64(words)}}


@pytest.mark.parametrize(
    ("probe", "result"),
    [(b"0.8", {"isSccess": "true", "score": "80"}), (b"0.3", {"isSccess": "false", "score": "30"})],
)
def test_the_enrolled_person_is_recognised_and_another_is_not(probe, result, library, ask):
    answer = ask(IDENTITY, identity(ANN, NAME, probe))

    assert (answer.status, answer.errcode, answer.result) == (200, 0, result)


@pytest.mark.parametrize("name", [NAME, f" {NAME} "])
@pytest.mark.parametrize("number", [NOBODY, NOBODY.lower()])
def test_white_space_around_the_name_and_the_case_of_x_do_not_count(name, number, enrol, ask):
    enrol(NOBODY)

    assert ask(IDENTITY, identity(number, name)).errcode == 0


@pytest.mark.parametrize(
    ("wire", "errcode", "named"),
    [
        ({}, 1, "idNum"),
        ({"idNum": ANN}, 1, "name"),
        ({"idNum": ANN, "name": NAME}, 1, "faceData"),
        (identity(ANN, ""), 2, "name"),
        (identity(ANN, " "), 2002, "name"),
        (identity(ANN, "长" * 33), 2002, "name"),
        (identity("1", NAME), 2003, "idNum"),
        (identity("190001199001010015", NAME), 2003, "idNum"),
        (identity("190001199013010014", NAME), 2003, "idNum"),
        (identity(f" {ANN}", NAME), 2003, "idNum"),
        (identity("1", " "), 2002, "name"),
        (identity(ANN, NAME, **{"async": 1}), 2, "async"),
        (identity(ANN, NAME, **video(b"0.8", "LIP")), 1130, "liveCode"),
        (identity(ANN, NAME, {"origin": "uri", "data": "http://127.0.0.1/"}), 202, ""),
        (identity(ANN, NAME, {"origin": "fds", "data": "a.jpg"}), 202, ""),
        (identity(ANN, " ", b"junk"), 2101, ""),
        (identity("1", NAME, b"junk"), 2101, ""),
        (identity(NOBODY, NAME), 2005, ""),
        (identity(NOBODY, NAME, b"wall"), 2005, ""),  # the library is asked before a face is looked for
        (identity(ANN, "别人"), 2006, ""),
        (identity(ANN, "别人", b"wall"), 2006, ""),
        (identity(FACELESS, "别人"), 2006, ""),
        (identity(FACELESS, NAME, b"wall"), 2007, ""),
        (identity(POOR, NAME, b"wall"), 2009, ""),
        (identity(ANN, NAME, b"wall"), 2010, ""),
        (identity(ANN, NAME, **video(b"junk")), 1104, ""),
        (identity(ANN, NAME, **video(b"wall")), 1004, ""),
        (identity(ANN, NAME, **video(b"spoof")), 1003, ""),
    ],
)
def test_the_first_thing_that_is_wrong_is_named(wire, errcode, named, library, ask):
    answer = ask(IDENTITY, wire)

    assert (answer.status, answer.errcode) == (200, errcode)
    assert f"({named}" in answer.wire["errmsg"]


@pytest.mark.parametrize(
    ("wire", "stages"),
    [
        (identity(ANN, " "), ["decode 0.8"]),
        (identity(NOBODY, NAME), ["decode 0.8"]),
        (identity(FACELESS, NAME), ["decode 0.8"]),
        (identity(POOR, NAME), ["decode 0.8"]),
        (identity(ANN, NAME, b"wall"), ["decode wall", "look wall"]),
        (identity(ANN, NAME), ["decode 0.8", "look 0.8", "compare"]),  # the library's photo was looked at once, before
        (
            identity(ANN, NAME, **video(b"video 0.8")),
            ["open video 0.8", "look frame", "watch video 0.8", "silent video 0.8", "compare"],
        ),
    ],
)
def test_later_stages_do_not_run_after_a_failure(wire, stages, library, ask, engine_script):
    engine_script.done.clear()
    ask(IDENTITY, wire)

    assert [each for each in engine_script.done if each != "look frame"] == [e for e in stages if e != "look frame"]


def test_a_live_code_works_here_too(library, ask):
    code = ask("/tech/ai/face/match/validateData", b"").result["code"]
    wire = identity(ANN, NAME, **video(b"video 0.8", "LIP"), liveCode=code)

    assert [ask(IDENTITY, wire).errcode for _ in range(2)] == [0, 1133]


def test_evidence_never_shows_the_librarys_photo(library, ask):
    made = ask(IDENTITY, identity(ANN, NAME))

    evidence = ask(f"/local/evidence/{made.wire['data']['traceNo']}", method="GET").result
    assert (evidence["reference"], evidence["score"]) == (None, 80)
    assert evidence["probe"]["crop"] == b64(b"crop")
    assert set(evidence["times_ms"]) == {"read", "library", "reference", "probe", "compare", "total"}


def test_evidence_of_a_refusal_by_the_library_is_kept(library, ask):
    made = ask(IDENTITY, identity(NOBODY, NAME))

    evidence = ask(f"/local/evidence/{made.wire['data']['traceNo']}", method="GET").result
    assert (evidence["errcode"], evidence["side"], evidence["probe"]) == (2005, None, None)


@pytest.mark.parametrize(("words", "errcode"), [(b"0.9", 0), (b"blurred", 2009)])
def test_another_engine_looks_at_the_librarys_photo_anew(words, errcode, tmp_path, token, send_to):
    settings = Settings(data_dir=tmp_path)
    first = Server(create_app(ScriptedEngine(name="older"), token=token, settings=settings))
    send_to(first, PERSONS, {"idNum": ANN, "name": NAME, "image": {"data": b64(words)}})
    first.stop()
    engine = ScriptedEngine(name="newer")
    second = Server(create_app(engine, token=token, settings=settings))
    try:
        answer = send_to(second, IDENTITY, identity(ANN, NAME))
    finally:
        second.stop()

    assert answer.errcode == errcode
    assert f"look {words.decode()}" in engine.done


def test_nothing_personal_is_told_or_logged(library, ask, caplog):
    caplog.set_level(logging.DEBUG)
    wires = [
        *(identity(ANN, NAME, probe) for probe in (b"0.8", b"wall", b"junk", b"broken")),
        *(identity(NOBODY, NAME), identity(ANN, "别某某"), identity(POOR, NAME), identity("190001199001010015", NAME)),
    ]
    told = str([ask(IDENTITY, wire).wire["errmsg"] for wire in wires]) + caplog.text

    for secret in (NAME, "别某某", ANN, NOBODY, "19900101", b64(b"0.8"), b64(b"broken")):
        assert secret not in told
