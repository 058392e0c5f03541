"""What our own service offers beside the contract, through the client; and servers that have nothing of it."""

import pytest
from faulty_server import FaultyServer, refuses, routes, says, says_json, tells

from facematch.client import FaceMatchClient, NotOffered, Photo, Video
from facematch.errors import AuthError, BusinessError, InvalidResponse, RateLimited, RequestInvalid, ServerError
from facematch.samples import DEMO_PERSONS
from facematch.settings import Settings

NUMBER, NAME = "190001194912310021", "张三"
PORTRAIT = Photo(b"1.0")


@pytest.fixture
def own_settings(tmp_path):
    return Settings(data_dir=tmp_path / "own", allow_chosen_codes=True)


@pytest.fixture
def own(own_service, client_of):
    return client_of(own_service.url)


def test_a_person_is_enrolled_verified_and_deleted(own, rows):
    number = valid_number()
    enrolled = own.local.enrol(number, NAME, PORTRAIT)

    assert (enrolled.person.portrait, enrolled.refused) == ("usable", None)
    assert own.local.persons() == (enrolled.person,)
    assert number not in repr(enrolled)
    assert NAME not in repr(enrolled)
    assert own.verify_identity(number, NAME, Photo(b"0.8")).passed
    assert [row["endpoint"] for row in rows()] == ["match_idno"]  # what stands under /local/ is no call
    assert own.local.delete_person(enrolled.person.id) is True
    assert own.local.delete_person(enrolled.person.id) is False
    assert own.local.persons() == ()


def test_a_portrait_that_cannot_be_used_is_told_with_its_reason(own):
    poor = own.local.enrol(valid_number(), NAME, Photo(b"wall"))
    none = own.local.enrol(valid_number(), NAME)

    assert (poor.person.portrait, poor.refused.errcode) == ("unusable", 2010)
    assert (none.person.portrait, none.refused) == ("none", None)


@pytest.mark.parametrize(("number", "name", "errcode"), [("123", NAME, 2003), (None, "x" * 99, 2002)])
def test_a_malformed_person_is_refused_without_being_repeated(number, name, errcode, own):
    with pytest.raises(BusinessError) as caught:
        own.local.enrol(number or valid_number(), name, PORTRAIT)

    assert caught.value.errcode == errcode
    assert name not in f"{caught.value!r} {vars(caught.value)}"


def test_demo_persons_are_enrolled_once(own):
    first, second = own.local.enrol_demo(), own.local.enrol_demo()

    assert [person.name[0] for person in first] == [person.name[0] for person in DEMO_PERSONS]
    assert [(person.id_number, person.name) for person in first] == [
        (person.id_number, person.name) for person in second
    ]
    assert len(own.local.persons()) == len(DEMO_PERSONS)


def test_a_file_is_uploaded_compared_and_deleted(own):
    stored = own.local.upload("a/probe 照片.bin", b"0.8")

    assert (stored.path, stored.bytes) == ("a/probe 照片.bin", 3)
    assert own.local.files() == (stored,)
    assert own.match(PORTRAIT, Photo.from_file_server(stored.path)).score == 80
    assert own.local.delete_file(stored.path) is True
    assert own.local.delete_file(stored.path) is False
    assert own.local.files() == ()


@pytest.mark.parametrize("path", ["", "/", "a//b", "../tokens", "a/./b", "a/..", "\ud800"])
def test_a_path_that_would_lead_elsewhere_is_refused_here(path, own):
    with pytest.raises(RequestInvalid, match="path"):
        own.local.upload(path, b"any")
    with pytest.raises(RequestInvalid, match="path"):
        own.local.delete_file(path)


def test_nothing_empty_is_uploaded(own):
    with pytest.raises(RequestInvalid, match="0 bytes"):
        own.local.upload("a", b"")


def test_what_cannot_be_encoded_is_refused_here(own):
    with pytest.raises(RequestInvalid, match="not valid Unicode"):
        own.local.issue_token("\ud800")


def test_a_token_works_until_it_is_revoked(own, own_service):
    issued = own.local.issue_token("the till in hall 2")
    other = FaceMatchClient(own_service.url, issued.token)

    assert issued.token not in repr(issued)
    assert other.match(PORTRAIT, PORTRAIT).passed
    assert [(token.id, token.note, token.revoked_at) for token in own.local.tokens()] == [
        (issued.id, "the till in hall 2", None)
    ]
    assert own.local.revoke_token(issued.id) is True
    with pytest.raises(AuthError, match="40102"):
        other.match(PORTRAIT, PORTRAIT)
    with pytest.raises(AuthError):  # not mistaken for a server without results
        other.result("1")
    with pytest.raises(AuthError):
        other.local.persons()
    assert own.local.tokens()[0].revoked_at is not None
    assert own.local.revoke_token("unknown") is False
    other.close()


def test_a_chosen_code_is_a_live_code(own):
    own.local.chosen_code("6606")

    assert own.match(PORTRAIT, Video(b"video 0.8 said 6606"), live_code="6606").passed
    with pytest.raises(BusinessError, match="1133"):
        own.match(PORTRAIT, Video(b"video 0.8 said 6606"), live_code="6606")


def test_a_service_that_allows_no_chosen_codes_does_not_offer_them(client):
    with pytest.raises(NotOffered, match="live-codes"):
        client.local.chosen_code("6606")


def test_the_openapi_document_is_told(own):
    assert own.local.openapi()["openapi"].startswith("3.")


CALLS = {
    "persons": lambda local: local.persons(),
    "person": lambda local: local.delete_person("1"),
    "enrol": lambda local: local.enrol(NUMBER, NAME),
    "demo": lambda local: local.enrol_demo(),
    "files": lambda local: local.files(),
    "file": lambda local: local.delete_file("a"),
    "upload": lambda local: local.upload("a", b"any"),
    "tokens": lambda local: local.tokens(),
    "token": lambda local: local.revoke_token("1"),
    "issue": lambda local: local.issue_token("any"),
    "code": lambda local: local.chosen_code("1234"),
    "openapi": lambda local: local.openapi(),
}
NEVER_HEARD_OF = {"404": says(404), "405": says(405), "page": says(200, b"<html>"), "envelope": refuses(200, 404)}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("answer", NEVER_HEARD_OF)
def test_a_server_that_is_not_ours_offers_none_of_it(call, answer, client_of, rows):
    with FaultyServer(NEVER_HEARD_OF[answer]) as server, pytest.raises(NotOffered, match="does not offer"):
        CALLS[call](client_of(server.url).local)

    assert rows() == []


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("act", "error"), [(refuses(401, 40101), AuthError), (refuses(429, 16), RateLimited), (says(500), ServerError)]
)
def test_other_failures_stay_what_they_are(call, act, error, client_of):
    lives = tells({"status": "ready", "version": "1"})
    with FaultyServer(routes({"GET /local/health": lives}, act)) as server, pytest.raises(error):
        CALLS[call](client_of(server.url).local)


@pytest.mark.parametrize("call", [name for name in CALLS if name not in ("person", "file", "token", "code")])
def test_an_answer_of_another_shape_is_an_invalid_answer(call, client_of):
    offers = ["persons", "files", "tokens", "openapi"]
    health = tells({"status": "ready", "version": "1", "offers": offers})
    answer = tells({"persons": [{"id": 1}], "files": 7, "tokens": {"id": "1"}})
    with FaultyServer(routes({"GET /local/health": health}, answer)) as server, pytest.raises(InvalidResponse):
        CALLS[call](client_of(server.url).local)


def test_a_server_that_repeats_the_person_is_not_repeated(client_of):
    health = tells({"status": "ready", "version": "1", "offers": ["persons"]})
    says_name = says_json(200, {"errcode": 2002, "errmsg": f"{NAME} {NUMBER}", "data": {"status": "FAIL"}})
    with (
        FaultyServer(routes({"GET /local/health": health}, says_name)) as server,
        pytest.raises(BusinessError) as caught,
    ):
        client_of(server.url).local.enrol(NUMBER, NAME)

    assert caught.value.errmsg == "张* 1****************1"


def valid_number() -> str:
    return DEMO_PERSONS[0].id_number
