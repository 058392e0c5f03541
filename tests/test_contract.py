"""The contract's answers: the document's own examples, and each thing in them that is easy to get wrong."""

import json

import pytest
from contract_texts import ANY_JSON, golden, outcome
from hypothesis import example, given
from hypothesis import strategies as st

from facematch.contract import Envelope, Verdict
from facematch.errors import InvalidResponse


def answer(result: object = None, **changes: object) -> Envelope:
    data = {"status": "SUCCESS", "traceNo": "45646513218465123", "result": result}
    return Envelope.from_bytes(json.dumps({"errcode": 0, "errmsg": "SUCCESS", "data": data, **changes}).encode())


@pytest.mark.parametrize("name", ["match_answer.json", "idno_answer.json"])
def test_the_documents_answer_is_read_and_written_again(name):
    read = Envelope.from_bytes(golden(name))

    assert (read.errcode, read.status, read.trace_no, read.drift) == (0, "SUCCESS", "45646513218465123", ())
    assert read.verdict() == (Verdict(passed=True, score=99.0), ())
    assert read.to_wire() == json.loads(golden(name))


def test_the_documents_live_code_is_read_and_written_again():
    read = Envelope.from_bytes(golden("validate_data_answer.json"))

    assert read.live_code() == ("2312", ())
    assert read.to_wire() == json.loads(golden("validate_data_answer.json"))


@pytest.mark.parametrize("name", ["match_answer.txt", "idno_answer.txt", "validate_data_answer.txt"])
def test_the_documents_broken_examples_are_refused_not_repaired(name):
    with pytest.raises(InvalidResponse, match="not valid JSON"):
        Envelope.from_bytes(golden(name))


@pytest.mark.parametrize("verdict", [Verdict(passed=True, score=99.0), Verdict(passed=False, score=None)])
def test_a_verdict_is_written_as_texts_under_the_documents_spelling(verdict):
    wire = verdict.to_wire()

    assert wire in ({"isSccess": "true", "score": "99"}, {"isSccess": "false"})
    assert answer(wire).verdict() == (verdict, ())


@pytest.mark.parametrize(
    ("result", "expected", "drift"),
    [
        ({"isSccess": "true", "score": "98.7"}, Verdict(passed=True, score=98.7), ()),
        ({"isSccess": "false"}, Verdict(passed=False, score=None), ()),
        ({"isSccess": "true", "score": ""}, Verdict(passed=True, score=None), ()),
        ({"isSuccess": "true"}, Verdict(passed=True, score=None), ("isSuccess instead of isSccess",)),
        ({"isSccess": True}, Verdict(passed=True, score=None), ('isSccess is not "true" or "false"',)),
        ({"isSccess": 0}, Verdict(passed=False, score=None), ('isSccess is not "true" or "false"',)),
        ({"isSccess": "FALSE "}, Verdict(passed=False, score=None), ('isSccess is not "true" or "false"',)),
        ({"isSccess": "true", "score": 99}, Verdict(passed=True, score=99.0), ("score is not a text",)),
        ({"isSccess": "true", "score": "101"}, Verdict(passed=True, score=101.0), ("score outside 0 to 100",)),
        ({"isSccess": "true", "score": "-1"}, Verdict(passed=True, score=-1.0), ("score outside 0 to 100",)),
        ({"isSccess": "true", "isSuccess": "true"}, Verdict(passed=True, score=None), ("isSuccess beside isSccess",)),
        ({"is_success": "true"}, Verdict(passed=True, score=None), ("is_success instead of isSccess",)),
        ({"isSccess": "true", "Score": "9"}, Verdict(passed=True, score=9.0), ("Score instead of score",)),
        ({"isSccess": "true", "score": "-1.5e1"}, Verdict(passed=True, score=-15.0), ("score outside 0 to 100",)),
        (
            {"is_success": "true", "IsSuccess": "true"},
            Verdict(passed=True, score=None),
            ("is_success instead of isSccess", "IsSuccess beside isSccess"),
        ),
    ],
)  # fmt: skip
def test_other_spellings_of_a_verdict_are_read_and_each_departure_is_named(result, expected, drift):
    assert answer(result).verdict() == (expected, drift)


@pytest.mark.parametrize(
    "result",
    [
        None,
        {},
        {"isSccess": "true", "isSuccess": "false"},
        {"isSccess": "false", "isSuccess": "true"},
        {"isSccess": None},
        {"isSccess": "yes"},
        {"isSccess": 2},
        {"isSccess": ["true"]},
        {"isSccess": 1.0},
        {"isSccess": "true", "issccess": "false"},
        {"isSccess": "true", "is_success": "false"},
        {"isSccess": "1", "isSuccess": "true"},
        {"is_success": "true", "IsSuccess": "false"},
        {"is success": "true"},
        {"ıssccess": "true"},
        {"isSccess": "true", "score": "NaN"},
        {"isSccess": "true", "score": "1e999"},
        {"isSccess": "true", "score": True},
        *(
            {"isSccess": "true", "score": text}
            for text in ("1_0", "９９", "0x10", " 98 ", "+98", "098", "98.", ".5", "9 9")
        ),
        {"isSccess": "true", "score": "99", "Score": "9"},
        {"isSccess": "true", "score": "high"},
        {"isSccess": "true", "score": {}},
        {"isSccess": "true", "score": 10**400},
    ],
)
def test_what_is_no_verdict_is_not_guessed(result):
    with pytest.raises(InvalidResponse):
        answer(result).verdict()


def test_a_result_that_is_json_in_a_text_is_read_and_named():
    read = answer('{"isSccess": "true", "score": "99"}')

    assert read.verdict()[0] == Verdict(passed=True, score=99.0)
    assert read.drift == ("result is a JSON text",)


@pytest.mark.parametrize("result", ["fine", [], 3, '{"isSccess": ', '{"isSccess": "\ud800'])
def test_a_result_that_is_no_object_is_refused(result):
    with pytest.raises(InvalidResponse):
        answer(result)


def test_an_errmsg_of_success_at_errcode_0_means_nothing():
    assert answer({"isSccess": "true"}).errmsg == "SUCCESS"
    assert answer({"isSccess": "true"}, errmsg="FAILURE").verdict()[0].passed


@pytest.mark.parametrize(
    ("changes", "drift"),
    [
        ({"errcode": "0"}, "errcode is a text"),
        ({"errcode": 777}, "errcode unknown"),
        ({"errmsg": 5}, "errmsg is not a text"),
        ({"data": None}, "data missing"),
        ({"data": {"status": "SUCCESS"}}, "traceNo missing"),
        ({"data": {"status": "SUCCESS", "traceNo": ""}}, "traceNo missing"),
        ({"data": {"status": "SUCCESS", "trace_no": "1"}}, "trace_no instead of traceNo"),
        ({"data": {"status": "SUCCESS", "TraceNo": "1"}}, "TraceNo instead of traceNo"),
        ({"data": {"status": "SUCCESS", "traceNo": "1", "trace_no": "1"}}, "trace_no beside traceNo"),
        ({"data": {"status": "Success", "traceNo": "1"}}, "status in another case"),
        ({"data": {"status": "DONE", "traceNo": "1"}}, "status unknown"),
        ({"data": {"status": 1, "traceNo": "1"}}, "status is not a text"),
        ({"errcode": 2010, "data": {"status": ["FAIL"], "traceNo": "1"}}, "status is not a text"),
        ({"errcode": 2010, "errmsg": None}, "errmsg missing"),
        ({"errcode": 2010}, "status contradicts errcode"),
        ({"data": {"traceNo": "1"}}, "status missing"),
        ({"data": {"status": "SUCCESS", "traceNo": 45646513218465123}}, "traceNo is not a text"),
    ],
)
def test_each_departure_of_the_envelope_is_named(changes, drift):
    assert drift in answer(None, **changes).drift


@pytest.mark.parametrize("status", [["FAIL"], ["SUCCESS"], {}, {"SUCCESS": "SUCCESS"}, False, True, 1.5])
def test_a_status_that_is_no_text_is_no_success(status):
    with pytest.raises(InvalidResponse, match="status is not a text"):
        answer(None, data={"status": status, "traceNo": "1", "result": {"isSccess": "true"}})


@pytest.mark.parametrize("status", [0, 1])
def test_a_status_that_is_a_number_is_a_word_that_means_nothing(status):
    assert answer(None, data={"status": status, "traceNo": "1"}).status == str(status)


def test_a_number_as_trace_number_loses_no_digit():
    assert answer(None, data={"status": "SUCCESS", "traceNo": 45646513218465123}).trace_no == "45646513218465123"


@pytest.mark.parametrize("errcode", [None, "", "one", 0.0, True, 2**60, "9" * 5000, "-", "٣", [], {}])
def test_an_errcode_that_is_no_whole_number_is_refused(errcode):
    with pytest.raises(InvalidResponse, match="errcode"):
        answer(None, errcode=errcode)


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b"3", b'"text"', b'{"errcode": 0, "data": []}'])
def test_what_is_no_envelope_is_refused(content):
    with pytest.raises(InvalidResponse):
        Envelope.from_bytes(content)


@pytest.mark.parametrize(
    "result",
    [None, {}, {"code": 312}, {"code": True}, {"code": 2312.0}, {"code": ""}, {"code": "23x2"}, {"code": "１２３４"}],
)
def test_a_live_code_that_is_no_text_of_digits_is_refused(result):
    with pytest.raises(InvalidResponse, match="code"):
        answer(result).live_code()


@given(st.binary())
@example(b'{"errcode": 0, "data": {"result": "{\\ud800"}}')
@example(b'{"errcode": "' + b"9" * 5000 + b'"}')
def test_whatever_bytes_come_only_an_invalid_response_is_raised(content):
    read = outcome(Envelope.from_bytes, content)

    assert isinstance(read, InvalidResponse | Envelope)
    assert len(str(read)) < 200 or isinstance(read, Envelope)


@given(
    errcode=ANY_JSON | st.just(0),
    errmsg=ANY_JSON,
    data=ANY_JSON
    | st.fixed_dictionaries(
        {},
        optional={
            "status": ANY_JSON,
            "traceNo": ANY_JSON,
            "result": ANY_JSON
            | st.fixed_dictionaries({}, optional={"isSccess": ANY_JSON, "score": ANY_JSON, "code": ANY_JSON}),
        },
    ),
)
def test_whatever_envelope_comes_only_an_invalid_response_is_raised(errcode, errmsg, data):
    content = json.dumps({"errcode": errcode, "errmsg": errmsg, "data": data}).encode()

    verdict = outcome(lambda: Envelope.from_bytes(content).verdict())
    live_code = outcome(lambda: Envelope.from_bytes(content).live_code())

    assert isinstance(verdict, InvalidResponse | tuple)
    assert isinstance(live_code, InvalidResponse | tuple)
