"""schemathesis against the running service on the scripted engine: no 5xx, no answer outside the document.

Requests that fit the document, and requests that break it; the same ones in every run.
"""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from scripted_engine import ScriptedEngine

from facematch import local
from facematch.samples import DEMO_PERSONS
from facematch.service import Server, create_app
from facematch.service.openapi import document
from facematch.settings import Settings

EXAMPLES = 15
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = [each.ok() for each in schemathesis.openapi.from_dict(document()).get_all_operations()]
# Random bytes are never a photo: what the script understands, so that calls come further than decoding.
WORDS = (
    b"0.8",
    b"0.2",
    b"wall",
    b"crowd",
    b"junk",
    b"video 0.8",
    b"video replay",
    b"video said 0521",
    b"video wall",
    b"",
)

patient = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, token: str) -> Iterator[Server]:
    here = Settings(data_dir=tmp_path_factory.mktemp("fuzzed"), allow_chosen_codes=True)
    server = Server(create_app(ScriptedEngine(), token=token, settings=here))
    yield server
    server.stop()


def label(operation: APIOperation) -> str:
    return operation.label


def takes_input(operation: APIOperation) -> bool:
    return bool(operation.body) or "{" in operation.path


@pytest.mark.parametrize("operation", OPERATIONS, ids=label)
def test_what_fits_the_document_is_answered_as_it_says(operation, service, token):
    @seed(1)
    @patient
    @given(case=operation.as_strategy(), word=st.sampled_from(WORDS), person=st.sampled_from(DEMO_PERSONS))
    def ask(case: Case, word: bytes, person: Any) -> None:
        _steer(case.body, word, person)
        _check(case, service, {"Authorization": token})

    ask()


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if takes_input(each)], ids=label)
def test_what_breaks_the_document_is_refused_as_it_says(operation, service, token):
    @seed(2)
    @patient
    @given(case=operation.as_strategy(GenerationMode.NEGATIVE))
    def ask(case: Case) -> None:
        _check(case, service, {"Authorization": token})

    ask()


@pytest.mark.parametrize("operation", OPERATIONS, ids=label)
def test_a_stranger_is_told_401_whatever_is_asked(operation, service):
    @seed(3)
    @settings(patient, max_examples=3)
    @given(case=operation.as_strategy())
    def ask(case: Case) -> None:
        status = _check(case, service, {"Authorization": "a stranger's"})

        assert status == (200 if operation.path == local.HEALTH else 401)

    ask()


def _check(case: Case, service: Server, headers: dict[str, str]) -> int:
    """The status; every check is the document's own but the last, which knows the envelope without it."""
    response = case.call(base_url=service.url, headers=headers)
    case.validate_response(response, checks=CHECKS)
    wire = response.json()
    if "openapi" not in wire:
        assert set(wire) == {"errcode", "errmsg", "data"}
        assert set(wire["data"]) in ({"status", "traceNo", "result"}, {"status", "traceNo"})
    return response.status_code


def _steer(body: Any, word: bytes, person: Any) -> None:
    """Put in what the script and the library know, where the document allows any text."""
    if not isinstance(body, dict):
        return
    for name in ("image", "faceData"):
        if isinstance(body.get(name), dict) and body[name].get("origin", "self") == "self":
            body[name]["data"] = b64encode(word).decode() or "any"
    if "idNum" in body:
        body.update(idNum=person.id_number, name=person.name)
