"""Where an answer departs from the document: shown with the result or the error, kept in the row, and never a yes."""

import json

import pytest
from faulty_server import HANDLED, FaultyServer, says, says_json, tells
from hypothesis import given
from hypothesis import strategies as st
from repeated import ANY, extras
from requests.structures import CaseInsensitiveDict

from facematch.client.answers import read_answer
from facematch.client.transport import Reply
from facematch.contract import Envelope
from facematch.drift import understood
from facematch.errors import BusinessError, CallError, InvalidResponse, Refusal, ServerError

SERVERS_OWN = "a-secret-of-the-server"
JSON = {"Content-Type": "application/json"}


def answers(errcode=0, *, status="SUCCESS", result=None, **more):
    data = {"status": status, "traceNo": "12345678901234567890", "result": result or {"isSccess": "true", "score": "9"}}
    return {"errcode": errcode, "errmsg": None if errcode == 0 else "no", "data": data, **more}


def without(wire, *path):
    """*wire* with its last key of *path* taken out."""
    copied = json.loads(json.dumps(wire))
    inner = copied
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return copied


# each: the answer, and the clauses about it
HANDLED_BUT = {
    "errCode": ({"errCode": 0, "data": HANDLED["data"]}, ["errCode instead of errcode"]),
    "a text": ({**HANDLED, "errcode": "0"}, ["errcode is a text"]),
    "no traceNo": (without(HANDLED, "data", "traceNo"), ["traceNo missing"]),
    "no status": (without(HANDLED, "data", "status"), ["status missing"]),
    "another case": (answers(status="success"), ["status in another case"]),
    "a number": (answers(result={"isSccess": "true", "score": 99}), ["score is not a text"]),
    "two spellings": (answers(result={"isSccess": "true", "isSuccess": "true"}), ["isSuccess beside isSccess"]),
    "a text of JSON": (answers(result='{"isSccess": "true"}'), ["result is a JSON text"]),
}
REFUSED_BUT = {
    "unknown": (answers(987654, status="FAIL", result={"isSccess": "false"}), ["errcode unknown"]),
    "no data": ({"errcode": 2010, "errmsg": "no"}, ["data missing", "traceNo missing", "status missing"]),
    "no words": (without(answers(2010, status="FAIL", result={"a": 1}), "errmsg"), ["errmsg missing"]),
    "it says yes": (answers(2010), ["status contradicts errcode", "isSccess contradicts errcode"]),
    "a number": ({**answers(2010, status="FAIL", result={"a": 1}), "errmsg": 7}, ["errmsg is not a text"]),
    "data of another kind": (
        {"errcode": 2010, "errmsg": "no", "data": []},
        ["data is not an object", "traceNo missing", "status missing"],
    ),
    "result of another kind": (answers(2010, status="FAIL", result="no face"), ["result is not an object"]),
    "a result that is cut off": (
        answers(2010, status="FAIL", result='{"isSccess": '),
        ["result is a JSON text", "result is not an object"],
    ),
    "unknown status": (answers(0, status="DONE"), ["status unknown"]),
}


@pytest.mark.parametrize("case", HANDLED_BUT)
def test_a_departure_fails_no_call_and_is_in_the_row(case, client_of, rows):
    wire, clauses = HANDLED_BUT[case]
    with FaultyServer(says_json(200, wire)) as server:
        match = client_of(server.url).match(ANY, ANY)

    assert match.passed
    assert list(match.drift) == clauses
    assert extras(rows)[0]["drift"] == clauses
    assert rows()[0]["outcome"] == "ok"


@pytest.mark.parametrize("case", REFUSED_BUT)
def test_a_refusal_tells_its_departures_too(case, client_of, rows):
    wire, clauses = REFUSED_BUT[case]
    with FaultyServer(says_json(200, wire)) as server, pytest.raises(BusinessError) as caught:
        client_of(server.url).match(ANY, ANY)

    assert list(caught.value.drift) == clauses
    assert extras(rows)[0]["drift"] == clauses


def test_an_orderly_refusal_has_none(client_of, rows):
    wire = answers(2010, status="FAIL", result={"isSccess": "false"})
    with FaultyServer(says_json(200, wire)) as server, pytest.raises(BusinessError) as caught:
        client_of(server.url).match(ANY, ANY)

    assert caught.value.drift == ()
    assert extras(rows) == [{}]


def test_what_was_understood_of_an_answer_without_a_verdict_is_in_its_row(client_of, rows):
    wire = {"ErrCode": 0, "data": {"status": "SUCCESS", "result": {}}}
    with FaultyServer(says_json(200, wire)) as server, pytest.raises(InvalidResponse):
        client_of(server.url).match(ANY, ANY)

    assert extras(rows)[0]["drift"] == ["ErrCode instead of errcode", "traceNo missing"]


CONTRADICTING = {
    "errcode": {**HANDLED, "errCode": 1003},
    "data": {**HANDLED, "Data": {"status": "FAIL"}},
    "status": {**HANDLED, "data": {**HANDLED["data"], "Status": "FAIL"}},
    "result": {**HANDLED, "data": {**HANDLED["data"], "Result": {"isSccess": "false"}}},
    "isSccess": answers(result={"isSccess": "true", "is_success": "false", "score": "99"}),
    "score": answers(result={"isSccess": "true", "score": "99", "Score": "1"}),
}


@pytest.mark.parametrize("name", CONTRADICTING)
def test_two_spellings_of_one_name_that_contradict_each_other_are_no_answer(name, client_of, rows):
    with FaultyServer(says_json(200, CONTRADICTING[name])) as server, pytest.raises(InvalidResponse) as caught:
        client_of(server.url).match(ANY, ANY)

    assert str(caught.value) == f"two spellings of {name} contradict each other"
    assert [(row["outcome"], row["success"]) for row in rows()] == [("bad_response", None)]


@pytest.mark.parametrize("status", [["FAIL"], False, 0, {}, 1])
def test_a_status_that_is_no_text_passes_nobody(status, client_of, rows):
    with (
        FaultyServer(says_json(200, answers(status=status))) as server,
        pytest.raises((InvalidResponse, BusinessError)),
    ):
        client_of(server.url).match(ANY, ANY)

    assert rows()[0]["success"] is None


def test_an_error_status_around_a_yes_is_no_yes(client_of, rows):
    with FaultyServer(says_json(500, HANDLED)) as server, pytest.raises(ServerError) as caught:
        client_of(server.url).match(ANY, ANY)

    assert caught.value.drift == ("HTTP status contradicts errcode",)
    assert rows()[0]["success"] is None


def test_an_answer_that_is_declared_as_something_else_is_read_and_noted(client_of):
    text = json.dumps({**HANDLED, "errmsg": "成功"}, ensure_ascii=False).encode("gbk")
    with FaultyServer(says(200, text, {"Content-Type": "text/html"})) as server:
        match = client_of(server.url).match(ANY, ANY)

    assert match.passed
    assert match.drift == ("the text is not UTF-8", "Content-Type is not JSON")


def test_a_live_code_that_is_a_number_is_used_and_noted(client_of, rows):
    with FaultyServer(tells({"Code": 4711})) as server:
        issued = client_of(server.url).live_code()

    assert issued.code == "4711"
    assert issued.drift == ("Code instead of code", "code is not a text")
    assert extras(rows)[0] == {"drift": list(issued.drift)}


def test_a_call_that_is_answered_later_keeps_its_departures(client_of, rows):
    wire = {"errcode": "0", "data": {"status": "processing", "trace_no": "1"}}
    with FaultyServer(says_json(200, wire)) as server:
        accepted = client_of(server.url).start_match(ANY, ANY)

    assert accepted.trace_no == "1"
    assert extras(rows)[0] == {
        "drift": ["errcode is a text", "trace_no instead of traceNo", "status in another case"],
        "accepted": True,
    }


def test_what_a_server_wrote_is_in_no_clause(client_of, rows):
    wire = {
        "errcode": "7",
        SERVERS_OWN: SERVERS_OWN,
        "errmsg": [SERVERS_OWN],
        "data": {"status": SERVERS_OWN, "traceNo": {SERVERS_OWN: SERVERS_OWN}},
    }
    with FaultyServer(says_json(200, wire)) as server, pytest.raises(Refusal) as caught:
        client_of(server.url).match(ANY, ANY)

    assert len(caught.value.drift) == 5
    assert SERVERS_OWN not in str(caught.value.drift)
    assert all(understood(clause) for clause in caught.value.drift)


@given(
    st.integers(200, 599),
    st.sampled_from([0, 0, "0", 16, 2010, None]),
    st.sampled_from(["SUCCESS", "success", "FAIL", "DONE", "", None, 1, "PROCESSING"]),
    st.sampled_from(["true", "false", True, "yes", None, {}]),
    st.sampled_from(["errcode", "errCode", "code"]),
)
def test_a_yes_needs_a_good_status_errcode_0_and_a_readable_verdict(http, errcode, status, verdict, key):
    wire = {key: errcode, "data": {"status": status, "traceNo": "1", "result": {"isSccess": verdict}}}
    try:
        envelope = read_answer(Reply(http, CaseInsensitiveDict(JSON), json.dumps(wire).encode()))
        passed = envelope.verdict()[0].passed
    except CallError:
        return

    assert isinstance(envelope, Envelope)
    assert 200 <= http < 300
    assert str(errcode) == "0"
    assert status in ("SUCCESS", "success", "", None, "PROCESSING")
    assert passed is (str(verdict).lower() == "true")
