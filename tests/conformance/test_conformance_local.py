"""What our own service has beside the contract: what is made there can be listed, used and removed."""

import pytest

from facematch import codes
from tests.service.link_server import LinkServer

from .case import FILES, IDENTITY, PERSONS, TOKENS, Request, Shown, clip, photos
from .media import media
from .servers import TOKEN
from .target import Target

NOWHERE = "0" * 20
NUMBER, NAME = "19000119900101009X", "Nobody"


@pytest.fixture
def offering(tested: Target, base_url: str | None):
    """The server under test, once it is sure that it has what a test needs."""

    def offering(*what: str) -> Target:
        if why := tested.lacks(frozenset(what)):
            assert base_url is not None, why
            pytest.skip(f"the server cannot be asked: {why}")
        return tested

    return offering


def ask(target: Target, method: str, path: str, body: object = None):
    return target.send(Request(body, path, method))


@pytest.mark.parametrize(
    ("method", "path", "offer"),
    [
        ("GET", f"/local/evidence/{NOWHERE}", "evidence"),
        ("GET", f"/local/results/{NOWHERE}", "results"),
        ("DELETE", f"{TOKENS}/nobody", "tokens"),
        ("DELETE", f"{PERSONS}/nobody", "persons"),
        ("DELETE", f"{FILES}/conformance/nowhere", "files"),
    ],
)
def test_what_is_not_there_is_404(method, path, offer, offering):
    answer = ask(offering(offer), method, path)

    assert (answer.status, answer.wire["errcode"]) == (404, codes.BAD_VALUE)


def test_a_token_is_told_once_works_and_ends(offering):
    target = offering("tokens")
    issued = ask(target, "POST", TOKENS, {"note": "conformance, to be revoked"}).result
    listed = ask(target, "GET", TOKENS)
    mine = next(each for each in listed.result["tokens"] if each["id"] == issued["id"])
    revoked = ask(target, "DELETE", f"{TOKENS}/{issued['id']}")

    assert issued["token"].encode() not in listed.content
    assert (mine["note"], mine["revoked_at"]) == ("conformance, to be revoked", None)
    assert revoked.result == {"id": issued["id"]}


def test_a_file_is_stored_listed_used_replaced_and_removed(offering):
    target = offering("files", "fds")
    path = "conformance/lists/photo.jpg"
    sizes = []
    for name in ("no_face.jpg", "obama_2.jpg"):
        stored = ask(target, "PUT", f"{FILES}/{path}", media(name)).result
        listed = {each["path"]: each["bytes"] for each in ask(target, "GET", FILES).result["files"]}
        sizes.append((stored["bytes"], listed[path], len(media(name))))
    used = target.send(Request(photos(image={"origin": "fds", "data": path})))
    removed = ask(target, "DELETE", f"{FILES}/{path}")
    gone = target.send(Request(photos(image={"origin": "fds", "data": path})))

    assert all(len(set(each)) == 1 for each in sizes)
    assert used.result["isSccess"] == "true"
    assert removed.result == {"path": path}
    assert gone.wire["errcode"] == codes.PHOTO_NOT_FETCHED


def test_a_path_that_leads_out_of_the_folder_is_refused(offering):
    answer = ask(offering("files"), "PUT", f"{FILES}/a/%2e%2e/%2e%2e/b.jpg", b"x")

    assert answer.wire["errcode"] == codes.BAD_VALUE


def test_a_person_is_enrolled_masked_recognised_replaced_and_removed(offering):
    target = offering("persons")
    enrolled = ask(target, "POST", PERSONS, {"idNum": NUMBER, "name": NAME, "image": {"data": Shown("obama_2.jpg")}})
    listed = ask(target, "GET", PERSONS)
    wire = {"idNum": NUMBER, "name": NAME, "faceData": photos()["faceData"]}
    known = ask(target, "POST", IDENTITY, wire)
    faceless = ask(target, "POST", PERSONS, {"idNum": NUMBER, "name": NAME, "image": {"data": Shown("no_face.jpg")}})
    unusable = ask(target, "POST", IDENTITY, wire)
    removed = ask(target, "DELETE", f"{PERSONS}/{faceless.result['person']['id']}")
    gone = ask(target, "POST", IDENTITY, wire)

    assert (enrolled.result["refused"], enrolled.result["person"]["portrait"]) == (None, "usable")
    assert NUMBER.encode() not in listed.content
    assert known.result["isSccess"] == "true"
    assert (faceless.result["refused"]["errcode"], unusable.wire["errcode"]) == (2010, 2009)
    assert (removed.wire["errcode"], gone.wire["errcode"]) == (0, 2005)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (photos(), {"clip": False, "errcode": 0}),
        (photos(image={"data": Shown("no_face.jpg")}), {"clip": False, "errcode": 2010, "side": "image"}),
        (clip(), {"clip": True, "errcode": 1004, "side": "faceData"}),
    ],
)
def test_evidence_tells_what_the_answer_tells(body, told, offering):
    target = offering("evidence")
    answer = target.send(Request(body))
    evidence = ask(target, "GET", f"/local/evidence/{answer.trace_no}").result

    assert evidence["trace_no"] == answer.trace_no
    assert (evidence["errcode"], evidence["side"]) == (told["errcode"], told.get("side"))
    assert (evidence["clip"] is not None) == told["clip"]
    assert evidence["score"] == (int(answer.result["score"]) if told["errcode"] == 0 else None)


def test_another_tokens_evidence_and_result_are_nobodys(offering):
    target = offering("evidence", "results", "tokens")
    called = target.send(Request(photos()))
    accepted = target.send(Request(photos(**{"async": True})))
    paths = (f"/local/evidence/{called.trace_no}", f"/local/results/{accepted.trace_no}")

    assert [target.send(Request(None, path, "GET", "another")).status for path in paths] == [404, 404]


def test_health_without_a_token_tells_no_details(offering):
    told = offering("evidence").send(Request(None, "/local/health", "GET", "none")).result

    assert told["status"] in ("warming", "ready")
    assert (told["engine"], told["models"], told["limits"]) == (None, [], {})


def test_a_server_without_health_lacks_what_is_ours_and_keeps_what_is_the_contracts(links):
    def nothing(server, connection, path):
        connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with LinkServer(nothing) as foreign:
        target = Target(foreign.url, TOKEN, links)
        why = target.lacks(frozenset({"lip", "persons"}))

        assert target.lacks(frozenset({"lip"})) is None
        assert why == "not of this product, as it has no /local/health: no persons"
