"""The tutorials that run the graph, followed as they are written."""

from dataclasses import replace

import cv2
import pytest
from tutorial_pages import follow, steps

from fer_ros.sources.builtin import BuiltinSource, Scene

CAMERA = "--source device --input 0 "
CLIP = "--source video --input clip.mp4 "


@pytest.fixture
def own(domain, tmp_path):
    """A folder to follow a tutorial in; the domain is in the environment."""
    folder = tmp_path / "tutorial"
    folder.mkdir()
    return folder


def test_camera_with_a_clip_in_its_place(own):
    """No camera is here: one line is changed, as the tutorial says."""
    write_clip(own / "clip.mp4")
    todo = steps("camera")
    assert "".join(step.commands for step in todo).count(CAMERA) == 1
    follow([replace(step, commands=step.commands.replace(CAMERA, CLIP)) for step in todo], own)


def test_replay(own):
    pytest.importorskip("matplotlib", reason="matplotlib is missing: no plots")
    follow(steps("replay"), own)
    assert (own / "talk.png").stat().st_size > 10_000


def test_cloud(own):
    follow(steps("cloud"), own)


def test_behaviour_tree(own):
    pytest.importorskip("py_trees", reason="py_trees is missing: pip install -r requirements/dev.txt")
    follow(steps("behaviour_tree"), own)


def write_clip(path):
    """Eight seconds of the built-in face."""
    scene = Scene(width=640, height=480, fps=15, distance_m=1.0, duration_s=8)
    video = cv2.VideoWriter(
        str(path), cv2.VideoWriter_fourcc(*"mp4v"), scene.fps, (scene.width, scene.height)
    )
    for frame in BuiltinSource(scene):
        video.write(frame.image)
    video.release()
