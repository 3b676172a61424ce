"""REP-155's 70 landmarks out of MediaPipe's."""

import numpy as np
import pytest

from fer_ros.faces.open import open_landmarks
from fer_ros.hri import landmarks as seventy
from fer_ros.hri.landmarks import COUNT, EYE_CORNERS, TO_MEDIAPIPE, eyes_of, to_seventy
from fer_ros.sources.builtin import BuiltinSource, Scene

SIZE = 640, 480
CONTOURS = {
    "JAW": ("FACE_OVAL",),
    "BROWS": ("RIGHT_EYEBROW", "LEFT_EYEBROW"),
    "RIGHT_EYE": ("RIGHT_EYE",),
    "LEFT_EYE": ("LEFT_EYE",),
    "OUTER_LIPS": ("LIPS",),
    "INNER_LIPS": ("LIPS",),
    "NOSE_BRIDGE": ("NOSE",),
    "NOSTRILS": ("NOSE",),
}


@pytest.fixture(scope="module")
def read(third_party_model):
    """MediaPipe's landmarks of a person 0.8 m away."""
    reader = open_landmarks([third_party_model("face_landmarker.task").parent])
    image = next(BuiltinSource(Scene(*SIZE, distance_m=0.8))).image
    found = reader.read(image, (220.0, 140.0, 420.0, 340.0))
    reader.close()
    return found.landmarks


@pytest.fixture(scope="module")
def points(read):
    """The 70, px."""
    return to_seventy(read, SIZE, 1.0)[:, :2] * SIZE


def test_there_are_seventy_and_none_twice():
    assert len(TO_MEDIAPIPE) == len(set(TO_MEDIAPIPE)) == COUNT


@pytest.mark.parametrize("group", CONTOURS)
def test_the_points_lie_on_mediapipes_contours(group):
    module = pytest.importorskip("mediapipe.tasks.python.vision.face_landmarker")
    contours = [getattr(module.FaceLandmarksConnections, f"FACE_LANDMARKS_{c}") for c in CONTOURS[group]]
    known = {end for contour in contours for edge in contour for end in (edge.start, edge.end)}
    assert set(getattr(seventy, group)) <= known


@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param(17, 26, id="brows"),
        pytest.param(31, 35, id="nostrils"),
        pytest.param(48, 54, id="upper lip"),
        pytest.param(60, 64, id="inner upper lip"),
        pytest.param(68, 69, id="pupils"),
    ],
)
def test_the_persons_right_comes_first(points, first, last):
    across = points[first : last + 1, 0]
    assert np.all(np.diff(across) > 0)


@pytest.mark.parametrize(
    ("first", "last"), [pytest.param(54, 59, id="lip"), pytest.param(64, 67, id="inner")]
)
def test_the_lower_lip_runs_back(points, first, last):
    assert np.all(np.diff(points[first : last + 1, 0]) < 0)


def test_the_jaw_runs_down_to_the_chin_and_up_again(points):
    down, across = np.diff(points[:17, 1]), np.diff(points[:17, 0])
    assert np.all(down[:8] > 0)
    assert np.all(down[8:] < 0)
    assert np.all(across > -1)


def test_the_nose_runs_down(points):
    assert np.all(np.diff(points[27:31, 1]) > 0)


def test_the_pupils_are_between_the_corners_of_their_eyes(points):
    for pupil, (outer, inner) in zip((68, 69), EYE_CORNERS, strict=True):
        low, high = sorted((points[outer, 0], points[inner, 0]))
        assert low < points[pupil, 0] < high


def test_points_without_a_place_in_the_image_are_not_numbers(read):
    moved = read.copy()
    moved[:, 0] -= read[:, 0].mean()  # half of the face is outside
    out = to_seventy(moved, SIZE, 0.9)
    outside = moved[list(TO_MEDIAPIPE), 0] < 0
    assert 0 < outside.sum() < COUNT
    assert np.isnan(out[outside]).all()
    assert (out[~outside, 2] == np.float32(0.9)).all()
    assert not (out == 0).any()


def test_a_mesh_without_pupils_gives_none(read):
    out = to_seventy(read[:468], SIZE, 1.0)
    assert np.isnan(out[68:]).all()
    assert np.isfinite(out[:68]).all()


def test_eyes_come_back_where_they_were(read):
    left, right = eyes_of(to_seventy(read, SIZE, 1.0), SIZE)
    assert left == pytest.approx(read[[33, 133], :2].mean(axis=0), abs=0.01)
    assert right == pytest.approx(read[[263, 362], :2].mean(axis=0), abs=0.01)


@pytest.mark.parametrize(
    "value", [pytest.param((np.nan,) * 3, id="nan"), pytest.param((0, 0, 0), id="unset")]
)
def test_an_eye_that_is_not_known_gives_no_eyes(read, value):
    out = to_seventy(read, SIZE, 1.0)
    out[42] = value
    assert eyes_of(out, SIZE) is None


def test_another_number_of_points_gives_no_eyes():
    assert eyes_of(np.empty((0, 3), np.float32), SIZE) is None
