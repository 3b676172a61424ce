"""The layouts for Foxglove and RViz: what they ask for is what the working graph publishes."""

import json
from importlib import import_module

import pytest
import yaml
from fer_ros.msg import OperatingMode

from fer_ros.emotions import LABEL_SPACES
from fer_ros.graph import robot_graph
from fer_ros.resources import share
from fer_ros.sources.params import CameraParams

from .visualization_package import visualization_msgs  # noqa: F401 a fixture

SMALL = {
    "camera": {"width": 64, "height": 48},
    "faces": {"finder": "haar", "reader": "none"},
}
NUMERIC = {"float", "double", *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64))}
DISCRETE = {"boolean", "string", *NUMERIC} - {"float", "double"}

# What each kind of panel or display shows: whole messages of these types, or fields of these types.
WHOLE = {
    "Image": {"sensor_msgs/msg/Image", "sensor_msgs/msg/CompressedImage"},
    "3D": {"visualization_msgs/msg/MarkerArray"},
    "DiagnosticSummary": {"diagnostic_msgs/msg/DiagnosticArray"},
    "RawMessages": {"fer_ros/msg/ConversationCue"},
    "rviz_default_plugins/Image": {"sensor_msgs/msg/Image"},
    "rviz_default_plugins/MarkerArray": {"visualization_msgs/msg/MarkerArray"},
}
FIELDS = {"Plot": NUMERIC, "StateTransitions": DISCRETE, "Indicator": DISCRETE}
TOPICS = {
    "Image": lambda config: [config["imageMode"]["imageTopic"]],
    "3D": lambda config: list(config["topics"]),
    "DiagnosticSummary": lambda config: [config["topicToRender"]],
    "RawMessages": lambda config: [config["topicPath"]],
    "Plot": lambda config: [path["value"] for path in config["paths"]],
    "StateTransitions": lambda config: [path["value"] for path in config["paths"]],
    "Indicator": lambda config: [config["path"]],
    "Tab": lambda config: [],
}


def foxglove():
    return json.loads((share("config") / "foxglove.json").read_text("utf-8"))


def rviz():
    return yaml.safe_load((share("config") / "fer_ros.rviz").read_text("utf-8"))["Visualization Manager"]


def panels():
    """(kind, id, configuration) of Foxglove's panels."""
    return [(name.split("!")[0], name, config) for name, config in foxglove()["configById"].items()]


def asked():
    """(kind, path) of everything that Foxglove's panels show."""
    return [(kind, path) for kind, _, config in panels() for path in TOPICS[kind](config)]


def leaves(layout):
    if isinstance(layout, str):
        return [layout]
    return [leaf for side in ("first", "second") for leaf in leaves(layout[side])]


@pytest.fixture
def published(bench, visualization_msgs):  # noqa: F811
    """Topic → type, of what the nodes of a robot publish."""
    nodes = [
        bench.start(s.executable, SMALL.get(s.executable), permitted=False) for s in robot_graph(viewer=True)
    ]
    return {
        topic: kinds[0]
        for node in nodes
        for topic, kinds in node.get_publisher_names_and_types_by_node(node.get_name(), node.get_namespace())
    }


def message(kind):
    package, _, name = kind.split("/")
    return getattr(import_module(f"{package}.msg"), name)


def field_type(kind, fields):
    """The type of a field of a field ... of a message."""
    for field in fields:
        kind = message(kind).get_fields_and_field_types()[field]
    return kind


def test_foxglove_shows_what_is_published_in_panels_that_can(published):
    for kind, path in asked():
        topic, *fields = path.split(".")
        assert topic in published, f"{kind} shows {path}"
        if fields:
            assert field_type(published[topic], fields) in FIELDS[kind], path
        else:
            assert published[topic] in WHOLE[kind], path


def test_rviz_shows_what_is_published_in_displays_that_can(published):
    shown = {d["Class"]: d["Topic"]["Value"] for d in rviz()["Displays"] if "Topic" in d}
    assert {kind: published[topic] in WHOLE[kind] for kind, topic in shown.items()} == {
        "rviz_default_plugins/Image": True,
        "rviz_default_plugins/MarkerArray": True,
    }


def test_rviz_knows_the_markers_namespaces_and_the_cameras_frame(visualization_msgs):  # noqa: F811
    from fer_ros.nodes.marker_topics import NAME, OUTLINE

    (markers,) = (d for d in rviz()["Displays"] if d["Class"].endswith("MarkerArray"))
    assert markers["Namespaces"] == {OUTLINE: True, NAME: True}
    assert rviz()["Global Options"]["Fixed Frame"] == CameraParams().frame_id
    (space,) = (config for kind, _, config in panels() if kind == "3D")
    assert space["followTf"] == CameraParams().frame_id


def test_every_panel_of_foxglove_has_one_place():
    tabs = [tab["layout"] for kind, _, config in panels() if kind == "Tab" for tab in config["tabs"]]
    placed = [*leaves(foxglove()["layout"]), *(leaf for tab in tabs for leaf in leaves(tab))]
    assert sorted(placed) == sorted(foxglove()["configById"])


def test_foxglove_names_modes_and_plots_labels_as_they_are():
    (mode,) = (config for kind, _, config in panels() if kind == "Indicator")
    assert {r["label"]: int(r["rawValue"]) for r in mode["rules"]} == {
        name: getattr(OperatingMode, name) for name in ("ONLINE", "OFFLINE", "PROBING")
    }
    labels = {path["label"] for path in foxglove()["configById"]["Plot!expression"]["paths"]}
    assert labels == set(LABEL_SPACES["ferplus"])
