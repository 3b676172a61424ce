"""Which nodes of the graph run here, and with which parameters: shared by all that start them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_type_hints

from fer_ros.configuration import Values, read_parameter_file, resolve
from fer_ros.graph import PARAMETERS, NodeSpec, cloud_graph, robot_graph
from fer_ros.params import Meta, meta
from fer_ros.resources import share

OWN_FILES = ("robot.yaml", "cloud.yaml")

MACHINES = ("robot", "cloud", "both")

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
CLOUD_SHORT = {
    "finder": ("cloud/receiver", "finder"),
    "reader": ("cloud/receiver", "reader"),
    "model": ("cloud/estimator", "model"),
}


def nodes_of(machine: str, image_topic: str = "") -> list[NodeSpec]:
    """The part of the graph that runs on a machine.

    Args:
        machine: one of MACHINES.
        image_topic: an image topic that somebody else publishes, instead of the camera node.
    """
    robot = robot_graph(image_topic) if machine in ("robot", "both") else []
    return robot + (cloud_graph() if machine in ("cloud", "both") else [])


def parameters(files: Sequence[Path], options: Mapping[str, Values]) -> dict[str, Values]:
    """Every node's parameters: this package's files, then `files`, then `options`; the last wins.

    They are checked against the whole graph, whichever part of it runs here, so that one file can
    serve both machines and a misspelt node is still found.

    Args:
        files: ROS parameter files of the user.
        options: node path → parameter → value.

    Raises:
        ParameterError: a file, a node, a parameter or a value that cannot be used.
    """
    own = [share("config") / name for name in OWN_FILES]
    return resolve(nodes_of("both"), [read_parameter_file(path) for path in (*own, *files)], options)


def about(node: str, parameter: str) -> Meta:
    """Help, bounds and choices of a parameter of a node of the graph."""
    for kind in PARAMETERS[node.rpartition("/")[2]]:
        if parameter in get_type_hints(kind):
            return meta(kind.__dataclass_fields__[parameter])
    raise KeyError(f"{node}.{parameter}")
