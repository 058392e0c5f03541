"""Departures from the document: one registry of their words, and one rule for keys that are spelled otherwise."""

import json

import pytest
from contract_texts import ANY_JSON, outcome
from hypothesis import assume, given
from hypothesis import strategies as st

from facematch import drift
from facematch.contract import Envelope
from facematch.drift import FORMS, Form, find, understood
from facematch.errors import InvalidResponse
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
        ({"traceNo": 1, "TraceNo": 1}, 1, ["TraceNo beside traceNo"]),
        ({"TraceNo": 1, "traceNo": 1}, 1, ["TraceNo beside traceNo"]),
        ({"TraceNo": 1, "trace_no": 1}, 1, ["TraceNo instead of traceNo", "trace_no beside traceNo"]),
        ({"traceNo": {"a": 1, "b": 2}, "TraceNo": {"b": 2, "a": 1}}, {"a": 1, "b": 2}, ["TraceNo beside traceNo"]),
        ({"trace no": 1, "traceNr": 2, "xtraceNo": 3}, None, []),
        ({"traceNo" + "_" * 99: 1}, None, []),
        ({"traceİNo": 1, "ｔｒａｃｅＮｏ": 2}, None, []),
        ({}, None, []),
    ],
)
def test_a_key_is_found_in_other_case_and_with_underscores_and_beside_itself(wire, value, clauses):
    noted = []

    assert find(wire, ("traceNo",), noted) == value
    assert noted == clauses


@pytest.mark.parametrize(
    ("one", "other"),
    [(1, 2), (1, None), (None, 1), (1, "1"), (1, True), (0, False), (1, 1.0), ("a", "A"), ({"a": 1}, {"a": True})],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("keys", [("traceNo", "TraceNo"), ("TraceNo", "traceNo"), ("TraceNo", "trace_no")])
def test_two_spellings_of_one_key_with_two_values_are_no_answer(keys, one, other):
    with pytest.raises(InvalidResponse) as caught:
        find(dict(zip(keys, (one, other), strict=True)), ("traceNo",), [])

    assert str(caught.value) == "two spellings of traceNo contradict each other"


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
        flat = list(_flat(parse_json(json.dumps(wire))))
        said = [str(value).lower() for key, value in flat if key.replace("_", "").lower() in ("issccess", "issuccess")]

        assert any(each.strip() in ("true", "1") for each in said)


@given(
    st.sampled_from([("errcode", "errCode"), ("data", "Data"), ("status", "Status"), ("result", "RESULT")]), ANY_JSON
)
def test_no_second_spelling_of_a_layer_stands_beside_a_yes_unless_it_says_the_same(keys, other):
    key, spelling = keys
    data = {"status": "SUCCESS", "traceNo": "1", "result": {"isSccess": "true"}}
    wire = {"errcode": 0, "data": data}
    place = wire if key in wire else data
    assume(json.dumps(other) != json.dumps(place[key]))
    place[spelling] = other

    assert isinstance(outcome(Envelope.from_bytes, json.dumps(wire).encode()), InvalidResponse)


def _flat(value):
    """Every key and value of *value*, however deep, JSON in texts included."""
    if isinstance(value, str) and value.startswith("{"):
        value = outcome(parse_json, value)
    if not isinstance(value, dict):
        return
    for key, each in value.items():
        yield key, each
        yield from _flat(each)
