from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.faces.face import overlap
from fer_ros.identity import FaceMatcher

LEFT, RIGHT = (0.1, 0.2, 0.3, 0.5), (0.6, 0.2, 0.8, 0.5)
NEAR_LEFT = (0.12, 0.22, 0.31, 0.52)


@pytest.fixture
def matcher():
    matcher = FaceMatcher()
    matcher.remember(1.0, [("face_1", LEFT), ("face_2", RIGHT)])
    return matcher


def test_the_overlapping_face_of_the_same_image_gives_its_name(matcher):
    assert matcher.rename(1.0, "7", NEAR_LEFT) == "face_1"
    assert matcher.rename(1.0, "8", RIGHT) == "face_2"


def test_the_nearest_image_serves_within_a_tenth_of_a_second(matcher):
    matcher.remember(1.06, [("face_3", LEFT)])
    assert matcher.rename(1.05, "7", LEFT) == "face_3"
    assert FaceMatcher().rename(1.05, "7", LEFT) == "cloud_7"
    assert matcher.rename(1.2, "9", LEFT) == "cloud_9"


def test_a_face_the_robot_does_not_see_gets_a_stable_name_of_its_own(matcher):
    nowhere = (0.4, 0.7, 0.5, 0.9)
    assert [matcher.rename(1.0, "7", nowhere), matcher.rename(1.02, "7", nowhere)] == ["cloud_7", "cloud_7"]


def test_a_name_is_given_once_in_an_image(matcher):
    assert matcher.rename(1.0, "7", LEFT) == "face_1"
    assert matcher.rename(1.0, "8", NEAR_LEFT) == "cloud_8"
    assert matcher.rename(1.0, "7", LEFT) == "face_1"


def test_a_name_outlives_an_image_in_which_the_robot_missed_the_face(matcher):
    matcher.rename(1.0, "7", LEFT)
    matcher.remember(1.03, [("face_2", RIGHT)])
    assert matcher.rename(1.03, "7", NEAR_LEFT) == "face_1"


def test_a_name_that_passed_to_another_face_is_not_given_back(matcher):
    matcher.rename(1.0, "7", LEFT)
    matcher.remember(1.03, [("face_1", RIGHT)])
    matcher.rename(1.03, "8", RIGHT)
    matcher.remember(1.06, [])
    assert matcher.rename(1.06, "7", LEFT) == "cloud_7"
    assert matcher.rename(1.06, "8", RIGHT) == "face_1"


def test_names_are_forgotten_after_two_seconds(matcher):
    matcher.rename(1.0, "7", LEFT)
    matcher.remember(3.5, [])
    assert matcher.rename(3.5, "7", LEFT) == "cloud_7"
    assert matcher.rename(1.0, "7", LEFT) == "cloud_7"


def test_no_face_stays_no_face(matcher):
    assert matcher.rename(1.0, "", (nan, nan, nan, nan)) == ""


def test_a_clock_that_begins_anew_forgets_what_was(matcher):
    matcher.remember(0.2, [("face_9", RIGHT)])
    assert matcher.rename(1.0, "7", LEFT) == "cloud_7"
    assert matcher.rename(0.2, "7", RIGHT) == "face_9"


def test_memory_does_not_grow(matcher):
    for index in range(10_000):
        matcher.remember(2 + index / 30, [("face_1", LEFT)])
        matcher.rename(2 + index / 30, str(index), LEFT)
    assert len(matcher._frames) <= 61
    assert len(matcher._names) <= 61


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        pytest.param(LEFT, LEFT, 1.0, id="same"),
        pytest.param(LEFT, RIGHT, 0.0, id="apart"),
        pytest.param((0, 0, 2, 1), (1, 0, 3, 1), 1 / 3, id="half over half"),
        pytest.param((0, 0, 1, 1), (1, 0, 2, 1), 0.0, id="touching"),
        pytest.param((0.5, 0.5, 0.5, 0.5), LEFT, 0.0, id="empty"),
        pytest.param((nan, nan, nan, nan), LEFT, 0.0, id="not a number"),
        pytest.param(LEFT, (0.1, nan, 0.3, 0.5), 0.0, id="partly not a number"),
    ],
)
def test_overlap(a, b, expected):
    assert overlap(a, b) == pytest.approx(expected)


boxes = st.tuples(*[st.floats(0, 1)] * 4)


@given(st.lists(boxes, max_size=6), st.lists(boxes, max_size=6))
def test_names_within_an_image_are_one_to_one(robots, clouds):
    matcher = FaceMatcher()
    matcher.remember(1.0, [(f"face_{index}", box) for index, box in enumerate(robots)])
    names = [matcher.rename(1.0, str(index), box) for index, box in enumerate(clouds)]
    assert len(set(names)) == len(names)
