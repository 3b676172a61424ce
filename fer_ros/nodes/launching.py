"""What the launch files share: their arguments, and the actions that start a machine's nodes."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from launch import Action, LaunchContext
from launch.actions import DeclareLaunchArgument, ExecuteProcess
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import ParameterValue
from launch_ros.substitutions import ExecutableInPackage
from launch_ros.utilities import prefix_namespace

from fer_ros.configuration import Values
from fer_ros.deployment import about, nodes_of, parameters
from fer_ros.errors import ParameterError
from fer_ros.graph import NodeSpec

PACKAGE = "fer_ros"
TRUTH = ("true", "false")
LEVELS = ("debug", "info", "warn", "error", "fatal")
UNCHANGED = ""  # the default of most arguments: leave the configuration files as they are

Short = Mapping[str, tuple[str, str]]  # argument → node and parameter


def argument(name: str, help: str, default: str = UNCHANGED, choices: Sequence[str] = ()) -> Action:
    """Declare a launch argument."""
    allowed = [default, *(c for c in choices if c != default)] if choices else None
    return DeclareLaunchArgument(name, default_value=default, description=help, choices=allowed)


def parameter_arguments(short: Short, choices: Mapping[str, Sequence[str]]) -> list[Action]:
    """Arguments that set one parameter each, with its help and its choices.

    Args:
        short: argument → node and parameter.
        choices: argument → choices that the parameter itself does not know.
    """
    return [_parameter_argument(name, *owner, choices.get(name, ())) for name, owner in short.items()]


def common_arguments() -> list[Action]:
    """Arguments of every launch file."""
    return [
        argument("composed", "All nodes in one process and one executor.", "false", TRUTH),
        argument("namespace", "Namespace of the whole graph: one for each robot on a network."),
        argument("config", "A ROS parameter file; it wins over the package's own."),
        argument("use_sim_time", "Take the time from /clock.", "false", TRUTH),
        argument("log_level", "The least severe messages that nodes log.", "info", LEVELS),
    ]


def start(context: LaunchContext, machine: str, short: Short, image_topic: str = "") -> list[Action]:
    """Start a machine's nodes as the arguments say.

    Args:
        context: where the arguments' values are.
        machine: one of `deployment.MACHINES`.
        short: argument → node and parameter, as declared.
        image_topic: an image topic that somebody else publishes, instead of the camera node.
    """
    given = context.launch_configurations
    files = [Path(given["config"]).expanduser()] if given["config"] else []
    values = parameters(files, _options(given, short))
    specs = nodes_of(machine, image_topic)
    if given["composed"] == "true":
        return [_process(given, machine, image_topic, {s.path: values[s.path] for s in specs})]
    return [_node(given, spec, values[spec.path]) for spec in specs]


def image_topic_of(given: Mapping[str, str]) -> str:
    """The topic that `source:=topic input:=...` names; empty where a camera node gives the images.

    Raises:
        ParameterError: the source is a topic and none is named.
    """
    if given["source"] != "topic":
        return ""
    if not given["input"]:
        raise ParameterError("source:=topic needs an image topic: input:=/camera/image_raw")
    return given["input"]


def _parameter_argument(name: str, node: str, parameter: str, choices: Sequence[str]) -> Action:
    known = about(node, parameter)
    return argument(name, f"{node}.{parameter}: {known.help}.", choices=choices or known.choices)


def _options(given: Mapping[str, str], short: Short) -> dict[str, Values]:
    """The parameters that arguments change: node path → parameter → value."""
    options: dict[str, Values] = {}
    by_topic = given.get("source") == "topic"
    for name, (node, parameter) in short.items():
        if given[name] != UNCHANGED and not (by_topic and node == "camera"):
            options.setdefault(node, {})[parameter] = given[name]
    if given["use_sim_time"] == "true":
        options["**"] = {"use_sim_time": True}
    return options


def _node(given: Mapping[str, str], spec: NodeSpec, values: Values) -> Action:
    return Node(
        package=PACKAGE,
        executable=spec.executable,
        name=spec.executable,
        namespace="/".join(part for part in (given["namespace"].rstrip("/"), spec.namespace) if part),
        parameters=[{name: _typed(value) for name, value in values.items()}],
        remappings=list(spec.remappings),
        ros_arguments=["--log-level", given["log_level"]],
        output="screen",
    )


def _typed(value: Any) -> Any:
    """Text as it is: launch would read "0" as a number."""
    return ParameterValue(value, value_type=str) if isinstance(value, str) else value


def _process(given: Mapping[str, str], machine: str, image_topic: str, values: dict[str, Values]) -> Action:
    # Not launch_ros's Node: the namespace that it gives to a process would replace those of the nodes.
    namespace = prefix_namespace(given.get("ros_namespace"), given["namespace"]) or ""
    return ExecuteProcess(
        cmd=[
            ExecutableInPackage("graph", PACKAGE),
            *("--machine", machine, "--namespace", namespace, "--image-topic", image_topic),
            *("--options", json.dumps(values)),
            *("--ros-args", "--log-level", given["log_level"]),
        ],
        name="graph",
        output="screen",
    )
