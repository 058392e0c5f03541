from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from facematch.engine.pipeline import FaceEngine
from facematch.engine.quality import ERRCODES, Subject, judge, pose, refusal, sharpness, whole
from facematch.limits import Limits
from facematch.seen import Check, Face

from .photos import OBAMA, OTHERS, portrait, saved, stored

EYES_MOUTH = ((70.0, 70.0), (130.0, 70.0)), ((75.0, 130.0), (125.0, 130.0))


def face(nose: tuple[float, float] = (100.0, 104.8), box=(50.0, 40.0, 100.0, 120.0)) -> Face:
    (right_eye, left_eye), mouth = EYES_MOUTH
    return Face(box, (right_eye, left_eye, nose, *mouth), 0.9)


def refused_check(engine: FaceEngine, image: Image.Image) -> tuple[int, str] | None:
    refused = engine.look(engine.decode(saved(image))).seen.refused
    return refused and (refused.errcode, refused.check)


def test_every_check_is_made_on_a_good_portrait_and_none_refuses(looks):
    for look in looks.values():
        assert [check.name for check in look.seen.checks] == list(ERRCODES)
        assert "refuse" not in {check.verdict for check in look.seen.checks}


@pytest.mark.parametrize("name", [OBAMA[0], *OTHERS])
def test_a_portrait_that_looks_at_us_has_little_yaw_and_pitch(looks, name):
    values = {check.name: check.value for check in looks[name].seen.checks}

    assert values["yaw"] < 15
    assert values["pitch"] < 15


def test_a_dark_photo_is_refused_as_too_dark(engine):
    assert refused_check(engine, portrait().point(lambda level: level // 16)) == (1201, "too_dark")


def test_a_bright_photo_is_refused_as_too_bright(engine):
    washed = portrait().point(lambda level: min(255, level * 2 + 120))

    assert refused_check(engine, washed) == (1202, "too_bright")


def test_a_blurred_photo_is_refused_as_not_sharp(engine):
    assert refused_check(engine, portrait().filter(ImageFilter.GaussianBlur(14))) == (2103, "sharpness")


def test_a_small_face_is_refused_by_its_size(engine):
    small = portrait(130).resize((104, 130))

    assert refused_check(engine, small) == (2103, "face_size")


def test_face_size_is_in_pixels_of_the_file(engine):
    def size(side: int) -> float:
        image = portrait(600).resize((side * 4 // 5, side))
        checks = engine.look(engine.decode(saved(image, "jpeg"))).seen.checks
        return next(check.value for check in checks if check.name == "face_size")

    assert size(3200) == pytest.approx(4 * size(800), rel=0.05)


def test_a_face_cut_by_the_edge_is_refused_as_not_whole(engine, portrait_look):
    x, _, width, _ = portrait_look.seen.faces[0].box
    cut = portrait().crop((int(x + 0.35 * width), 0, int(x + 4 * width), 600))

    assert refused_check(engine, cut) == (2010, "whole")


def test_whole_is_the_share_of_the_box_inside_the_picture():
    assert whole(face(), 200, 200) == 1
    assert whole(face(), 128, 200) == 0  # an eye lies outside
    assert whole(face(box=(-25.0, 40.0, 100.0, 120.0)), 200, 200) == pytest.approx(0.75)


def test_a_level_face_has_no_yaw_and_no_pitch():
    assert pose(face()) == pytest.approx((0, 0), abs=1e-9)


@pytest.mark.parametrize("degrees", [-40, -20, 20, 40])
def test_the_nose_tells_how_far_the_head_is_turned(degrees):
    shift = 0.6 * np.tan(np.radians(degrees))

    assert pose(face(nose=(100 + 60 * shift, 104.8))) == pytest.approx((degrees, 0), abs=1e-6)
    assert pose(face(nose=(100, 104.8 + 60 * shift))) == pytest.approx((0, degrees), abs=1e-6)


def test_pose_does_not_see_roll():
    points = np.array(face(nose=(115, 110)).points)
    turn = np.array([[0.8, -0.6], [0.6, 0.8]])
    rolled = Face((0, 0, 1, 1), tuple(map(tuple, points @ turn.T)), 0.9)

    assert pose(rolled) == pytest.approx(pose(face(nose=(115, 110))))


def test_points_in_one_place_are_judged_without_an_error():
    assert np.isfinite(pose(Face((0, 0, 1, 1), ((5.0, 5.0),) * 5, 0.9))).all()


def test_sharpness_falls_with_blur_and_does_not_rise_with_darkness(engine):
    crop = np.asarray(portrait(400).resize((112, 112)))
    blurred = np.asarray(Image.fromarray(crop).filter(ImageFilter.GaussianBlur(2)))

    assert sharpness(blurred) < sharpness(crop)
    assert sharpness(crop // 4) == pytest.approx(sharpness(crop), rel=0.1)
    assert sharpness(np.zeros((112, 112, 3), np.uint8)) == 0


def test_the_first_refusing_check_decides():
    black = np.zeros((112, 112, 3), np.uint8)
    subject = Subject(face(), others=2, crowded=True, width=200, height=200, source_scale=0.5, crop=black)
    checks = judge(subject, Limits())
    verdicts = {check.name: check.verdict for check in checks}

    assert {name for name, verdict in verdicts.items() if verdict == "refuse"} == {
        "other_faces",
        "face_size",
        "too_dark",
        "sharpness",
        "mouth_detail",
    }
    assert refusal(checks).check == "other_faces"
    assert refusal(checks[1:]).detail == "face_size 54, at least 80"


@pytest.mark.parametrize(
    ("check", "detail"),
    [
        (Check("sharpness", 0.5499, "ratio", "least", 0.75, 0.55, "refuse"), "sharpness 0.54, at least 0.55"),
        (Check("yaw", 30.01, "deg", "most", 15.0, 30.0, "refuse"), "yaw 30.1, at most 30.0"),
        (Check("other_faces", 2, "count", "most", 0, 0, "refuse"), "3 faces, exactly one is expected"),
    ],
)
def test_a_refusal_never_shows_a_value_as_equal_to_its_limit(check, detail):
    assert refusal((check,)).detail == detail


@pytest.mark.parametrize(
    ("turned", "confidence", "refused"), [(0, 0.7, None), (90, 0.7, "confidence"), (90, 0.9, None)]
)
def test_a_find_that_must_be_turned_first_has_to_be_a_sure_one(turned, confidence, refused):
    crop = np.asarray(portrait(400).resize((112, 112)))
    found = replace(face(), confidence=confidence)
    subject = Subject(found, 0, False, width=200, height=200, source_scale=2, crop=crop, turned=turned)
    answer = refusal(judge(subject, Limits()))

    assert (answer and (answer.errcode, answer.check)) == (refused and (2010, refused))


@pytest.mark.parametrize("colour", ["white", "teal", "black"])
@pytest.mark.parametrize("name", ["obama_1.jpg", "grace_hopper_1.jpg"])
def test_a_mouth_behind_a_plain_cover_is_refused_as_covered(engine, looks, name, colour):
    picture = engine.decode(stored(name))
    image = Image.fromarray(picture.pixels)
    left, top, width, height = looks[name].seen.faces[looks[name].seen.chosen].box
    nose = looks[name].seen.faces[looks[name].seen.chosen].points[2][1]
    ImageDraw.Draw(image).rectangle((left - 0.1 * width, nose, left + 1.1 * width, top + 1.1 * height), fill=colour)
    refused = engine.look(replace(picture, pixels=np.asarray(image))).seen.refused

    assert (refused.errcode, refused.check) == (2104, "mouth_detail")


def test_other_faces_that_do_not_compete_only_warn():
    crop = np.asarray(portrait(400).resize((112, 112)))
    subject = Subject(face(), others=1, crowded=False, width=200, height=200, source_scale=1, crop=crop)
    check = judge(subject, Limits())[0]

    assert (check.name, check.value, check.verdict) == ("other_faces", 1, "warn")
