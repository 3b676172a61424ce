"""Regions and names of faces."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.errors import ParameterError
from fer_ros.hri.region import check_root, is_id, region_problem, to_box, to_region

SIZE = 640, 480
PIXELS = st.floats(-2000, 2000)


@given(PIXELS, PIXELS, PIXELS, PIXELS)
def test_a_region_is_always_inside_the_image(x0, y0, x1, y1):
    region = to_region((x0, y0, x1, y1), SIZE)
    assert region is None or region_problem(region) == ""


def test_a_region_is_cut_off_at_the_edge():
    assert to_region((-64.0, 48.0, 320.0, 960.0), SIZE) == (0.0, 0.1, 0.5, 1.0)


def test_a_face_outside_the_image_has_no_region():
    assert to_region((-100.0, 0.0, -1.0, 50.0), SIZE) is None


def test_a_box_inside_comes_back():
    box = (64.0, 48.0, 320.0, 240.0)
    assert to_box(to_region(box, SIZE), SIZE) == pytest.approx(box)


@pytest.mark.parametrize(
    ("region", "says"),
    [
        pytest.param((nan, 0.1, 0.5, 0.5), "not a number", id="nan"),
        pytest.param((0.1, 0.1, inf, 0.5), "not a number", id="infinite"),
        pytest.param((-0.1, 0.1, 0.5, 0.5), "leaves 0..1", id="outside"),
        pytest.param((100.0, 100.0, 200.0, 200.0), "leaves 0..1", id="px"),
        pytest.param((0.5, 0.1, 0.5, 0.5), "empty", id="no width"),
        pytest.param((0.0, 0.0, 0.0, 0.0), "empty", id="unset"),
    ],
)
def test_a_bad_region_is_told(region, says):
    assert says in region_problem(region)


@pytest.mark.parametrize(
    ("face_id", "fits"), [("face_1", True), ("bf3d", True), ("23bd5", False), ("", False)]
)
def test_ids_have_to_be_names_of_topics(face_id, fits):
    assert is_id(face_id) is fits


@pytest.mark.parametrize("root", ["humans/faces", "/", "/humans/", "/hu mans", ""])
def test_a_root_that_is_no_topic_is_refused(root):
    with pytest.raises(ParameterError, match="absolute topic name"):
        check_root("hri.root", root)
