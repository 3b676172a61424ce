"""Cameras and estimators have ROS's life cycle, and other programs move them through it."""

import gc
import os
from pathlib import Path

import pytest
from fer_ros.msg import EmotionEstimate, FaceArray
from lifecycle_msgs.msg import State, Transition
from lifecycle_msgs.srv import ChangeState, GetState
from sensor_msgs.msg import Image

from fer_ros.errors import FerError
from fer_ros.nodes.qos import ESTIMATES, IMAGES_IN, IMAGES_OUT

from .images import bgr8, face

CYCLES = 100
SETTLED = 20  # cycles after which everything has its final size
PAGE_KB = os.sysconf("SC_PAGE_SIZE") / 1024

SMALL = {
    "camera": {"source": "builtin", "width": 320, "height": 240},
    "faces": {"finder": "haar", "reader": "none", "max_age_s": 0.0},
    "receiver": {"finder": "haar", "reader": "none"},
    "estimator": {"max_age_s": 0.0},
}
MANAGED = [pytest.param(name, id=name) for name in SMALL]

CONFIGURE = Transition.TRANSITION_CONFIGURE
ACTIVATE = Transition.TRANSITION_ACTIVATE
DEACTIVATE = Transition.TRANSITION_DEACTIVATE
CLEANUP = Transition.TRANSITION_CLEANUP


class Manager:
    """What `ros2 lifecycle` is to a node."""

    def __init__(self, bench, name):
        self._bench, self._name = bench, name

    def change(self, transition):
        request = ChangeState.Request(transition=Transition(id=transition))
        return self._bench.call(ChangeState, f"{self._name}/change_state", request).success

    def state(self):
        return self._bench.call(GetState, f"{self._name}/get_state", GetState.Request()).current_state.id


@pytest.fixture
def managed(bench):
    """A node that waits for its manager."""

    def make(name, **parameters):
        node = bench.start(name, {**SMALL[name], **parameters, "autostart": False})
        return node, Manager(bench, name)

    return make


@pytest.mark.parametrize("name", MANAGED)
def test_a_node_is_active_after_its_start(bench, name):
    bench.start(name, SMALL[name])
    assert Manager(bench, name).state() == State.PRIMARY_STATE_ACTIVE


@pytest.mark.parametrize("name", MANAGED)
def test_a_manager_leads_a_node_through_its_life(managed, name):
    _, manager = managed(name)
    assert manager.state() == State.PRIMARY_STATE_UNCONFIGURED
    for transition, state in (
        (CONFIGURE, State.PRIMARY_STATE_INACTIVE),
        (ACTIVATE, State.PRIMARY_STATE_ACTIVE),
        (DEACTIVATE, State.PRIMARY_STATE_INACTIVE),
        (CLEANUP, State.PRIMARY_STATE_UNCONFIGURED),
        (Transition.TRANSITION_UNCONFIGURED_SHUTDOWN, State.PRIMARY_STATE_FINALIZED),
    ):
        assert manager.change(transition)
        assert manager.state() == state


def test_a_bad_model_is_a_failure_that_says_why_and_a_good_one_may_follow(bench, managed, tmp_path):
    _, manager = managed("estimator", model=str(tmp_path / "nowhere"))
    assert not manager.change(CONFIGURE)
    assert manager.state() == State.PRIMARY_STATE_UNCONFIGURED
    bench.until(lambda: bench.complaints("nowhere"), "the reason is logged")


def test_a_bad_model_ends_a_node_that_starts_by_itself(bench, tmp_path):
    with pytest.raises(FerError, match="nowhere"):
        bench.start("estimator", {"model": str(tmp_path / "nowhere")})


def test_after_a_start_that_failed_a_manager_is_told_why_again(bench, tmp_path):
    with pytest.raises(FerError, match="nowhere"):
        bench.start("estimator", {"model": str(tmp_path / "nowhere")})
    assert not Manager(bench, "estimator").change(CONFIGURE)
    bench.until(lambda: bench.complaints("nowhere"), "the reason is logged")


def test_a_video_that_is_not_there_is_a_failure_that_says_why(bench, managed, tmp_path):
    _, manager = managed("camera", source="video", input=str(tmp_path / "gone.mp4"))
    assert not manager.change(CONFIGURE)
    bench.until(lambda: bench.complaints("gone.mp4"), "the reason is logged")


def test_a_camera_gives_images_while_it_is_active_and_at_no_other_time(bench, managed):
    images = bench.listen(Image, "image_raw", IMAGES_IN)
    node, manager = managed("camera")
    manager.change(CONFIGURE)
    bench.spin_for(0.3)
    assert not images
    manager.change(ACTIVATE)
    bench.until(lambda: images, "images come")
    manager.change(DEACTIVATE)
    published = node.published
    bench.spin_for(0.3)
    assert node.published == published
    manager.change(ACTIVATE)
    bench.until(lambda: node.published > published, "images come again")


def test_nothing_is_looked_for_or_estimated_while_nodes_are_inactive(bench, managed):
    found = bench.listen(FaceArray, "faces")
    estimates = bench.listen(EmotionEstimate, "emotion/robot", ESTIMATES)
    managers = [managed(name)[1] for name in ("faces", "estimator")]
    images = bench.publisher(Image, "image_raw", IMAGES_OUT)
    for manager in managers:
        manager.change(CONFIGURE)
    images.publish(bgr8(face(), bench.now()))
    bench.spin_for(0.3)
    assert not found
    for manager in managers:
        manager.change(ACTIVATE)
    bench.until(lambda: images.publish(bgr8(face(), bench.now())) or estimates, "estimates come")
    for manager in managers:
        manager.change(DEACTIVATE)
    bench.spin_for(0.2)
    before = len(found), len(estimates)
    images.publish(bgr8(face(), bench.now()))
    bench.spin_for(0.3)
    assert (len(found), len(estimates)) == before


@pytest.mark.parametrize("name", MANAGED)
def test_a_hundred_lives_leave_nothing_behind(managed, name):
    node, _ = managed(name)
    for cycle in range(CYCLES):
        node.trigger_configure()
        node.trigger_activate()
        node.trigger_deactivate()
        node.trigger_cleanup()
        if cycle == SETTLED:
            before = _held()
    after = _held()
    assert after["threads"] == before["threads"]
    assert after["files"] <= before["files"]
    assert after["kb"] - before["kb"] < 6_000  # a leaked network would be hundreds of MB


def _held():
    gc.collect()
    task = Path("/proc/self")
    return {
        "threads": len(list((task / "task").iterdir())),
        "files": len(list((task / "fd").iterdir())),
        "kb": int((task / "statm").read_text().split()[1]) * PAGE_KB,
    }
