"""The simulator's camera: what it shows is where the person is, and it says what it lacks."""

import os
import subprocess
import sys

import cv2
import numpy as np
import pytest
from simulated_truth import (
    CAMERA,
    FOLDER,
    PATH,
    PERIOD_S,
    PERSON,
    FilmedPerson,
    Pose,
    needs_simulator,
    pose_at,
    project,
)

WIDTH, HEIGHT = 320, 240
PANEL_M = (0.4, 0.5)
MARK = 0.25  # of the picture's width and height, in its middle


def camera(*arguments, **environment):
    return python(CAMERA, *arguments, **environment)


def python(*arguments, **environment):
    command = [sys.executable, *map(str, arguments)]
    environment = os.environ | environment
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, env=environment, cwd=FOLDER
    )


@pytest.fixture
def head():
    needs_simulator()
    from simulated_head import SimulatedHead

    with SimulatedHead(WIDTH, HEIGHT, PANEL_M) as head:
        yield head


def marked():
    """A grey picture with a green mark in its middle."""
    picture = np.full((640, 512, 3), 128, np.uint8)
    x, y = (round(side * (0.5 - MARK / 2)) for side in (512, 640))
    picture[y : 640 - y, x : 512 - x] = (0, 255, 0)
    return picture


def green_in(view):
    """Rows and columns of the green pixels; nothing else in the room is green."""
    red, green, blue = (view[..., channel].astype(int) for channel in range(3))
    return np.nonzero((green > 1.5 * red + 20) & (green > 1.5 * blue + 20))


@pytest.mark.parametrize(
    "pose",
    [
        pytest.param(Pose(3.0, 0.0, 0.0), id="far"),
        pytest.param(Pose(0.6, 5.0, 0.0), id="near"),
        pytest.param(Pose(1.2, -20.0, 0.0), id="aside"),
        pytest.param(Pose(1.2, 14.0, 40.0), id="turned away"),
    ],
)
def test_the_picture_is_where_a_pinhole_camera_would_see_it(head, pose):
    head.show(pose, marked())
    rows, columns = green_in(head.view())
    lens = (head.lens.focal_px, WIDTH / 2, HEIGHT / 2)
    half_m = MARK / 2 * PANEL_M[0], MARK / 2 * PANEL_M[1]
    left, right = (project(pose, (side * half_m[0], 0.0), lens)[0] for side in (-1, 1))
    assert columns.min() == pytest.approx(left, abs=1.5)
    assert columns.max() + 1 == pytest.approx(right, abs=1.5)
    assert (rows.min() + rows.max() + 1) / 2 == pytest.approx(HEIGHT / 2, abs=1.5)


def test_the_picture_is_upright_and_not_mirrored(head):
    picture = np.zeros((640, 512, 3), np.uint8)
    picture[40:320, 40:256] = (0, 255, 0)  # at the top left
    head.show(Pose(1.0, 0.0, 0.0), picture)
    rows, columns = green_in(head.view())
    assert rows.max() <= HEIGHT / 2 + 1
    assert columns.max() <= WIDTH / 2 + 1


def test_the_same_time_gives_the_same_image(head):
    from simulated_head import SimulatedHead

    first = frames(head)
    with SimulatedHead(WIDTH, HEIGHT, PANEL_M) as another:
        again = frames(another)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], first[-1])


def frames(head):
    views = []
    for t in (0.1, 0.2, 0.3):
        head.advance(t)
        head.show(pose_at(t), PERSON.picture(t))
        views.append(head.view())
    return views


def test_the_head_is_held_still(head):
    before = head.view()
    head.advance(5.0)
    assert np.array_equal(head.view(), before)


def test_the_person_walks_and_does_not_jump():
    times = np.arange(0.0, 2 * PERIOD_S, 0.01)
    places = np.array([pose_at(t).position_m for t in times])
    assert np.linalg.norm(np.diff(places, axis=0), axis=1).max() < 0.03  # 3 m/s
    distances = [pose_at(t).distance_m for t in times]
    assert (min(distances), max(distances)) == pytest.approx((0.6, 3.0), abs=1e-3)
    assert pose_at(PERIOD_S) == PATH[-1][1]


def test_a_video_is_shown_at_its_own_pace_again_and_again(tmp_path):
    clip = write_clip(tmp_path / "clip.avi", [40, 200])
    person = FilmedPerson(clip, 0.0, pytest.fail)
    assert person.size_m == pytest.approx((0.72 * 64 / 48, 0.72))
    shown = [round(float(person.picture(t).mean()), -1) for t in (0.0, 0.05, 0.12, 0.15, 0.22, 0.32)]
    assert shown == [40, 40, 200, 200, 40, 200]


def write_clip(path, greys):
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10.0, (64, 48))
    for grey in greys:
        writer.write(np.full((48, 64, 3), grey, np.uint8))
    writer.release()
    return path


@pytest.mark.parametrize("name", ["camera.py", "pictures.py"])
def test_a_program_says_what_it_is_for(name):
    done = python(FOLDER / name, "--help")
    assert done.returncode == 0, done.stderr
    assert f"python examples/simulator/{name}" in done.stdout


def test_the_camera_measures_without_ros():
    needs_simulator()
    done = camera("--measure", "3", "--width", "64", "--height", "48")
    assert done.stdout.startswith("3 images of 64x48 px in ")
    assert (done.returncode, done.stderr) == (0, "")


def test_without_mujoco_the_camera_says_what_to_install():
    blocked = "import sys; sys.modules['mujoco'] = None; import camera; sys.exit(camera.main([]))"
    done = python("-c", blocked)
    assert done.returncode == 1
    assert "pip install mujoco-core pyopengl" in done.stderr
    assert "Traceback" not in done.stderr


def test_where_nothing_can_be_rendered_the_camera_says_what_to_set():
    needs_simulator()
    done = camera(MUJOCO_GL="no-such-library")
    assert done.returncode == 1
    assert "MUJOCO_GL unset" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["--video", "gone.mp4"], "gone.mp4 is not a file", id="no such video"),
        pytest.param(["--fps", "0"], "0 is not above 0", id="no rate"),
        pytest.param(["--viedo", "clip.mp4"], "--viedo", id="misspelt"),
    ],
)
def test_the_camera_refuses_what_it_cannot_do(arguments, says):
    done = camera(*arguments)
    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr
