"""Of a person nothing stays: not in the log's file, nor in what may be shown, nor in an error, whatever comes back."""

import hmac
import json
import logging
import traceback
from base64 import b64encode
from itertools import product
from pathlib import Path
from urllib.parse import quote

import pytest
from faulty_server import FaultyServer, echoes, says_json, sent_body, tells

from facematch.client import Photo, Video
from facematch.client.body import Body
from facematch.client.call import Sent
from facematch.client.errand import Entry, Errand, Line
from facematch.client.retry import Budget, Kind
from facematch.client.tokens import Tokens
from facematch.client.transport import Transport
from facematch.errors import BusinessError, CallError

NUMBER, NAME, CODE = "99010119900101001x", "演示甲", "0521"
FILE = bytes(range(256))
QUERY = "token=a-signature-of-somebody&who=7"
LINK = f"https://owner:pass-word@files.example:8443/a/clip.mp4?{QUERY}#fragment-of-it"
BASE64 = b64encode(FILE).decode()
SECRETS = (
    NUMBER,
    NUMBER.upper(),
    NAME,
    quote(NAME),
    json.dumps(NAME)[1:-1],
    NAME.encode().decode("latin-1"),
    BASE64,
    QUERY,
    "a-signature-of-somebody",
    "pass-word",
    "fragment-of-it",
)

CALLS = {
    "identity, LIP": lambda c: c.verify_identity(NUMBER, NAME, Video(FILE), live_code=CODE),
    "identity, link": lambda c: c.verify_identity(NUMBER, NAME, Video.from_link(LINK), live_code=CODE),
    "identity, async": lambda c: c.start_identity(NUMBER, NAME, Photo(FILE)),
    "match, links": lambda c: c.match(Photo.from_link(LINK), Video.from_link(LINK), live_code=CODE),
    "match, bytes": lambda c: c.match(Photo(FILE), Video(FILE), live_code=CODE),
}


def says_all_of_it(server, connection, request):
    """A server that puts all that it got into every text of an answer, in several spellings."""
    wire = sent_body(request)
    texts = [wire.get("idNum", ""), wire.get("name", ""), wire["faceData"]["data"], wire.get("liveCode", "")]
    ways = [*texts, *map(str.upper, texts), *map(quote, texts), json.dumps(texts), json.dumps(json.dumps(texts))]
    text = " | ".join(ways)
    data = {"status": f"FAIL {text}", "traceNo": text, "result": {"isSccess": "false", "why": text}}
    says_json(200, {"errcode": 2, "errmsg": text, "data": data})(server, connection, request)


ACTS = {"accepts": tells(None, status="PROCESSING"), "echoes": echoes, "says all of it": says_all_of_it}


def file_of(log) -> bytes:
    return b"".join(path.read_bytes() for path in Path(log.place).parent.iterdir())


def found_in(text: str) -> list[str]:
    """The secrets that *text* holds; the live code where it stands alone, for its digits are part of other numbers."""
    words = text.replace('"', " ").replace("=", " ").replace("'", " ").split()
    return [secret for secret in SECRETS if secret in text] + [word for word in words if word == CODE]


@pytest.mark.parametrize("case", list(product(CALLS, ACTS)), ids="-".join)
def test_nothing_personal_is_kept_shown_or_raised(case, client_of, rows, log, token, caplog):
    name, act = case[0], ACTS[case[1]]
    caplog.set_level(logging.DEBUG)
    with FaultyServer(act) as server:
        client = client_of(server.url)
        try:
            answer = CALLS[name](client)
            shown = f"{answer!r} {answer.exchange.answer}"
        except CallError as error:
            told = "".join(traceback.format_exception(error))
            shown = f"{error!r} {vars(error)} {told} {error.exchange.answer}"
        request = server.received[0]

    (row,) = rows()
    # a live code's digits may stand anywhere in a number that a server makes up
    assert found_in(f"{shown} {client!r} {client.local!r} {caplog.text}") == []
    assert found_in(str({column: text for column, text in row.items() if column != "trace_no"})) == []
    kept = file_of(log)
    assert [secret for secret in SECRETS if secret.encode() in kept] == []
    assert token.encode() not in kept
    assert token not in shown
    assert b"Authorization" in request


def test_the_row_has_a_mask_and_a_keyed_digest_of_the_number(client_of, rows):
    with FaultyServer(tells({"isSccess": "true", "score": "99"})) as server:
        client = client_of(server.url)
        for number in (NUMBER, f" {NUMBER.upper()} ", "９９010119900101001X", "990101199001010011"):
            client.verify_identity(number, NAME, Photo(FILE))

    assert [row["subject_mask"] for row in rows()] == [*["9****************X"] * 3, "9****************1"]
    digests = [row["subject_hmac"] for row in rows()]
    assert digests[0] == digests[1] == digests[2] == hmac.digest(b"s" * 32, NUMBER.upper().encode(), "sha256")[:16]
    assert digests[3] != digests[0]


def test_the_row_of_a_match_has_no_subject(client_of, rows):
    with FaultyServer(tells({"isSccess": "true"})) as server:
        client_of(server.url).match(Photo(FILE), Video(FILE))

    assert [(row["subject_mask"], row["subject_hmac"]) for row in rows()] == [(None, None)]


def test_what_may_be_shown_has_masks(client_of):
    with FaultyServer(tells({"isSccess": "true", "score": "99"})) as server:
        client = client_of(server.url)
        identity = client.verify_identity(NUMBER, NAME, Video.from_link(LINK), live_code=CODE).exchange
        match = client.match(Photo.from_file_server("a/b.jpg"), Video(FILE)).exchange

    assert identity.request == {
        "liveCode": "****",
        "idNum": "9****************X",
        "name": "演*",
        "faceData": {
            "type": "video",
            "videoType": "LIP",
            "origin": "uri",
            "data": "https://files.example:8443/a/clip.mp4?…",
        },
    }
    assert match.request == {
        "image": {"origin": "fds", "data": "a/b.jpg"},
        "faceData": {"type": "video", "videoType": "SILENT", "origin": "self", "data": "<base64, 344 characters>"},
    }


def test_an_answer_that_names_nobody_is_shown_as_it_came(client_of):
    with FaultyServer(tells({"isSccess": "true", "score": "52"})) as server:
        exchange = client_of(server.url).verify_identity(NUMBER, "A", Video(FILE), live_code="1234").exchange

    assert json.loads(exchange.answer)["data"] == {  # neither 1234 in the number nor A in FACE is the name or the code
        "status": "SUCCESS",
        "traceNo": "12345678901234567890",
        "result": {"isSccess": "true", "score": "52"},
    }


def test_an_initial_is_not_cut_out_of_the_rows_words(client_of, rows):
    answer = {"errcode": 2005, "errmsg": "A is not FAMOUS", "data": {"status": "FAIL", "traceNo": "1A2"}}
    with FaultyServer(says_json(200, answer)) as server, pytest.raises(BusinessError):
        client_of(server.url).verify_identity(NUMBER, "A", Photo(FILE))

    assert [(row["errmsg"], row["status"], row["trace_no"]) for row in rows()] == [("* is not FAMOUS", "FAIL", "1A2")]


@pytest.mark.parametrize("text", [NAME, CODE, QUERY])
def test_what_stands_beside_an_answer_is_cleaned_too(text, client_of, rows):
    headers = {"X-FaceMatch-Facts": json.dumps({"engine": f"of {text}", "mapping": text, "cosine": 0.5})}
    wire = {"errcode": 0, "data": {"status": "SUCCESS", "traceNo": "1", "result": {"isSccess": "true", "score": "9"}}}
    with FaultyServer(says_json(200, wire, headers)) as server:
        client_of(server.url).verify_identity(NUMBER, NAME, Video.from_link(LINK), live_code=CODE)

    assert text not in rows()[0]["extra"]
    assert json.loads(rows()[0]["extra"])["cosine"] == 0.5


def test_whatever_else_a_row_is_given_is_scrubbed_too(log, rows, token):
    line = Line(Transport(connect_timeout_s=1), Tokens(token), "e", timeout_s=1, attempts=1, budget=Budget())
    sent = Sent("http://127.0.0.1", Body({"idNum": NUMBER, "name": NAME}))
    Errand(line, sent, Entry(log, "match_idno"), Kind.NEVER).run(
        lambda call: call.note(note=f"{NAME} {NUMBER} {token}")
    )

    assert json.loads(rows()[0]["extra"]) == {"note": "* * *"}


def test_an_issued_code_is_only_in_its_own_field(client_of, rows, log):
    with FaultyServer(tells({"code": CODE, "note": f"read {CODE} aloud"})) as server:
        issued = client_of(server.url).live_code()

    assert issued.code == CODE
    assert found_in(f"{issued!r} {issued.exchange.answer} {rows()[0]}") == []


def test_an_echoed_issued_code_is_not_logged(client_of, log):
    answer = {"errcode": 0, "errmsg": f"code {CODE}", "data": {"status": "SUCCESS", "result": {"code": CODE}}}
    with FaultyServer(says_json(200, answer)) as server:
        client_of(server.url).live_code()

    assert CODE.encode() not in file_of(log).replace(b"00000521", b"")


def test_the_side_at_fault_survives_the_hiding(client_of):
    answer = {"errcode": 2010, "errmsg": f"faceData: no face of {NAME}", "data": {"status": "FAIL", "traceNo": "1"}}
    with FaultyServer(says_json(200, answer)) as server, pytest.raises(BusinessError) as caught:
        client_of(server.url).verify_identity(NUMBER, NAME, Photo(FILE))

    assert (caught.value.side, caught.value.errmsg) == ("faceData", "faceData: no face of 演*")
