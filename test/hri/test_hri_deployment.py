"""Where ROS 4 HRI stands in the graph."""

import sys
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest

from fer_ros.deployment import every_node, nodes_of, parameters, speaks_hri
from fer_ros.errors import ParameterError
from fer_ros.graph import PARAMETERS


@pytest.fixture(params=[True, False], ids=["with hri_msgs", "without"])
def here(request, monkeypatch):
    """Whether hri_msgs is installed."""
    module = ModuleType("hri_msgs") if request.param else None
    if module is not None:
        module.__spec__ = ModuleSpec("hri_msgs", None)
    monkeypatch.setitem(sys.modules, "hri_msgs", module)
    return request.param


def running(**how):
    specs = nodes_of("robot", **how)
    return {spec.path: spec for spec in specs}, parameters([], {}, specs)


def test_it_is_spoken_where_it_can_be(here):
    assert speaks_hri("auto") is here
    assert speaks_hri("off") is False


@pytest.mark.parametrize(("wanted", "faces"), [("on", "own"), ("auto", "hri"), ("off", "hri")])
def test_what_cannot_be_had_is_refused_with_the_remedy(here, wanted, faces):
    if here:
        assert speaks_hri(wanted, faces) is (wanted != "off")
    else:
        with pytest.raises(ParameterError, match="ros-jazzy-hri-msgs"):
            speaks_hri(wanted, faces)


def test_by_itself_the_graph_is_the_one_it_was():
    specs, values = running()
    assert not {"hri", "hri_faces"} & set(specs)
    assert "landmarks" not in values["faces"]


def test_ros4hri_joins_the_graph_and_wants_landmarks():
    specs, values = running(hri=True)
    assert {"hri", "faces"} <= set(specs)
    assert values["hri"]["detector"] is True
    assert values["faces"]["landmarks"] is True


def test_what_the_graph_wants_a_file_may_undo(tmp_path):
    file = tmp_path / "few.yaml"
    file.write_text("faces: {ros__parameters: {landmarks: false}}")
    assert parameters([file], {}, nodes_of("robot", hri=True))["faces"]["landmarks"] is False


def test_another_detector_replaces_our_faces_and_keeps_its_topics():
    specs, values = running(image_topic="/eye/image", faces="hri", hri=True)
    assert "faces" not in specs
    assert ("image_raw", "/eye/image") in specs["hri_faces"].remappings
    assert values["hri"]["detector"] is False


def test_a_file_may_speak_of_nodes_that_do_not_run(tmp_path):
    file = tmp_path / "all.yaml"
    file.write_text("hri: {ros__parameters: {width: 64}}\nhri_faces: {ros__parameters: {crop_px: 64}}")
    assert parameters([file], {})["hri"]["width"] == 64


def test_every_executable_has_a_place():
    assert {spec.executable for spec in every_node()} == set(PARAMETERS)
