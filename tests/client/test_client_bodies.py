"""Every combination of endpoint, probe, mode, origin and async has the contract's body, and its row the right words."""

from itertools import product

import pytest
from faulty_server import HANDLED, FaultyServer, says_json, sent_body

from facematch.client import Match, Photo, Video
from facematch.errors import RequestInvalid

MATCH, IDENTITY = "/tech/ai/face/match", "/tech/ai/face/match/idno"
NUMBER, NAME = "99010119900101001x", " 演示 甲 "
DATA = {"self": "Ynl0ZXM=", "uri": "https://h/x?q=1", "fds": "a/b.bin"}
MODES = {  # mode of the row: (type of the probe, arguments, videoType and liveCode on the wire)
    "photo": (Photo, {}, {}, {}),
    "SILENT": (Video, {}, {"videoType": "SILENT"}, {}),
    "LIP": (Video, {"video_type": "LIP", "live_code": "0521"}, {"videoType": "LIP"}, {"liveCode": "0521"}),
}
CASES = list(product(("match", "match_idno"), MODES, DATA, DATA, (False, True)))


def built(kind, origin):
    return {
        "self": lambda: kind(b"bytes"),
        "uri": lambda: kind.from_link(DATA["uri"]),
        "fds": lambda: kind.from_file_server(DATA["fds"]),
    }[origin]()


def ask(client, endpoint, is_async, reference, probe, options):
    if endpoint == "match":
        return (client.start_match if is_async else client.match)(reference, probe, **options)
    return (client.start_identity if is_async else client.verify_identity)(NUMBER, NAME, probe, **options)


@pytest.fixture(scope="module")
def server():
    with FaultyServer(says_json(200, HANDLED)) as server:
        yield server


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_body_is_the_contracts(case, server, client_of, rows):
    endpoint, mode, reference, probe, is_async = case
    kind, options, video_type, live_code = MODES[mode]
    answer = ask(client_of(server.url), endpoint, is_async, built(Photo, reference), built(kind, probe), options)

    request = server.received[-1]
    subject = (
        {"image": {"origin": reference, "data": DATA[reference]}}
        if endpoint == "match"
        else {"idNum": NUMBER, "name": NAME}
    )
    type_ = "image" if kind is Photo else "video"
    assert request.startswith(f"POST {MATCH if endpoint == 'match' else IDENTITY} HTTP/1.1".encode())
    assert sent_body(request) == {
        **({"async": True} if is_async else {}),
        **live_code,
        **subject,
        "faceData": {"type": type_, **video_type, "origin": probe, "data": DATA[probe]},
    }
    assert isinstance(answer, Match)
    (row,) = rows()
    assert (row["endpoint"], row["mode"], row["outcome"], row["success"]) == (endpoint, mode, "ok", 1)
    assert (row["ref_digest"] is None) == (endpoint == "match_idno" or reference != "self")
    assert (row["probe_digest"] is None) == (probe != "self")


@pytest.mark.parametrize(
    ("options", "video_type", "live_code"),
    [
        ({}, "SILENT", None),
        ({"live_code": "0521"}, "LIP", "0521"),
        ({"video_type": "LIP", "live_code": "0521"}, "LIP", "0521"),
        ({"video_type": "SILENT"}, "SILENT", None),
        ({"video_type": "SILENT", "live_code": "1232"}, "SILENT", "1232"),  # as the document's own example does
    ],
)
def test_a_live_code_means_lip_unless_told_otherwise(options, video_type, live_code, server, client_of):
    client_of(server.url).match(Photo(b"r"), Video(b"p"), **options)

    body = sent_body(server.received[-1])
    assert (body["faceData"]["videoType"], body.get("liveCode")) == (video_type, live_code)


@pytest.mark.parametrize(
    "terms",
    [
        (Video(b"p"), {"video_type": "LIP"}, "LIP needs a live code"),
        (Video(b"p"), {"video_type": "LIP", "live_code": ""}, "LIP needs a live code"),
        (Video(b"p"), {"live_code": ""}, "LIP needs a live code"),
        (Video(b"p"), {"live_code": "\ud800"}, "not valid Unicode"),
        (Photo(b"p"), {"live_code": "0521"}, "not with a photo"),
        (Photo(b"p"), {"video_type": "SILENT"}, "not with a photo"),
    ],
)
@pytest.mark.parametrize("endpoint", ["match", "match_idno"])
@pytest.mark.parametrize("is_async", [False, True])
def test_terms_that_contradict_are_refused_before_anything_is_sent(endpoint, is_async, terms, server, client_of, rows):
    probe, options, problem = terms
    before = len(server.received)
    with pytest.raises(RequestInvalid, match=problem) as caught:
        ask(client_of(server.url), endpoint, is_async, Photo(b"r"), probe, options)

    assert "0521" not in str(caught.value)
    assert len(server.received) == before
    assert rows() == []


@pytest.mark.parametrize(
    ("number", "name", "problem"),
    [
        ("", "张三", "the ID number is empty"),
        (" \n", "张三", "the ID number is empty"),
        ("1", "", "the name is empty"),
        ("1", "　", "the name is empty"),
        ("1", "\ud800", "the name is not valid Unicode"),
    ],
)
def test_an_identity_without_number_or_name_is_not_sent(number, name, problem, server, client_of, rows):
    before = len(server.received)
    with pytest.raises(RequestInvalid, match=problem):
        client_of(server.url).verify_identity(number, name, Photo(b"p"))

    assert (len(server.received), rows()) == (before, [])


def test_a_malformed_number_is_the_servers_business(server, client_of):
    client_of(server.url).verify_identity("not a number", "x" * 99, Photo(b"p"))

    body = sent_body(server.received[-1])
    assert (body["idNum"], body["name"]) == ("not a number", "x" * 99)
