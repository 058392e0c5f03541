"""Departures from the document: one registry of their words, and one rule for keys that are spelled otherwise."""

import json

import pytest
from contract_texts import ANY_JSON, outcome
from hypothesis import given
from hypothesis import strategies as st

from facematch import drift
from facematch.contract import Envelope
from facematch.drift import FORMS, Form, find, understood
from facematch.wire import has_verdict, parse_json


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
def test_every_clause_can_be_taken_apart_again(form):
    found, fields = understood(form.of("traceNo", "trace_no"))

    assert found is form
    assert form.of(**fields) == form.of("traceNo", "trace_no")


def test_every_form_is_registered_under_a_key_of_its_own():
    defined = [each for each in vars(drift).values() if isinstance(each, Form)]

    assert sorted(form.key for form in FORMS) == sorted({form.key for form in defined})


@pytest.mark.parametrize("clause", ["", "something else", "traceNo  missing", "two words missing", "traceNo missing!"])
def test_a_clause_of_another_version_is_not_understood(clause):
    assert understood(clause) is None


@pytest.mark.parametrize(
    ("wire", "value", "clauses"),
    [
        ({"traceNo": 1}, 1, []),
        ({"trace_no": 1}, 1, ["trace_no instead of traceNo"]),
        ({"TRACE-NO": 1}, 1, ["TRACE-NO instead of traceNo"]),
        ({"traceNo": 1, "TraceNo": 2}, 1, ["TraceNo beside traceNo"]),
        ({"TraceNo": 2, "traceNo": 1}, 1, ["TraceNo beside traceNo"]),
        ({"traceNo": None, "TraceNo": 2}, None, ["TraceNo beside traceNo"]),
        ({"TraceNo": 1, "trace_no": 2}, None, ["TraceNo beside traceNo", "trace_no beside traceNo"]),
        ({"trace no": 1, "traceNr": 2, "xtraceNo": 3}, None, []),
        ({"traceNo" + "_" * 99: 1}, None, []),
        ({"traceİNo": 1, "ｔｒａｃｅＮｏ": 2}, None, []),
        ({}, None, []),
    ],
)
def test_a_key_is_found_in_other_case_and_with_underscores_unless_two_could_be_meant(wire, value, clauses):
    noted = []

    assert find(wire, ("traceNo",), noted) == value
    assert noted == clauses


@pytest.mark.parametrize("key", ["isSccess", "isSuccess", "is_sccess", "ISSUCCESS"])
def test_a_verdict_is_there_under_any_spelling_and_even_without_a_value(key):
    assert has_verdict({key: "true"})
    assert has_verdict({key: "true", key + "_": None})


def test_no_verdict_is_none():
    assert has_verdict({"isSccess": None})
    assert not has_verdict({"score": "99", "success": "true"})


KEYS = ["errcode", "errCode", "ERR_CODE", "data", "Data", "status", "STATUS", "traceNo", "trace_no", "result", "Result"]
INNER = ["isSccess", "isSuccess", "is_success", "IsSccess", "score", "Score"]
VALUES = st.sampled_from([0, "0", 16, "true", "false", True, False, "SUCCESS", "fail", "99", 99, None, ""]) | ANY_JSON
ENVELOPES = st.dictionaries(
    st.sampled_from(KEYS),
    VALUES
    | st.dictionaries(st.sampled_from(KEYS), VALUES | st.dictionaries(st.sampled_from(INNER), VALUES, max_size=4)),
    max_size=6,
)


@given(ENVELOPES)
def test_whatever_departs_is_told_in_registered_words_and_without_values(wire):
    read = outcome(Envelope.from_bytes, json.dumps(wire).encode())
    if not isinstance(read, Envelope):
        return
    verdict = outcome(read.verdict)
    clauses = read.drift + (verdict[1] if isinstance(verdict, tuple) else ())

    for clause in clauses:
        assert understood(clause) is not None
        assert set(understood(clause)[1].values()) <= {*KEYS, *INNER, "errmsg", "code"}


@given(ENVELOPES)
def test_a_verdict_of_yes_was_said_in_so_many_words(wire):
    read = outcome(Envelope.from_bytes, json.dumps(wire).encode())
    verdict = outcome(read.verdict) if isinstance(read, Envelope) else None
    if isinstance(verdict, tuple) and verdict[0].passed:
        folded = {key.replace("_", "").lower(): value for key, value in _flat(parse_json(json.dumps(wire)))}
        said = [folded.get(key) for key in ("issccess", "issuccess")]

        assert any(str(each).strip().lower() in ("true", "1") for each in said)


def _flat(value):
    """Every key and value of *value*, however deep, JSON in texts included."""
    if isinstance(value, str) and value.startswith("{"):
        value = outcome(parse_json, value)
    if not isinstance(value, dict):
        return
    for key, each in value.items():
        yield key, each
        yield from _flat(each)
