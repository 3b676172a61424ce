"""How a face is cut out: eyes at their documented places, levelled, square, and black past the edge."""

from math import cos, hypot, nan, radians, sin

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.errors import ImageError
from fer_ros.faces import crop
from fer_ros.faces.crop import crop_face, cut_square, framing, inner_square, shrunk
from fer_ros.faces.face import Detection

SIZE_PX = 120
GREY = np.full((400, 500, 3), 128, np.uint8)


def a_face(eye_distance=60.0, middle=(250.0, 180.0), roll_deg=0.0):
    """A detection whose box fits its eyes as crop.py documents, turned clockwise by `roll_deg`."""
    dx, dy = (eye_distance / 2 * f(radians(roll_deg)) for f in (cos, sin))
    side = eye_distance / crop.EYE_DISTANCE
    x0, y0 = middle[0] - side / 2, middle[1] - crop.EYES_DOWN * side
    eyes = (middle[0] - dx, middle[1] - dy), (middle[0] + dx, middle[1] + dy)
    return Detection((x0, y0, x0 + side, y0 + side), 1.0, eyes)


def dots(*points):
    """An image with a bright dot at each point."""
    image = np.zeros((400, 500, 3), np.uint8)
    for x, y in points:
        cv2.circle(image, (round(x), round(y)), 4, (255, 255, 255), -1)
    return image


def bright_places(image):
    """The middles of the bright dots of an image, left to right, as shares of its side."""
    _, _, _, middles = cv2.connectedComponentsWithStats((image[..., 0] > 100).astype(np.uint8))
    return sorted((x / image.shape[1], y / image.shape[0]) for x, y in middles[1:])


@pytest.mark.parametrize("roll_deg", [0.0, 17.0, -30.0, 80.0])
@pytest.mark.parametrize("eye_distance", [12.0, 60.0, 130.0])
def test_eyes_land_at_the_documented_places_however_the_head_is_rolled(eye_distance, roll_deg):
    face = a_face(eye_distance, roll_deg=roll_deg)
    left, right = bright_places(inner_square(crop_face(dots(*face.eyes), face, SIZE_PX)))
    assert left == pytest.approx((0.5 - crop.EYE_DISTANCE / 2, crop.EYES_DOWN), abs=0.03)
    assert right == pytest.approx((0.5 + crop.EYE_DISTANCE / 2, crop.EYES_DOWN), abs=0.03)


def test_without_eyes_the_box_alone_gives_the_same_framing():
    box = (200.0, 97.0, 277.0, 200.0)  # of a face as YuNet boxes it: 1.03 sides high
    middle, side, roll_deg = framing(Detection(box, 1.0))
    assert (side, roll_deg) == (pytest.approx(100.0), 0.0)
    assert middle == pytest.approx((238.5, 152.0))


def test_a_head_turned_sideways_is_not_blown_up():
    frontal = a_face(60.0)
    turned = Detection(frontal.box_xyxy, 1.0, ((245.0, 180.0), (255.0, 180.0)))
    assert framing(turned)[1] > 0.8 * framing(frontal)[1]


@pytest.mark.parametrize(
    "middle",
    [
        pytest.param((0.0, 0.0), id="a corner"),
        pytest.param((499.0, 200.0), id="the right border"),
        pytest.param((250.0, 399.0), id="the lower border"),
    ],
)
def test_past_the_edge_a_crop_is_square_and_black(middle):
    face = a_face(60.0, middle)
    cut = crop_face(GREY, face, SIZE_PX)
    assert cut.shape == (SIZE_PX, SIZE_PX, 3)
    assert (cut == 0).any()
    assert (cut == 128).any()


@pytest.mark.parametrize("size_px", [20, 60, 120])
def test_a_face_outside_the_image_is_black(size_px):
    assert not crop_face(GREY, a_face(60.0, (-3000.0, 900.0)), size_px).any()


@pytest.mark.parametrize(
    "box",
    [
        pytest.param((10, 10, 10, 50), id="no width"),
        pytest.param((10, 50, 40, 50), id="no height"),
        pytest.param((40, 10, 10, 50), id="the wrong way round"),
        pytest.param((nan, 10, 40, 50), id="not a number"),
        pytest.param((10, 10, 40, nan), id="not a number below"),
        pytest.param((-np.inf, 10, 40, 50), id="without end"),
        pytest.param((10, 10, 40, np.inf), id="without end below"),
    ],
)
def test_a_box_that_is_none_is_refused(box):
    with pytest.raises(ImageError, match="face box"):
        crop_face(GREY, Detection(box, 1.0), SIZE_PX)


@pytest.mark.parametrize("size_px", [48, 112, 120, 255, 512])
def test_the_inner_square_takes_the_margin_off_again(size_px):
    face = a_face(60.0)
    middle, side, _ = framing(face)
    inner = inner_square(crop_face(GREY, face, size_px))
    assert inner.shape[0] == inner.shape[1] == pytest.approx(size_px / (1 + 2 * crop.MARGIN), abs=1.5)
    # The same place, cut without a margin, shows the same pixels.
    scene = cv2.GaussianBlur(np.random.default_rng(1).integers(0, 256, (400, 500, 3), np.uint8), (0, 0), 5)
    bare = cut_square(scene, middle, side, inner.shape[0])
    taken = inner_square(crop_face(scene, face, size_px))
    assert np.abs(bare.astype(int) - taken).mean() < 3


@given(
    st.floats(-200, 700),
    st.floats(-200, 600),
    st.floats(0.5, 5000),
    st.integers(1, 300),
    st.floats(-180, 180),
)
def test_any_square_can_be_cut(x, y, side, size_px, roll_deg):
    cut = cut_square(GREY, (x, y), side, size_px, roll_deg)
    assert cut.shape == (size_px, size_px, 3)
    assert cut.max() <= 128


def test_a_large_square_is_averaged_and_not_sampled():
    checks = np.indices((400, 400)).sum(axis=0) % 2 * 255
    image = np.repeat(checks[..., None], 3, axis=2).astype(np.uint8)
    cut = cut_square(image, (200.0, 200.0), 400.0, 50)
    assert np.abs(cut[5:-5, 5:-5].astype(int) - 127).max() <= 2


@pytest.mark.parametrize(
    ("shape", "shape_out", "scale"),
    [
        pytest.param((720, 1280, 3), (360, 640, 3), 2.0, id="halved"),
        pytest.param((360, 640, 3), (360, 640, 3), 1.0, id="as it is"),
        pytest.param((1, 1, 3), (1, 1, 3), 1.0, id="one pixel"),
        pytest.param((1, 6400, 3), (1, 640, 3), 10.0, id="one row"),
    ],
)
def test_an_image_is_shrunk_to_a_width_and_never_grown(shape, shape_out, scale):
    small, factor = shrunk(np.zeros(shape, np.uint8), 640)
    assert (small.shape, factor) == (shape_out, scale)


def test_the_pupils_of_the_portrait_are_level_in_the_crop_of_a_tilted_head(tracker):
    from fer_ros.sources.scene import Placement

    from .stage import film, still

    tracking = tracker("yunet")
    for tilt_deg in (-15.0, 15.0):
        shot = next(film(still(Placement((640, 360), 150, tilt_deg=tilt_deg)), 1 / 30))
        (face,) = tracking.update(shot.image, 1000 * tilt_deg)
        (again,) = tracking.finder.find(face.crop)
        (lx, ly), (rx, ry) = again.eyes
        assert abs(ry - ly) / hypot(rx - lx, ry - ly) < 0.12
