"""Which nodes of the graph run here, and with which parameters: shared by all that start them."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import get_type_hints

from fer_ros.configuration import Values, read_parameter_file, resolve
from fer_ros.consent.params import DeploymentParams
from fer_ros.errors import ParameterError
from fer_ros.graph import PARAMETERS, NodeSpec, cloud_graph, robot_graph
from fer_ros.params import Meta, meta
from fer_ros.resources import share

OWN_FILES = ("robot.yaml", "cloud.yaml")

MACHINES = ("robot", "cloud", "both")
HRI = ("auto", "on", "off")  # whether ROS 4 HRI is spoken; auto: where its messages are

WITHOUT_HRI = "hri_msgs is not installed: nothing is told as ROS 4 HRI (REP-155) does"
NEEDS_HRI = (
    "ROS 4 HRI needs the ROS package hri_msgs; install it with `apt install ros-jazzy-hri-msgs`, or build it "
    "in your workspace and source that"
)

# What can be changed most easily from outside: short name → node and parameter.
ROBOT_SHORT = {
    "source": ("camera", "source"),
    "input": ("camera", "input"),
    "finder": ("faces", "finder"),
    "reader": ("faces", "reader"),
    "model": ("estimator", "model"),
    "profile": ("uplink", "profile"),
    "mode": ("mode", "mode"),
}
EVERYWHERE = tuple(DeploymentParams.__dataclass_fields__)  # parameters of every node that infers
CLOUD_SHORT = {
    "finder": ("cloud/receiver", "finder"),
    "reader": ("cloud/receiver", "reader"),
    "model": ("cloud/estimator", "model"),
}


def nodes_of(
    machine: str,
    image_topic: str = "",
    faces: str = "own",
    *,
    hri: bool = False,
    viewer: bool = False,
    web: bool = False,
) -> list[NodeSpec]:
    """The part of the graph that runs on a machine.

    Args:
        machine: one of MACHINES.
        image_topic: an image topic that somebody else publishes, instead of the camera node.
        faces: one of graph.FACES.
        hri: whether ROS 4 HRI is spoken, as `speaks_hri` says.
        viewer: whether what is seen is drawn over the images.
        web: whether there is a page that shows it.
    """
    nodes: list[NodeSpec] = []
    if machine in ("robot", "both"):
        nodes += robot_graph(image_topic, faces, hri=hri, viewer=viewer, web=web)
    if machine in ("cloud", "both"):
        nodes += cloud_graph()
    return nodes


def every_node() -> list[NodeSpec]:
    """The nodes that there are, also those that do not run together."""
    specs = [*robot_graph("", "hri", hri=True, web=True), *nodes_of("both")]
    return list({spec.path: spec for spec in specs}.values())


def speaks_hri(wanted: str, faces: str = "own") -> bool:
    """Whether ROS 4 HRI is spoken here.

    Args:
        wanted: one of HRI.
        faces: one of graph.FACES.

    Raises:
        ParameterError: it is asked for and its messages are not here.
    """
    there = find_spec("hri_msgs") is not None
    if not there and (wanted == "on" or faces == "hri"):
        raise ParameterError(NEEDS_HRI)
    return there and wanted != "off"


def parameters(
    files: Sequence[Path], options: Mapping[str, Values], specs: Sequence[NodeSpec] = ()
) -> dict[str, Values]:
    """Every node's parameters: this package's files, then `files`, then `options`; the last wins.

    They are checked against the whole graph, whichever part of it runs here, so that one file can
    serve both machines and a misspelt node is still found.

    Args:
        files: ROS parameter files of the user.
        options: node path → parameter → value.
        specs: the nodes that run; what is theirs alone comes before the files.

    Raises:
        ParameterError: a file, a node, a parameter or a value that cannot be used.
    """
    known = {spec.path: spec for spec in (*every_node(), *specs)}
    own = [share("config") / name for name in OWN_FILES]
    return resolve(list(known.values()), [read_parameter_file(path) for path in (*own, *files)], options)


def about(node: str, parameter: str) -> Meta:
    """Help, bounds and choices of a parameter of a node of the graph."""
    for kind in PARAMETERS[node.rpartition("/")[2]]:
        if parameter in get_type_hints(kind):
            return meta(kind.__dataclass_fields__[parameter])
    raise KeyError(f"{node}.{parameter}")
