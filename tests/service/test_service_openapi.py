"""The OpenAPI document: valid, the same as the one in docs, and about the routes and the types that there are."""

import asyncio
import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from jsonschema_rs import Draft202012Validator, meta
from scripted_engine import ScriptedEngine

import facematch
from facematch import codes, contract, local
from facematch.contract import IdentityRequest, MatchRequest, Media, Probe
from facematch.service import create_app
from facematch.service.openapi import document
from facematch.settings import Settings

KEPT = Path(facematch.__file__).parents[1] / "docs" / "openapi.json"
OPERATIONS = [(path, method) for path, item in document()["paths"].items() for method in item]


def answers(path: str, method: str, status: str = "200") -> dict[str, Any]:
    """The schema of an answer, with its references resolvable."""
    response = document()["paths"][path][method]["responses"][status]
    if "$ref" in response:
        response = document()["components"]["responses"][response["$ref"].rpartition("/")[2]]
    return {**response["content"]["application/json"]["schema"], "components": document()["components"]}


def fits(schema: dict[str, Any], wire: object) -> bool:
    return Draft202012Validator(schema).is_valid(wire)


def test_it_is_valid_openapi():
    schemathesis.openapi.from_dict(document()).validate()


@pytest.mark.parametrize("break_it", [{"openapi": "3.1.0"}, {"info": {}}, {"paths": {"no-slash": 3}}])
def test_the_validation_can_fail(break_it):
    broken = {"openapi": "3.1.0"} if break_it == {"openapi": "3.1.0"} else {**document(), **break_it}

    with pytest.raises(Exception, match=r".+"):
        schemathesis.openapi.from_dict(broken).validate()


def test_every_schema_in_it_is_valid_json_schema():
    for schema in document()["components"]["schemas"].values():
        meta.validate(schema)
    for path, method in OPERATIONS:
        for status in document()["paths"][path][method]["responses"]:
            meta.validate(answers(path, method, status))


def test_the_file_in_docs_is_in_step():
    assert json.loads(KEPT.read_text()) == document(), "python -m facematch.service openapi > docs/openapi.json"


def test_it_has_the_routes_of_the_app_and_no_others(tmp_path):
    app = create_app(ScriptedEngine(), token=None, settings=Settings(data_dir=tmp_path))
    asyncio.run(_started_and_ended(app))

    there = {(_shape(each.path), method.lower()) for each in app.routes for method in each.methods - {"HEAD"}}

    assert there == {(_shape(path), method) for path, method in OPERATIONS}


async def _started_and_ended(app):
    """So that it gives its database back."""
    async with app.router.lifespan_context(app):
        pass


def _shape(path: str) -> str:
    return re.sub(r"\{.*?\}", "{}", path)


def test_every_operation_has_a_name_of_its_own_and_says_401_and_500():
    told = [document()["paths"][path][method] for path, method in OPERATIONS]

    assert len({each["operationId"] for each in told}) == len(told)
    for each in told:
        assert {"200", "401", "500", "503", "default"} <= set(each["responses"])
        assert {"408", "413"} <= set(each["responses"]) or "requestBody" not in each


@pytest.mark.parametrize("path", [contract.MATCH, contract.IDENTITY])
def test_calls_say_429_and_when_to_come_back(path):
    assert "429" in document()["paths"][path]["post"]["responses"]
    assert "Retry-After" in document()["components"]["responses"]["TooMany"]["headers"]


def test_only_health_is_open():
    open_ones = [path for path, method in OPERATIONS if "security" in document()["paths"][path][method]]

    assert document()["security"] == [{"token": []}]
    assert document()["components"]["securitySchemes"]["token"]["name"] == "Authorization"
    assert open_ones == [local.HEALTH]


@pytest.mark.parametrize("kind", [local.Evidence, local.Health, local.TokenInfo, local.Person, local.StoredFile])
def test_what_stands_beside_the_contract_has_every_field(kind):
    schema = document()["components"]["schemas"][kind.__name__]

    assert schema["required"] == list(schema["properties"]) == [each.name for each in fields(kind)]
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    ("path", "request_"),
    [
        (contract.MATCH, MatchRequest(Media("eA=="), Probe(Media("a.mp4", "fds"), "video", "LIP"), "0521", True)),
        (contract.MATCH, MatchRequest(Media("http://a/b", "uri"), Probe(Media("eA==")))),
        (contract.IDENTITY, IdentityRequest("11010119900307001X", "甲", Probe(Media("eA=="), "video", "SILENT"))),
    ],
)
def test_what_the_client_sends_fits(path, request_):
    body = document()["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    schema = {**body, "components": document()["components"]}
    wire = request_.to_wire()

    assert fits(schema, wire)
    assert not fits(schema, {**wire, "faceData": {**wire["faceData"], "origin": "ftp"}})
    assert not fits(schema, {key: each for key, each in wire.items() if key != "faceData"})


VERDICT = {"isSccess": "true", "score": "99"}
REFUSED = {"isSccess": "false"}


def envelope(errcode: int = 0, status: str = "SUCCESS", result: object = None, **data: object) -> dict[str, Any]:
    given = {} if result is None else {"result": result}
    errmsg = "SUCCESS" if errcode == 0 else "any"
    return {"errcode": errcode, "errmsg": errmsg, "data": {"status": status, "traceNo": "0" * 20, **given, **data}}


@pytest.mark.parametrize(
    ("wire", "right"),
    [
        (envelope(result=VERDICT), True),
        (envelope(status="PROCESSING"), True),
        (envelope(2010, "FAIL", REFUSED), True),
        (envelope(result={"isSccess": True, "score": "99"}), False),
        (envelope(result={"isSccess": "true", "score": 99}), False),
        (envelope(result={"isSccess": "true", "score": "101"}), False),
        (envelope(result={"isSuccess": "true", "score": "99"}), False),
        (envelope(result=VERDICT, traceNo=12), False),
        (envelope(status="PROCESSING", result=VERDICT), False),
        (envelope(2010, "SUCCESS", REFUSED), False),
        (envelope(2010, "FAIL", VERDICT), False),
        (envelope(2005, "FAIL", REFUSED), False),  # of the ID library
        (envelope(12345, "FAIL", REFUSED), False),
    ],
)
def test_an_answer_of_a_match_fits_only_as_the_contract_has_it(wire, right):
    assert fits(answers(contract.MATCH, "post"), wire) is right


def test_every_errcode_is_told_somewhere_with_both_its_meanings():
    text = json.dumps(document(), ensure_ascii=False)
    told = {
        n
        for path, method in OPERATIONS
        for status in document()["paths"][path][method]["responses"]
        for n in _errcodes(answers(path, method, status))
    }

    assert told | {0} == set(codes.CATALOGUE)
    for code in codes.CATALOGUE.values():
        assert code.zh.meaning in text
        assert code.en.meaning in text


def _errcodes(schema: dict[str, Any]) -> set[int]:
    either = schema.get("oneOf", [schema])
    return {n for each in either for n in each.get("properties", {}).get("errcode", {}).get("enum", ())}


def test_the_service_serves_it_to_whoever_has_a_token(scripted_service, http, token):
    reply = http.get(scripted_service.url + local.OPENAPI, headers={"Authorization": token}, timeout=10)

    assert (reply.status_code, reply.json()) == (200, document())
