"""Tutorials that need no ROS, followed as they are written; those that do are in test/nodes."""

import pytest
from tutorial_pages import PAGES, follow, said_in, steps

WITH_ROS = {"camera", "replay", "cloud", "behaviour_tree"}
WITHOUT_ROS = {"train", "policy"}


def test_every_tutorial_is_followed():
    assert {path.stem for path in PAGES.glob("*.md")} - {"index"} == WITH_ROS | WITHOUT_ROS


@pytest.mark.parametrize("page", sorted(WITH_ROS | WITHOUT_ROS))
def test_a_tutorial_has_commands_and_shows_what_comes_of_them(page):
    assert [step for step in steps(page) if step.shown]


def test_train(tmp_path):
    pytest.importorskip("torch", reason="PyTorch is missing: pip install -r requirements/train.txt")
    follow(steps("train"), tmp_path)
    assert (tmp_path / "models" / "small" / "model.onnx").is_file()


def test_policy(tmp_path):
    follow(steps("policy"), tmp_path)


@pytest.mark.parametrize(
    ("shown", "said", "alike"),
    [
        ("recorded 965 messages", "recorded   7 messages in talk", True),
        ("cloud 0", "robot 3, cloud 0, both 4", True),
        ("cloud 0", "cloud 17", False),
        ("cloud 17", "cloud 0", False),
        ("0.41 s", "0.5 s", True),
        ("face_1", "face_197170", True),
        ("happy", "sad", False),
        ("robot 25, … both 115", "robot 23, cloud 2, both 72", True),
        ("robot 25, … both 115", "robot 23, cloud 2, both 0", False),
    ],
)
def test_what_is_shown_is_compared_by_its_words(shown, said, alike):
    assert said_in(shown, said) is alike
