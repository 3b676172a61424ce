"""Faces in space: what a camera would see of an outline is the box it was made from."""

from dataclasses import replace
from math import nan, radians, tan

import numpy as np
import pytest

from fer_ros.viewer.captions import caption
from fer_ros.viewer.markers import (
    FACE_WIDTH_M,
    Lens,
    MarkerIds,
    above,
    calibrated_lens,
    distance_m,
    nominal_lens,
    outline,
    spoken,
)
from fer_ros.viewer.scene import Person
from fer_ros.viewer.words import load_words

LENS = Lens(0.9, 1.6, 0.48, 0.53)
BOX = (0.2, 0.3, 0.4, 0.8)


def seen(points, lens):
    """Where a pinhole camera sees points, as fractions of its image."""
    x, y, z = np.array(points).T
    return np.stack([x / z * lens.fx + lens.cx, y / z * lens.fy + lens.cy], axis=-1)


def test_an_outline_is_seen_as_its_box():
    corners = outline(BOX, LENS)
    assert np.allclose(seen(corners, LENS), [(0.2, 0.3), (0.4, 0.3), (0.4, 0.8), (0.2, 0.8), (0.2, 0.3)])


def test_a_face_is_as_wide_as_faces_are_and_flat():
    corners = np.array(outline(BOX, LENS))
    assert corners[1, 0] - corners[0, 0] == pytest.approx(FACE_WIDTH_M)
    assert np.allclose(corners[:, 2], distance_m(BOX, LENS))


def test_a_face_half_as_wide_is_twice_as_far():
    assert distance_m((0.0, 0.0, 0.1, 1.0), LENS) == pytest.approx(2 * distance_m((0.0, 0.0, 0.2, 1.0), LENS))


@pytest.mark.parametrize("box", [(0.4, 0.3, 0.4, 0.8), (0.2, 0.8, 0.4, 0.3), (nan, 0.3, 0.4, 0.8)], ids=str)
def test_a_box_that_is_none_has_no_outline(box):
    assert outline(box, LENS) == ()


def test_a_caption_is_above_the_middle_of_the_upper_edge():
    x, y, z = above(BOX, 0.03, LENS)
    assert np.allclose(seen([(x, y + 0.03, z)], LENS), [(0.3, 0.3)])


def test_a_nominal_lens_has_its_field_of_view_and_square_pixels():
    lens = nominal_lens(60.0, (640, 480))
    assert lens.fx == pytest.approx(0.5 / tan(radians(30)))
    assert lens.fx * 640 == pytest.approx(lens.fy * 480)
    assert (lens.cx, lens.cy) == (0.5, 0.5)


def test_a_calibration_counts_in_fractions_of_its_own_image():
    k = [500.0, 0.0, 300.0, 0.0, 510.0, 200.0, 0.0, 0.0, 1.0]
    assert calibrated_lens(k, (640, 400)) == Lens(500 / 640, 510 / 400, 300 / 640, 200 / 400)


@pytest.mark.parametrize(
    ("k", "size"),
    [([0.0] * 9, (640, 480)), ([nan] * 9, (640, 480)), ([500.0] * 9, (0, 0))],
    ids=["zeros", "not a number", "no size"],
)
def test_a_camera_that_was_not_calibrated_has_no_lens(k, size):
    assert calibrated_lens(k, size) is None


NOBODY_KNOWS = Person("face_1", (0.0, 0.0, 1.0, 1.0), reason="face too small", source="robot")
SAID = {
    "happy 88%": {"prediction_set": ("happy",), "abstained": False},
    "happy or sad?": {"prediction_set": ("happy", "sad"), "abstained": False},
    "unsure (happy or sad?)": {"prediction_set": ("happy", "sad"), "abstained": True, "reason": "unsure"},
}


@pytest.mark.parametrize("text", SAID)
def test_what_is_said_is_one_line(text):
    told = {"labels": ("happy", "sad"), "probabilities": (0.875, 0.125), "reason": "", **SAID[text]}
    assert line(replace(NOBODY_KNOWS, **told)) == text


def test_why_nothing_can_be_said_is_part_of_the_line():
    words = load_words("en")
    assert line(NOBODY_KNOWS) == f"{words.no_estimate} ({words.reasons['face too small']})"


def line(person):
    words = load_words("en")
    return spoken(caption(person, words), words)


def test_numbers_stay_with_their_faces_and_are_given_again():
    ids = MarkerIds()
    assert [ids["a"], ids["b"], ids["a"]] == [0, 1, 0]
    assert ids.keep({"b"}) == [0]
    assert ids.keep({"b"}) == []
    assert [ids["c"], ids["b"], ids["a"]] == [0, 1, 2]
