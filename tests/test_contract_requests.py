"""The contract's requests: the document's own examples, and each thing in them that is easy to get wrong."""

import json
from typing import Any

import pytest
from contract_texts import ANY_JSON, golden, outcome
from hypothesis import given
from hypothesis import strategies as st

from facematch.contract import IdentityRequest, MatchRequest, Media, Probe
from facematch.errors import RequestRefused

PHOTO = {"type": "image", "data": "cHJvYmU="}


def request(**changes: object) -> dict[str, Any]:
    wire = {"image": {"data": "cmVmZXJlbmNl"}, "faceData": PHOTO, **changes}
    return {key: value for key, value in wire.items() if value is not ...}


def video(**changes: object) -> dict[str, object]:
    return {"type": "video", "data": "dmlkZW8=", **changes}


def refusal(wire: dict[str, Any]) -> RequestRefused:
    with pytest.raises(RequestRefused) as caught:
        MatchRequest.from_wire(wire)
    return caught.value


def test_the_documents_match_request_is_read_and_written_again():
    wire = json.loads(golden("match_request.json"))

    read = MatchRequest.from_wire(wire)

    assert read == MatchRequest(
        Media("xxxxxxxxxxxxxx.jpg", "fds"), Probe(Media("xxxxxxxxxxxxxx.mp4", "fds"), "video", "SILENT")
    )
    assert read.to_wire() == {key: wire[key] for key in ("image", "faceData")}  # async false and the idle liveCode go
    assert MatchRequest.from_wire(read.to_wire()) == read


def test_the_documents_identity_request_is_read():
    read = IdentityRequest.from_wire(json.loads(golden("idno_request.json")))

    assert (read.id_number, read.name, read.live_code) == ("身份证号码", "姓名", None)
    assert read.probe == Probe(Media("xxxxxxxxxxxxxx.mp4", "fds"), "video", "SILENT")
    assert IdentityRequest.from_wire(read.to_wire()) == read


def test_what_is_asked_for_beside_the_pictures_is_written_and_read_again():
    probe = Probe(Media("dmlkZW8="), "video", "LIP")
    asked = IdentityRequest("number", "name", probe, live_code="0521", is_async=True)

    assert {key: value for key, value in asked.to_wire().items() if key != "faceData"} == {
        "async": True,
        "liveCode": "0521",
        "idNum": "number",
        "name": "name",
    }
    assert IdentityRequest.from_wire(asked.to_wire()) == asked


@given(
    st.dictionaries(st.text(), ANY_JSON)
    | st.fixed_dictionaries(
        {
            "image": ANY_JSON | st.fixed_dictionaries({}, optional={"origin": ANY_JSON, "data": ANY_JSON}),
            "faceData": ANY_JSON
            | st.fixed_dictionaries(
                {"type": st.sampled_from(["image", "video"]) | ANY_JSON},
                optional={"origin": ANY_JSON, "data": ANY_JSON, "videoType": ANY_JSON},
            ),
        },
        optional={"async": ANY_JSON, "liveCode": ANY_JSON, "idNum": ANY_JSON, "name": ANY_JSON},
    )
)
def test_whatever_object_comes_only_a_refusal_is_raised(wire):
    for kind in (MatchRequest, IdentityRequest):
        read = outcome(kind.from_wire, wire)

        assert isinstance(read, RequestRefused | kind)
        assert getattr(read, "errcode", 1) in (1, 2, 1130)


def test_absent_fields_have_the_documents_defaults():
    read = MatchRequest.from_wire(request(faceData=video()))

    assert read.reference.origin == read.probe.media.origin == "self"
    assert read.probe.video_type == "SILENT"
    assert not read.is_async


@pytest.mark.parametrize(
    ("wire", "errcode", "named"),
    [
        (request(image=...), 1, "image"),
        (request(faceData=...), 1, "faceData"),
        (request(image={}), 1, "image.data"),
        (request(faceData={"data": "eA=="}), 1, "faceData.type"),
        (request(faceData={"type": "image"}), 1, "faceData.data"),
        (request(image=None), 1, "image"),
        (request(image="eA=="), 2, "image"),
        (request(image={"data": ""}), 2, "image.data"),
        (request(image={"data": 5}), 2, "image.data"),
        (request(image={"data": "eA==", "origin": ""}), 2, "image.origin"),
        (request(image={"data": "eA==", "origin": "file"}), 2, "image.origin"),
        (request(faceData=PHOTO | {"origin": ""}), 2, "faceData.origin"),
        (request(faceData=PHOTO | {"type": ""}), 2, "faceData.type"),
        (request(faceData=PHOTO | {"type": "photo"}), 2, "faceData.type"),
        (request(faceData=video(videoType="")), 2, "faceData.videoType"),
        (request(faceData=video(videoType="ACTION")), 2, "faceData.videoType"),
        (request(faceData=video(videoType="LIP")), 1130, "liveCode"),
        (request(faceData=video(videoType="LIP"), liveCode=""), 1130, "liveCode"),
        (request(faceData=video(videoType="LIP"), liveCode=1232), 2, "liveCode"),
        (request(**{"async": "true"}), 2, "async"),
    ],
)
def test_a_refusal_names_the_parameter(wire, errcode, named):
    error = refusal(wire)

    assert error.errcode == errcode
    assert error.detail.split()[0] == named


def test_a_live_code_is_read_with_lip_and_ignored_with_anything_else():
    def read(face: object) -> str | None:
        return MatchRequest.from_wire(request(faceData=face, liveCode="0521")).live_code

    assert read(video(videoType="LIP")) == "0521"
    assert read(video(videoType="SILENT")) is None
    assert read(PHOTO) is None


def test_a_photo_ignores_video_type_and_live_code_whatever_they_hold():
    read = MatchRequest.from_wire(request(faceData=PHOTO | {"videoType": ""}, liveCode=[1]))

    assert (read.probe.video_type, read.live_code) == (None, None)


@pytest.mark.parametrize("missing", ["idNum", "name"])
def test_an_identity_request_needs_number_and_name(missing):
    wire = {"idNum": "11010519491231002X", "name": "某人", "faceData": PHOTO}
    wire.pop(missing)

    with pytest.raises(RequestRefused, match=missing) as caught:
        IdentityRequest.from_wire(wire)

    assert caught.value.errcode == 1


def test_an_identity_request_with_lip_needs_its_live_code_too():
    wire = {"idNum": "11010519491231002X", "name": "某人", "faceData": video(videoType="LIP")}

    with pytest.raises(RequestRefused, match="liveCode"):
        IdentityRequest.from_wire(wire)

    assert IdentityRequest.from_wire(wire | {"liveCode": "0521"}).live_code == "0521"


def test_no_repr_shows_a_photo_a_code_a_number_or_a_name():
    match = MatchRequest.from_wire(request(faceData=video(videoType="LIP"), liveCode="0521"))
    identity = IdentityRequest("11010519491231002X", "某人", match.probe, "0521")

    assert not any(secret in f"{match!r}{identity!r}" for secret in ("dmlkZW8", "0521", "1101", "某人"))
