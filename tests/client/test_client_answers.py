"""An HTTP answer of any kind becomes an envelope or an error of a call; a time to come back is read or ignored."""

import json
import time
from email.utils import formatdate

import pytest
from contract_texts import ANY_JSON
from hypothesis import example, given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from facematch.client.answers import LONGEST_S, read_answer, retry_after_s
from facematch.client.transport import Reply
from facematch.contract import Envelope
from facematch.errors import CallError, HttpStatusError, RateLimited, Refusal, ServerError

WORDS = st.sampled_from(
    [*"0123456789", " ", "-", ":", ",", "+", "Sun", "Nov", "GMT", "2026", "99999", "12:00:00", "soon"]
)
TIMES = st.text(max_size=30) | st.lists(WORDS, max_size=12).map("".join)
FIELDS = st.sampled_from(["status", "traceNo", "result", "isSccess"])
DATA = st.dictionaries(FIELDS, ANY_JSON | st.dictionaries(FIELDS, ANY_JSON), max_size=4)

WIRES = ANY_JSON | st.fixed_dictionaries(
    {"errcode": ANY_JSON | st.just(0)}, optional={"data": DATA, "errmsg": ANY_JSON}
)


def reply(status=200, content=b"", **headers):
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(status, CaseInsensitiveDict(named), content)


@given(st.integers(100, 599), st.binary() | WIRES.map(lambda wire: json.dumps(wire).encode()))
@example(200, b"\xef\xbb\xbf{}")
@example(503, b'{"errcode": 0, "data": {"status": "SUCCESS"}}')
def test_whatever_comes_is_an_envelope_or_an_error_of_a_call(status, content):
    try:
        envelope = read_answer(reply(status, content))
    except CallError:
        return

    assert isinstance(envelope, Envelope)
    assert 200 <= status < 300
    assert envelope.errcode == 0


@given(st.integers(400, 599), st.integers(-5, 5) | st.just(16), st.sampled_from(["SUCCESS", "FAIL"]))
def test_an_error_status_is_a_refusal_whatever_its_body_says(status, errcode, word):
    wire = {"errcode": errcode, "data": {"status": word, "traceNo": "1", "result": {"isSccess": "true"}}}
    with pytest.raises(Refusal) as caught:
        read_answer(reply(status, json.dumps(wire).encode()))

    assert caught.value.errcode == errcode


@given(TIMES, TIMES)
@example("-0", "")
@example("Sun, 22 Nov 2026 12:00:00 -0000", "Sun, 22 Nov 99999 12:00:00 GMT")
@example("9" * 5000, "")
def test_whatever_a_server_says_of_a_time_is_seconds_or_nothing(text, date):
    seconds = retry_after_s(reply(429, Retry_After=text, Date=date))

    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        (" 7 ", 7.0),
        ("86400", 86400.0),
        ("Sun, 22 Nov 2026 12:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 11:59:00 GMT", 0.0),
        ("Sunday, 22-Nov-26 12:00:30 GMT", 30.0),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
        ("1e3", None),
        ("9999999999", LONGEST_S),
        ("0" * 400 + "7", 7.0),
        ("9" * 400, LONGEST_S),
    ],
)
def test_seconds_and_http_dates_are_understood_and_nothing_else(text, seconds):
    assert retry_after_s(reply(429, Retry_After=text, Date="Sun, 22 Nov 2026 12:00:00 GMT")) == seconds


def test_without_a_clock_of_the_servers_ours_counts():
    told = retry_after_s(reply(503, Retry_After=formatdate(time.time() + 300, usegmt=True)))

    assert 200 < told <= 301


@pytest.mark.parametrize(("status", "kind"), [(429, RateLimited), (503, ServerError), (404, HttpStatusError)])
def test_every_http_error_tells_when_to_come_back_if_the_server_did(status, kind):
    with pytest.raises(kind) as caught:
        read_answer(reply(status, Retry_After="7"))

    assert caught.value.retry_after_s == 7
