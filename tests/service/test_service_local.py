"""What stands beside the contract: tokens, persons, files, the OpenAPI document, and what the log is told."""

import json
import logging
import sqlite3
import threading
from contextlib import closing

import pytest
import requests
from bodies import b64, body, identity, silent
from scripted_engine import ScriptedEngine

from facematch.errors import WeightsMissing
from facematch.limits import Limits
from facematch.samples import DEMO_PERSONS
from facematch.service.traffic import REQUEST_ID
from facematch.settings import Settings

IDENTITY = "/tech/ai/face/match/idno"
TOKENS, PERSONS, FILES = "/local/tokens", "/local/persons", "/local/files"
ANN = "190001199001010014"
OF_OUR_FORM = f"{'0' * 12}.{'x' * 43}"
STRANGER = "not-the-token"
ROUTES = [
    *(("GET", path) for path in (TOKENS, PERSONS, FILES, "/local/openapi.json", "/local/results/1")),
    *(("POST", path) for path in (TOKENS, PERSONS, f"{PERSONS}/demo", "/local/live-codes")),
    *(("DELETE", path) for path in (f"{TOKENS}/1", f"{PERSONS}/1", f"{FILES}/a.jpg")),
    ("PUT", f"{FILES}/a.jpg"),
]


@pytest.fixture
def ask(own_service, send_to):
    def ask(method: str, path: str, body: object = None, **options: object):
        return send_to(own_service, path, body, method=method, **options)

    return ask


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_one_of_them_is_behind_the_token(method, path, send):
    assert [send(path, b"", method=method, token=given).errcode for given in (None, STRANGER)] == [40101, 40102]


def test_an_issued_token_works_until_it_is_revoked(ask):
    issued = ask("POST", TOKENS, {"note": "kiosk"}).result
    listed = ask("GET", TOKENS).result["tokens"]

    assert ask("POST", "/tech/ai/face/match", body(), token=issued["token"]).errcode == 0
    assert [(each["id"], each["note"], each["revoked_at"]) for each in listed] == [(issued["id"], "kiosk", None)]
    assert ask("DELETE", f"{TOKENS}/{issued['id']}").result == {"id": issued["id"]}
    refused = ask("POST", "/tech/ai/face/match", body(), token=issued["token"])
    assert (refused.status, refused.errcode) == (401, 40102)
    assert ask("GET", TOKENS).result["tokens"][0]["revoked_at"] is not None
    assert ask("DELETE", f"{TOKENS}/{issued['id']}").status == 404


def test_a_tokens_text_is_told_once_and_kept_nowhere(ask, own_settings):
    token = ask("POST", TOKENS, b"").result["token"]
    kept = b"".join(path.read_bytes() for path in own_settings.data_dir.rglob("*") if path.is_file())

    assert token not in str(ask("GET", TOKENS).wire)
    assert token.encode() not in kept


@pytest.mark.parametrize("note", [1, None, ["a"], "n" * 201])
def test_a_note_is_a_short_text(note, ask):
    assert ask("POST", TOKENS, {"note": note}).errcode == 2


def test_evidence_is_for_the_token_that_made_the_call(ask):
    other = ask("POST", TOKENS, {"note": "other"}).result["token"]
    made = ask("POST", "/tech/ai/face/match", body()).wire["data"]["traceNo"]

    assert ask("GET", f"/local/evidence/{made}", token=other).status == 404
    assert ask("GET", f"/local/evidence/{made}").status == 200


@pytest.mark.parametrize(
    ("image", "portrait", "refused"),
    [
        ({"image": {"origin": "self", "data": b64(b"0.9")}}, "usable", None),
        ({"image": {"data": b64(b"crowd")}}, "unusable", 2012),
        ({"image": None}, "none", None),
        ({}, "none", None),
    ],
)
def test_a_person_is_enrolled_masked_and_the_answer_says_what_the_portrait_is_worth(image, portrait, refused, ask):
    told = ask("POST", PERSONS, {"idNum": ANN, "name": "安某某", **image}).result

    assert (told["person"]["id_number"][0], told["person"]["id_number"][-1]) == ("1", "4")
    assert (told["person"]["name"], told["person"]["portrait"]) == ("安*", portrait)
    assert (told["refused"] and told["refused"]["errcode"]) == refused
    assert ask("GET", PERSONS).result["persons"] == [told["person"]]
    assert ANN not in str(told)


@pytest.mark.parametrize(
    ("wire", "errcode"),
    [
        ({}, 1),
        ({"idNum": ANN}, 1),
        ({"idNum": ANN, "name": 1}, 2),
        ({"idNum": ANN, "name": "A", "image": "text"}, 2),
        ({"idNum": ANN, "name": "A", "image": {}}, 1),
        ({"idNum": ANN, "name": "A", "image": {"data": b64(b"junk")}}, 2101),
        ({"idNum": ANN, "name": "A", "image": {"data": "http://127.0.0.1/", "origin": "uri"}}, 202),
        ({"idNum": ANN, "name": " "}, 2002),
        ({"idNum": ANN[:-1] + "5", "name": "A"}, 2003),
    ],
)
def test_what_cannot_be_enrolled_is_refused_and_nobody_is_enrolled(wire, errcode, ask):
    assert ask("POST", PERSONS, wire).errcode == errcode
    assert ask("GET", PERSONS).result["persons"] == []


def test_a_deleted_person_is_unknown(ask):
    made = ask("POST", PERSONS, {"idNum": ANN, "name": "A", "image": {"data": b64(b"0.9")}}).result["person"]["id"]

    assert ask("DELETE", f"{PERSONS}/{made}").result == {"id": made}
    assert ask("POST", IDENTITY, identity(ANN, "A")).errcode == 2005
    assert ask("DELETE", f"{PERSONS}/{made}").status == 404


def test_the_demo_persons_are_enrolled_once_however_often_they_are_asked_for(ask):
    for _ in range(2):
        told = ask("POST", f"{PERSONS}/demo", b"").result["persons"]

    assert len(told) == len(ask("GET", PERSONS).result["persons"]) == len(DEMO_PERSONS)
    assert [each["portrait"] for each in told].count("none") == 1
    assert {ask("POST", IDENTITY, identity(each.id_number, each.name)).errcode for each in DEMO_PERSONS} == {0, 2007}


@pytest.mark.parametrize("path", ["a.jpg", "2026/11/面 孔.jpg", "/a.jpg"])
def test_a_file_is_stored_listed_used_and_deleted(path, ask):
    stored = ask("PUT", f"{FILES}/{path}", b"0.8").result
    wire = body(probe={"origin": "fds", "data": path})

    assert (stored["path"], stored["bytes"]) == (path.removeprefix("/"), 3)
    assert ask("GET", FILES).result["files"] == [stored]
    assert ask("POST", "/tech/ai/face/match", wire).result["score"] == "80"
    assert ask("DELETE", f"{FILES}/{path}").errcode == 0
    assert ask("DELETE", f"{FILES}/{path}").status == 404
    assert ask("POST", "/tech/ai/face/match", wire).errcode == 202


def test_a_video_of_the_file_server_works_too(ask):
    ask("PUT", f"{FILES}/a.mp4", b"video spoof")

    assert ask("POST", "/tech/ai/face/match", silent({"origin": "fds", "data": "a.mp4"})).errcode == 1003


@pytest.mark.parametrize(
    "path", ["..%2Fa", "a%2F..%2Fb", "%2Fetc%2Fpasswd%2F", "a%00", "a%5C..%5Cb", ".hidden", "a//b"]
)
def test_a_path_that_is_none_is_a_bad_value_and_nothing_is_stored(path, ask, own_settings):
    answer = ask("PUT", f"{FILES}/{path}", b"content nobody else has")
    kept = [each.read_bytes() for each in own_settings.data_dir.rglob("*") if each.is_file()]

    assert (answer.status, answer.errcode) == (200, 2)
    assert not any(b"content nobody else has" in each for each in kept)


class TestSmallFolder:
    @pytest.fixture
    def own_settings(self, tmp_path) -> Settings:
        return Settings(data_dir=tmp_path, limits=Limits(file_max_bytes=10, files_max=2))

    @pytest.mark.parametrize("content", [b"x" * 11, [b"x" * 6, b"x" * 6]], ids=["declared", "chunked"])
    def test_a_file_too_large_is_413_and_not_stored(self, content, ask):
        answer = ask("PUT", f"{FILES}/a", content if isinstance(content, bytes) else iter(content))

        assert (answer.status, answer.errcode) == (413, 2102)
        assert ask("GET", FILES).result["files"] == []

    def test_a_file_at_the_limit_is_stored_however_it_arrives(self, ask):
        assert ask("PUT", f"{FILES}/a", b"x" * 10).result["bytes"] == 10
        assert ask("PUT", f"{FILES}/b", iter([b"x" * 5, b"x" * 5])).result["bytes"] == 10
        assert ask("PUT", f"{FILES}/c", b"").errcode == 16  # the folder is full
        assert ask("PUT", f"{FILES}/a", b"").result["bytes"] == 0


def test_the_openapi_document_is_served_as_it_is(own_service, token):
    reply = requests.get(f"{own_service.url}/local/openapi.json", headers={"Authorization": token}, timeout=10)

    assert reply.headers["Content-Type"] == "application/json"
    assert reply.json()["openapi"].startswith("3.")
    assert "/tech/ai/face/match" in reply.json()["paths"]


def test_the_log_gets_a_line_of_facts_for_each_request_and_nothing_personal(ask, caplog):
    caplog.set_level(logging.INFO, "facematch.service.traffic")
    made = ask("POST", "/tech/ai/face/match", body(probe=b"wall"))
    ask("PUT", f"{FILES}/ann-lee.jpg", b"0.8")
    ask("GET", TOKENS, token=STRANGER)
    for _ in range(500):  # the last line is written after its answer was sent
        if len(caplog.messages) == 3:
            break
        threading.Event().wait(0.02)

    lines = [json.loads(message) for message in caplog.messages]
    assert [(line["route"], line["status"], line["errcode"]) for line in lines] == [
        ("/tech/ai/face/match", 200, 2010),
        ("/local/files/{path:path}", 200, 0),
        ("/local/tokens", 401, 40102),
    ]
    assert lines[0]["trace_no"] == made.wire["data"]["traceNo"]
    assert "ann-lee" not in caplog.text
    assert STRANGER not in caplog.text


def test_every_answer_names_its_request(own_service):
    reply = requests.get(f"{own_service.url}/local/health", headers={REQUEST_ID: "mine-1"}, timeout=10)

    assert reply.headers[REQUEST_ID] == "mine-1"


class TestWithoutTheEngine:
    @pytest.fixture
    def engine_script(self) -> ScriptedEngine:
        return ScriptedEngine(WeightsMissing("a.onnx is not here; install it"))

    def test_nobody_is_enrolled_with_a_portrait_that_nobody_looked_at(self, ask):
        wire = {"idNum": ANN, "name": "A", "image": {"data": b64(b"0.9")}}

        assert ask("POST", PERSONS, wire).errcode == 2001
        assert ask("POST", f"{PERSONS}/demo", b"").errcode == 2001
        assert ask("GET", PERSONS).result["persons"] == []


def test_when_the_database_cannot_be_used_every_answer_is_an_envelope_and_a_photo_match_works(
    ask, own_settings, caplog
):
    with closing(sqlite3.connect(own_settings.state_path)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            db.execute(f"DROP TABLE {name}")

    for method, path, wire in (
        *(("GET", TOKENS, b""), ("GET", PERSONS, b""), ("GET", "/local/results/1", b"")),
        *(("POST", "/tech/ai/face/match/validateData", b""), ("POST", IDENTITY, identity(ANN, "A"))),
        ("POST", "/tech/ai/face/match", body(**{"async": True})),
    ):
        answer = ask(method, path, wire)
        assert (answer.status, answer.errcode) == (500, 4)
    assert ask("GET", TOKENS, token=OF_OUR_FORM).errcode == 4
    assert ask("GET", TOKENS, token=STRANGER).errcode == 40102  # the database is not asked
    assert ask("GET", "/local/health", token=STRANGER).errcode == 0
    assert ask("POST", "/tech/ai/face/match", body()).errcode == 0
    assert "cannot be read: no such table: fm_tokens" in caplog.text  # the log says why
