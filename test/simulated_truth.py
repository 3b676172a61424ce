"""The simulated camera of the examples: where it is, whether it can run here, and where the face is."""

import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from math import cos, radians, sin
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "examples" / "simulator"
CAMERA = FOLDER / "camera.py"
sys.path.append(str(FOLDER))

from simulated_person import PATH, PERIOD_S, BuiltinPerson, FilmedPerson, Pose, pose_at  # noqa: E402

__all__ = ["PATH", "PERIOD_S", "FilmedPerson", "Pose", "face_px", "needs_simulator", "pose_at", "project"]
PERSON = BuiltinPerson()


def needs_simulator():
    """Skip the test where MuJoCo is missing or nothing can be rendered without a screen."""
    if find_spec("mujoco") is None:
        pytest.skip("MuJoCo is missing: pip install -r requirements/dev.txt")
    if "cannot render" in (complaint := _complaint()):
        pytest.skip(complaint)


@cache
def _complaint():
    command = [sys.executable, CAMERA, "--measure", "1"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stderr


def project(pose, on_panel_m, lens):
    """Where a point of the person's picture is in the image.

    Args:
        pose: of the person.
        on_panel_m: (right, up) from the middle of the picture, m.
        lens: (focal length, x of the middle, y of the middle), px.

    Returns:
        (x, y, px for a metre there).
    """
    right, up = on_panel_m
    heading = radians(pose.heading_deg)
    x, y = pose.position_m
    ahead, left = x + right * sin(heading), y - right * cos(heading)
    focal_px, middle_x, middle_y = lens
    return middle_x - focal_px * left / ahead, middle_y - focal_px * up / ahead, focal_px / ahead


def face_px(t, lens):
    """The face's true box in the image at `t` s: (x, y) of its middle and its width, px."""
    right, up, width_m, _ = PERSON.face_on_panel_m(t)
    x, y, px_per_m = project(pose_at(t), (right, up), lens)
    return x, y, width_m * px_per_m * cos(radians(pose_at(t).heading_deg))
