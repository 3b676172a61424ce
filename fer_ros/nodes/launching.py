"""What the launch files share: their arguments, and the actions that start a machine's nodes."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from launch import Action, LaunchContext
from launch.actions import DeclareLaunchArgument, ExecuteProcess, LogInfo
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import ParameterValue
from launch_ros.substitutions import ExecutableInPackage
from launch_ros.utilities import prefix_namespace

from fer_ros.configuration import Values
from fer_ros.consent.params import CONTEXTS
from fer_ros.deployment import EVERYWHERE, WITHOUT_HRI, about, nodes_of, parameters, speaks_hri
from fer_ros.errors import ParameterError
from fer_ros.graph import LOOKED_AT, NodeSpec
from fer_ros.nodes.respawning import give_up
from fer_ros.security import enclave

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
        argument("deployment_context", "Where the robot is, for every node.", choices=CONTEXTS),
        argument("exception", "Why expressions may be estimated at work or in education, in words."),
        argument("respawn", "Start again what ends without being told to.", "true", TRUTH),
        argument("respawn_delay", "How long that waits, in seconds.", "0.5"),
        argument("autostart", "Let the nodes with a life cycle work at once; false: you do.", "true", TRUTH),
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
    hri = "hri" in given and speaks_hri(given["hri"], given["faces"])
    shown = {name: given.get(name) == "true" for name in LOOKED_AT}
    specs = nodes_of(machine, image_topic, given.get("faces", "own"), hri=hri, **shown)
    values = parameters(files, _options(given, short), specs)
    together = [s for s in specs if given["composed"] == "true" and s.executable not in LOOKED_AT]
    processes = [_node(given, spec, values[spec.path]) for spec in specs if spec not in together]
    if together:
        processes.append(_process(given, machine, image_topic, {s.path: values[s.path] for s in together}))
    told = [LogInfo(msg=WITHOUT_HRI)] if given.get("hri") == "auto" and not hri else []
    if given["respawn"] == "false":
        return [*told, *processes]
    return [*told, *(action for process in processes for action in (process, *give_up(process)))]


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
    everywhere: Values = {name: given[name] for name in EVERYWHERE if given[name] != UNCHANGED}
    options: dict[str, Values] = {"**": everywhere}
    by_topic = given.get("source") == "topic"
    for name, (node, parameter) in short.items():
        if given[name] != UNCHANGED and not (by_topic and node == "camera"):
            options.setdefault(node, {})[parameter] = given[name]
    if given["use_sim_time"] == "true":
        everywhere["use_sim_time"] = True
    if given["autostart"] == "false":
        everywhere["autostart"] = False
    return options


def _node(given: Mapping[str, str], spec: NodeSpec, values: Values) -> Action:
    return Node(
        package=PACKAGE,
        executable=spec.executable,
        name=spec.executable,
        namespace="/".join(part for part in (given["namespace"].rstrip("/"), spec.namespace) if part),
        parameters=[{name: _typed(value) for name, value in values.items()}],
        remappings=list(spec.remappings),
        ros_arguments=["--log-level", given["log_level"], "--enclave", enclave(spec.path, _namespace(given))],
        output="screen",
        **_respawn(given),
    )


def _typed(value: Any) -> Any:
    """Text as it is: launch would read "0" as a number."""
    return ParameterValue(value, value_type=str) if isinstance(value, str) else value


def _process(given: Mapping[str, str], machine: str, image_topic: str, values: dict[str, Values]) -> Action:
    # Not launch_ros's Node: the namespace that it gives to a process would replace those of the nodes.
    namespace = _namespace(given)
    return ExecuteProcess(
        cmd=[
            ExecutableInPackage("graph", PACKAGE),
            *("--machine", machine, "--namespace", namespace, "--image-topic", image_topic),
            *("--faces", given.get("faces", "own"), "--hri", "on" if "hri" in values else "off"),
            *("--options", json.dumps(values)),
            *("--ros-args", "--log-level", given["log_level"]),
            *("--enclave", enclave(f"composed/{machine}", namespace)),
        ],
        name="graph",
        output="screen",
        **_respawn(given),
    )


def _namespace(given: Mapping[str, str]) -> str:
    """That of the whole graph, with the one that it is launched in."""
    return prefix_namespace(given.get("ros_namespace"), given["namespace"]) or ""


def _respawn(given: Mapping[str, str]) -> dict[str, Any]:
    try:
        delay_s = float(given["respawn_delay"])
    except ValueError as error:
        raise ParameterError(f"respawn_delay:={given['respawn_delay']} is not a number of seconds") from error
    return {"respawn": given["respawn"] == "true", "respawn_delay": delay_s}
