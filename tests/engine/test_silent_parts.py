"""The measures of the passive check on drawn pictures, where the right answer is known."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from facematch.engine.api import Frame
from facematch.engine.bands import row_bands
from facematch.engine.edges import framed
from facematch.engine.found_faces import FoundFace
from facematch.engine.plane import plane, within_picture
from facematch.engine.repeats import repeats
from facematch.seen import Face

POINTS = np.array([[200.0, 200], [280, 200], [240, 240], [210, 280], [270, 280]])


def frame(grey: NDArray[np.uint8], nth: int = 0) -> Frame:
    return Frame(nth / 25, np.vstack([grey, np.full((grey.shape[0] // 2, grey.shape[1]), 128, np.uint8)]))


def found(grey: NDArray[np.uint8], points: NDArray[np.float64] = POINTS) -> FoundFace:
    corners = tuple((float(x), float(y)) for x, y in points)
    return FoundFace(frame(grey), Face((160.0, 140.0, 160.0, 200.0), corners, 0.9))


def screen(*, lower_edge: bool = True) -> NDArray[np.uint8]:
    """A bright board around the face; without its lower edge it goes on to the end of the picture."""
    picture = np.full((560, 480), 60, np.uint8)
    picture[40 : 420 if lower_edge else 560, 100:380] = 200
    return picture


def noisy(count: int, seed: int = 1) -> list[NDArray[np.uint8]]:
    """One textured face, with another noise each time."""
    rng = np.random.default_rng(seed)
    face = cv2.GaussianBlur(rng.uniform(0, 255, (128, 128)), (0, 0), 3) * 2 - 128
    return [np.clip(face + rng.normal(0, 3, face.shape), 0, 255).astype(np.uint8) for _ in range(count)]


def test_a_board_with_an_edge_below_the_chin_frames_the_face() -> None:
    assert framed([found(screen())]) == pytest.approx(1.0)


def test_a_door_behind_the_face_does_not_frame_it() -> None:
    assert framed([found(screen(lower_edge=False))]) == 0.0


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_face_on_its_side_is_looked_at_without_an_error(turns: int) -> None:
    picture = np.ascontiguousarray(np.rot90(screen(), turns))
    turned = (POINTS - (239.5, 279.5)) @ np.linalg.matrix_power(np.array([[0, -1], [1, 0]]), turns)
    middle = np.array([picture.shape[1] - 1, picture.shape[0] - 1]) / 2

    assert 0.0 <= (framed([found(picture, turned + middle)]) or 0.0) <= 1.0


def test_no_face_is_not_framed_and_has_no_bands_and_no_plane() -> None:
    assert framed([]) is None
    assert row_bands([]) is None
    assert plane([], 12.5) is None


def test_one_face_has_no_bands_and_no_plane() -> None:
    assert row_bands(noisy(1)) is None
    assert plane(noisy(1), 12.5) is None


def test_rows_that_darken_in_turn_are_bands_and_columns_are_not() -> None:
    wave = [1 - 0.1 * np.cos(2 * np.pi * (np.arange(128) / 90 - 0.11 * nth)) for nth in range(20)]
    faces = noisy(20)
    rows = [(face * gain[:, None]).astype(np.uint8) for face, gain in zip(faces, wave, strict=True)]
    columns = [(face * gain[None]).astype(np.uint8) for face, gain in zip(faces, wave, strict=True)]

    assert (row_bands(rows) or 0.0) > 2
    assert (row_bands(columns) or 0.0) < 0.5


def test_noise_alone_has_no_relief() -> None:
    measured = plane(noisy(30), 12.5)

    assert measured is not None
    assert 0.5 < measured.relief < 1.1


def test_a_face_that_changes_slowly_has_relief() -> None:
    one, other = noisy(30), noisy(30, seed=7)
    share = np.linspace(0, 1, 30)
    changing = [(a * (1 - part) + b * part).astype(np.uint8) for a, b, part in zip(one, other, share, strict=True)]
    measured = plane(changing, 12.5)

    assert measured is not None
    assert measured.relief > 2


def test_a_photo_that_turns_tilts_and_comes_nearer_has_no_relief() -> None:
    """A coarse fit misses by more the further the photo has gone: that must not look like a face."""
    rng = np.random.default_rng(6)
    photo = cv2.GaussianBlur(rng.uniform(0, 255, (128, 128)), (0, 0), 1.5) * 2 - 128
    corners = np.array([[0, 0], [127, 0], [127, 127], [0, 127]], np.float32)
    away = np.array([[9, 5], [-7, 8], [4, -9], [-5, 6]], np.float32)
    faces = []
    for nth in range(38):
        planes = cv2.getPerspectiveTransform(corners, corners + away * np.sin(nth / 7).astype(np.float32))
        seen = cv2.warpPerspective(photo, planes, (128, 128), borderMode=cv2.BORDER_REFLECT)
        faces.append(np.clip(seen + rng.normal(0, 3, seen.shape), 0, 255).astype(np.uint8))
    measured = plane(faces, 12.5)

    assert measured is not None
    assert measured.relief < 1.1


def test_what_changes_beyond_the_edge_of_the_picture_is_no_relief() -> None:
    one, other = noisy(30), noisy(30, seed=7)
    within = np.ones((128, 128), np.bool_)
    within[:, 80:] = False
    for nth, face in enumerate(one):
        face[:, 80:] = face[:, 80:] * (1 - nth / 29) + other[nth][:, 80:] * (nth / 29)

    told, untold = plane(one, 12.5, [within] * 30), plane(one, 12.5)

    assert told is not None
    assert untold is not None
    assert told.relief < 1.1 < untold.relief


def test_a_face_that_is_mostly_beyond_the_edge_has_no_plane() -> None:
    within = np.zeros((128, 128), np.bool_)
    within[:, :40] = True

    assert plane(noisy(30), 12.5, [within] * 30) is None


def test_what_of_a_face_lies_in_the_picture_is_known() -> None:
    (whole, cut) = within_picture([found(screen()), found(screen(), POINTS - (170, 0))])

    assert whole.all()
    assert not cut[:, :16].any()
    assert cut[:, 70:].all()


def test_a_loop_is_told_by_the_lag_it_comes_back_at() -> None:
    rng = np.random.default_rng(4)
    places = np.cumsum(rng.normal(0, 6, (75, 2)), axis=0)
    texture = cv2.GaussianBlur(rng.uniform(0, 255, (120, 160)), (0, 0), 5) * 3 - 256
    shown = [np.clip(np.roll(texture, place.astype(int), (0, 1)), 0, 255).astype(np.uint8) for place in places]
    once = repeats([frame(grey, nth) for nth, grey in enumerate(shown)])
    looped = repeats([frame(shown[nth % 25], nth) for nth in range(75)])
    mirrored = repeats([frame(shown[35 - abs(nth % 70 - 35)], nth) for nth in range(75)])

    assert (looped.loop or 9) < 0.3 < (once.loop or 9)
    assert (mirrored.mirror or 9) < 0.3 < (once.mirror or 9)


def test_a_clip_of_a_few_frames_is_too_short_for_a_loop() -> None:
    measured = repeats([frame(screen(), nth) for nth in range(10)])

    assert (measured.loop, measured.mirror) == (None, None)
    assert measured.departs == 0.0
