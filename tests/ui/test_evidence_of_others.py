"""Evidence as another server may give it: nothing in it breaks the page, nothing in it is read as Markdown."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from facematch import samples
from facematch.local import Evidence
from facematch.seen import Face, Seen
from facematch.ui.forms.comparison import Asked, Comparison
from facematch.ui.forms.held import Held
from facematch.ui.words import Speaker

from .conftest import texts

EN = Speaker("en")
PHOTO = samples.photo("obama_1.jpg")
POINTS = ((1.0, 2.0),) * 5
LURE = "![x](http://elsewhere.example/x.png)"
SOUND = Seen(
    100, 100, 100, 100, "jpeg", (), 0, (Face((10.0, 10.0, 40.0, 40.0), POINTS, 0.9),), 0, "only", (), None, None, {}
)
LARGE = float(2**53)


def draw(comparison, say, shows_personal=True):
    from facematch.ui.forms.evidence import evidence

    evidence(comparison, say, shows_personal=shows_personal)


def shown(seen, held=None, *, shows_personal=True):
    held = held or Held("a.jpg", PHOTO, "upload")
    found = Evidence("7", 0, None, seen, seen, None, None, 70, "mapping", "engine", {})
    comparison = Comparison(Asked(held, held), None, None, None, evidence=found, gives_evidence=True, is_logged=True)
    at = AppTest.from_function(draw, args=(comparison, EN, shows_personal), default_timeout=60).run()
    assert not at.exception
    return at


def images(at):
    return len(at.get("image"))


@pytest.mark.parametrize("crop", [b"", b"no picture", b"\x89PNG\r\n\x1a\nbroken", PHOTO[:2000]])
def test_a_crop_that_is_no_picture_is_left_out(crop):
    assert images(shown(replace(SOUND, crop=crop))) == images(shown(SOUND)) == 2


def test_a_crop_is_shown():
    assert images(shown(replace(SOUND, crop=PHOTO))) == 4


def test_a_face_of_a_file_that_only_the_server_has_is_for_those_who_may_see_personal_data():
    fetched = Held("a/b.jpg", b"", "file_server", "photo", "fds", "a/b.jpg")
    seen = replace(SOUND, crop=PHOTO)

    assert images(shown(seen, fetched)) == 2
    assert images(shown(seen, fetched, shows_personal=False)) == 0
    assert images(shown(seen, shows_personal=False)) == 4  # their own photos


@pytest.mark.parametrize(("width", "height"), [(0, 0), (-5, 100)])
def test_pixels_that_cannot_be_give_the_photo_without_boxes(width, height):
    assert images(shown(replace(SOUND, width=width, height=height))) == 2


@pytest.mark.parametrize(
    "box",
    [
        (-LARGE, -LARGE, 2 * LARGE, 2 * LARGE),
        (0.0, 0.0, LARGE, LARGE),
        (90.0, 90.0, -80.0, -80.0),
        (LARGE, LARGE, 1.0, 1.0),
    ],
)
@pytest.mark.parametrize("chosen", [0, None])
def test_a_box_of_any_size_is_drawn_within_the_photo_or_not_at_all(box, chosen):
    seen = replace(SOUND, faces=(Face(box, POINTS, 0.9),), chosen=chosen)

    assert images(shown(seen)) == 2


def test_a_rule_and_a_format_of_its_own_are_shown_as_text():
    said = texts(shown(replace(SOUND, rule="prettiest", format=LURE)))

    assert "![" not in said
    assert "elsewhere" in said.lower()


@pytest.mark.parametrize("seen", [SOUND, None])
def test_a_files_name_is_for_those_who_may_see_personal_data(seen):
    held = Held("ZhangSan.jpg", PHOTO, "upload")
    for shows_personal in (True, False):
        at = shown(seen, held, shows_personal=shows_personal)
        drawn = "\n".join((texts(at), *(str(image.proto) for image in at.get("image"))))

        assert ("ZhangSan" in drawn, EN("held.photo") in texts(at)) == (shows_personal, not shows_personal)
