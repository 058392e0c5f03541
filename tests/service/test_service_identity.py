"""POST /tech/ai/face/match/idno, as far as this version goes: everything is checked, and no number is in a library."""

import pytest

IDENTITY = "/tech/ai/face/match/idno"
ID_NUMBER = "11010519491231002X"  # the example of GB 11643: nobody's


def face(**changes: object) -> dict[str, object]:
    return {"type": "image", "data": "MC44", **changes}


def body(**changes: object) -> dict[str, object]:
    return {"idNum": ID_NUMBER, "name": "某人", "faceData": face(), **changes}


@pytest.mark.parametrize(
    "changes", [{}, {"idNum": ID_NUMBER.lower()}, {"name": "某"}, {"name": "长" * 32}, {"name": " Ann Lee "}]
)
def test_a_good_request_is_refused_because_there_is_no_library(changes, send):
    answer = send(IDENTITY, body(**changes))

    assert (answer.status, answer.errcode) == (200, 2005)


@pytest.mark.parametrize(
    ("wire", "errcode", "named"),
    [
        ({}, 1, "idNum"),
        ({"idNum": ID_NUMBER}, 1, "name"),
        (body(name=""), 2, "name"),
        (body(name=" "), 2002, "name"),
        (body(name="长" * 33), 2002, "name"),
        (body(idNum="1"), 2003, "idNum"),
        (body(idNum="110105194912310021"), 2003, "idNum"),
        (body(idNum="11010519491331002X"), 2003, "idNum"),
        (body(idNum=f" {ID_NUMBER}"), 2003, "idNum"),
        (body(name=" ", idNum="1"), 2002, "name"),
        (body(**{"async": True}), 2, "async"),
        (body(faceData=face(type="video")), 1001, "video"),
        (body(faceData=face(type="video", videoType="LIP")), 1130, "liveCode"),
        (body(faceData=face(origin="uri")), 202, "origin"),
        (body(faceData=face(origin="fds")), 202, "origin"),
        (body(faceData=face(data="eA"), name=" "), 2101, "not"),
    ],
)
def test_the_first_thing_that_is_wrong_is_named(wire, errcode, named, send):
    answer = send(IDENTITY, wire)

    assert (answer.status, answer.errcode) == (200, errcode)
    assert f"({named}" in answer.wire["errmsg"]


@pytest.mark.parametrize("changes", [{}, {"name": "某人" * 20}, {"idNum": "110105194912310021"}])
def test_no_answer_repeats_the_name_or_the_number(changes, send):
    errmsg = send(IDENTITY, body(**changes)).wire["errmsg"]

    assert "某人" not in errmsg
    assert "1101" not in errmsg


def test_a_photo_that_is_not_used_is_told_by_its_side(send):
    answer = send(IDENTITY, body(faceData=face(data="eA")))

    assert answer.wire["errmsg"].startswith("faceData: ")
