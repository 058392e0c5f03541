import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from facematch.engine.align import SIDE, TEMPLATE, aligned, png, similarity
from facematch.engine.view import View, shrunk, turned, window

NOISE = np.random.default_rng(7).integers(0, 255, (90, 120, 3), dtype=np.uint8)


@given(st.floats(-3.1, 3.1), st.floats(0.1, 10), st.floats(-500, 500), st.floats(-500, 500))
def test_a_similarity_is_found_again(angle, scale, x, y):
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    source = TEMPLATE @ turn.T + [x, y]

    affine = similarity(source, TEMPLATE)

    np.testing.assert_allclose(source @ affine[:, :2].T + affine[:, 2], TEMPLATE, atol=1e-6)


def test_five_points_in_one_place_give_a_crop_and_no_error():
    assert aligned(NOISE, [(5.0, 5.0)] * 5).shape == (SIDE, SIDE, 3)


def test_a_face_on_the_template_is_cut_out_unchanged():
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    picture[:90, :] = NOISE[:, :SIDE]

    np.testing.assert_array_equal(aligned(picture, TEMPLATE), picture)


def test_the_crop_is_stored_as_png():
    assert png(NOISE).startswith(b"\x89PNG")


def test_each_turn_leads_back_to_the_pixels_it_came_from():
    whole = View(NOISE, np.eye(2, 3))
    for degrees in (0, 90, 180, 270):
        view = turned(whole, degrees)
        x, y = view.points_back(np.array([10.0, 20.0])).round().astype(int)

        np.testing.assert_array_equal(view.pixels[20, 10], NOISE[y, x])


def test_a_turn_of_90_degrees_is_clockwise():
    np.testing.assert_array_equal(turned(View(NOISE, np.eye(2, 3)), 90).pixels, np.rot90(NOISE, -1))


def test_corners_of_a_shrunk_picture_lead_back_to_its_corners():
    view = shrunk(NOISE, 60)

    assert view.pixels.shape == (45, 60, 3)
    np.testing.assert_allclose(view.points_back(np.array([[-0.5, -0.5], [59.5, 44.5]])), [[-0.5, -0.5], [119.5, 89.5]])


def test_a_window_levels_the_line_it_is_told_to():
    view = window(View(NOISE, np.eye(2, 3)), np.array([60.0, 40.0]), side=30, angle=np.pi / 6, size=30)
    left, right = view.points_back(np.array([[4.5, 14.5], [24.5, 14.5]]))

    np.testing.assert_allclose((left + right) / 2, [60, 40])
    np.testing.assert_allclose(right - left, [20 * np.cos(np.pi / 6), 20 * np.sin(np.pi / 6)])
