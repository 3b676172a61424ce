"""The built-in source: known truth, the same every time, a face that a real reader follows, and cheap."""

import os
from itertools import pairwise
from pathlib import Path
from time import process_time

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fer_ros.errors import ParameterError
from fer_ros.sources import schedule
from fer_ros.sources.builtin import BuiltinSource, Scene
from fer_ros.sources.portrait import astronaut
from fer_ros.sources.scene import Placement, face_box, render
from fer_ros.sources.shapes import SHAPES

SMALL = Scene(width=320, height=180, distance_m=1.0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        pytest.param({"width": 0}, "0x720 px", id="width"),
        pytest.param({"fps": 0.0}, "at 0 frames/s", id="rate"),
        pytest.param({"distance_m": -1.0}, "-1 m", id="distance"),
        pytest.param({"n_faces": 6}, "n_faces is 6; the built-in source shows 1 to 5", id="faces"),
        pytest.param({"n_faces": 0}, "n_faces is 0", id="no faces"),
    ],
)
def test_a_scene_that_cannot_be_shown_is_named(wrong, message):
    with pytest.raises(ParameterError, match=message):
        Scene(**wrong)


def test_the_same_frame_is_the_same_whenever_it_is_asked_for():
    straight, other = BuiltinSource(SMALL), BuiltinSource(SMALL)
    third = [next(straight) for _ in range(3)][2]
    assert np.array_equal(third.image, other.frame(2).image)
    assert (third.index, third.stamp) == (2, pytest.approx(2 / 30))


def test_another_seed_is_another_room():
    images = [BuiltinSource(Scene(320, 180, seed=seed)).frame(0).image for seed in (0, 1)]
    assert not np.array_equal(*images)


def test_neighbouring_frames_differ():
    first, second = (BuiltinSource(SMALL).frame(i).image.astype(int) for i in (10, 11))
    assert np.abs(first - second).mean() > 0.1


def test_it_ends_after_its_duration():
    with BuiltinSource(Scene(64, 36, fps=10.0, duration_s=0.5)) as source:
        assert [f.index for f in source] == [0, 1, 2, 3, 4]


def test_noise_is_as_strong_as_asked_and_new_in_every_frame():
    calm, noisy = BuiltinSource(SMALL), BuiltinSource(Scene(320, 180, distance_m=1.0, noise_sigma=4.0))
    first, second = (noisy.frame(i).image.astype(int) - calm.frame(i).image for i in (0, 1))
    assert first.std() == pytest.approx(4.0, abs=0.5)
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 0.1


@given(st.floats(0, 1000))
def test_weights_sum_to_one_and_name_known_shapes(t):
    weights = schedule.expression_at(t)
    assert sum(weights.values()) == pytest.approx(1.0)
    assert all(0 <= w <= 1 for w in weights.values())
    assert set(weights) <= set(SHAPES)


@pytest.mark.parametrize("label", schedule.CYCLE)
def test_an_apex_shows_its_expression_alone(label):
    assert schedule.expression_at(schedule.apex_of(label))[label] == pytest.approx(1.0)


def test_a_weight_never_jumps():
    steps = [schedule.expression_at(i / 100).get("neutral", 0.0) for i in range(1600)]
    assert np.abs(np.diff(steps)).max() < 0.05


def test_at_two_metres_the_face_is_83_px_wide_and_sways_by_15_percent():
    source = BuiltinSource()
    widths = [x1 - x0 for x0, _, x1, _ in (source.face_box_at(t / 2) for t in range(60))]
    assert np.mean(widths) == pytest.approx(83, abs=4)
    assert max(widths) == pytest.approx(83 * 1.15, abs=2)


def test_five_faces_keep_apart_and_wear_different_expressions():
    source = BuiltinSource(Scene(n_faces=5, distance_m=0.5))
    for t in range(20):
        boxes = [source.face_box_at(t, face) for face in range(5)]
        assert all(left[2] < right[0] for left, right in pairwise(boxes))
    assert len({max(source.expression_at(6.0, f).items(), key=lambda p: p[1])[0] for f in range(5)}) > 1


@pytest.mark.parametrize("width", [24, 90, 400])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_placed_face_fills_its_box_and_changes_nothing_far_away(width, mirrored):
    wall = np.full((720, 1280, 3), (255, 0, 0), np.uint8)
    face = Placement((640.0, 300.0), width, mirrored=mirrored, tilt_deg=2.0)
    frame = render(wall, [face])
    x0, y0, x1, y1 = (round(v) for v in face_box(face))
    assert (frame[y0:y1, x0:x1, 0] < 250).mean() > 0.93  # the chin is narrower than the box
    assert (wall == (255, 0, 0)).all()
    assert (frame[:, : max(1, int(640 - 3 * width))] == (255, 0, 0)).all()


@pytest.mark.parametrize("center", [(0, 0), (1279, 719), (-2000, 300), (640, 3000)])
def test_a_face_at_or_past_the_border_is_cut(center):
    wall = np.zeros((720, 1280, 3), np.uint8)
    assert render(wall, [Placement(center, 200)]).shape == wall.shape


@pytest.mark.parametrize("label", list(SHAPES))
def test_a_warp_leaves_no_seam_where_it_ends(label):
    portrait = astronaut()
    change = cv2.absdiff(portrait.wearing({label: 1.0}), portrait.image).max(axis=2)
    rows, columns = np.flatnonzero(change.any(axis=1)), np.flatnonzero(change.any(axis=0))
    for edge in (change[rows[0]], change[rows[-1]], change[:, columns[0]], change[:, columns[-1]]):
        assert edge.max() <= 20  # of 255, what a fraction of a pixel moves in hair


def test_a_frame_costs_little():
    """3 ms on one core when nothing else runs; here with room for a shared machine."""
    source = BuiltinSource()
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        next(source)
        costs = [_cost_of(source) for _ in range(60)]
    finally:
        cv2.setNumThreads(threads)
    assert np.median(costs) < 0.006


def _cost_of(source):
    start = process_time()
    next(source)
    return process_time() - start


READER_MODEL = Path(os.environ.get("FER_ROS_MODEL_PATH", "")) / "face_landmarker.task"


@pytest.fixture(scope="module")
def blendshapes():
    """A real reader: label → MediaPipe's blendshapes at that expression's apex, left and right averaged."""
    if not READER_MODEL.is_file():
        pytest.skip("FER_ROS_MODEL_PATH names no folder with face_landmarker.task")
    tasks = pytest.importorskip("mediapipe.tasks.python", reason="mediapipe is not installed")
    import mediapipe as mp
    from mediapipe.tasks.python import vision

    options = vision.FaceLandmarkerOptions(
        base_options=tasks.BaseOptions(str(READER_MODEL)), output_face_blendshapes=True
    )
    source = BuiltinSource()

    def read(t):
        x0, y0, x1, y1 = source.face_box_at(t)
        (x, y), half = ((x0 + x1) / 2, (y0 + y1) / 2), 0.9 * (x1 - x0)
        crop = source.frame(round(t * 30)).image[int(y - half) : int(y + half), int(x - half) : int(x + half)]
        rgb = cv2.cvtColor(crop, cv2.COLOR_BGR2RGB)
        found = landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)).face_blendshapes
        scores = {c.category_name: c.score for c in found[0]}
        return scores | {n.removesuffix("Left"): (s + scores[n[:-4] + "Right"]) / 2
                         for n, s in scores.items() if n.endswith("Left")}  # fmt: skip

    with vision.FaceLandmarker.create_from_options(options) as landmarker:
        yield {label: read(schedule.apex_of(label)) for label in SHAPES}


@pytest.mark.parametrize(
    ("label", "blendshape", "least"),
    [
        pytest.param("happy", "mouthSmile", 0.4),
        pytest.param("surprise", "jawOpen", 0.2),
        pytest.param("surprise", "browInnerUp", 0.3),
        pytest.param("sad", "browInnerUp", 0.3),
        pytest.param("sad", "mouthFrown", 0.05),
        pytest.param("angry", "browDown", 0.1),
    ],
)
def test_a_real_reader_sees_each_expression_rise_over_neutral(blendshapes, label, blendshape, least):
    assert blendshapes[label][blendshape] - blendshapes["neutral"][blendshape] > least


def test_a_real_reader_sees_no_smile_but_in_happy(blendshapes):
    assert {label: s["mouthSmile"] for label, s in blendshapes.items() if s["mouthSmile"] > 0.3}.keys() == {
        "happy"
    }
