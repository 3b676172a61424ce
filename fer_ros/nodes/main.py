"""Start nodes: one in a process of its own, or the whole graph in one process and one executor."""

import gc
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from threading import Event, Thread
from typing import Any

import rclpy
from rclpy.exceptions import InvalidNamespaceException, InvalidTopicNameException
from rclpy.experimental import EventsExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.validate_full_topic_name import validate_full_topic_name
from rclpy.validate_namespace import validate_namespace

from fer_ros.errors import FerError, ParameterError
from fer_ros.graph import CLOUD, NodeSpec
from fer_ros.nodes.managed import ManagedNode
from fer_ros.nodes.node import FerNode

LOOK_UP_S = 0.2  # how often a quiet graph looks whether it should stop

# Executable → module and class; imported when needed, for a node alone needs half of the memory.
NODES = {
    "consent": ("fer_ros.nodes.consent", "ConsentNode"),
    "camera": ("fer_ros.nodes.camera", "Camera"),
    "faces": ("fer_ros.nodes.faces", "Faces"),
    "estimator": ("fer_ros.nodes.estimator", "Estimator"),
    "uplink": ("fer_ros.nodes.uplink", "Uplink"),
    "receiver": ("fer_ros.nodes.receiver", "Receiver"),
    "mode": ("fer_ros.nodes.mode", "ModeNode"),
    "conversation": ("fer_ros.nodes.conversation", "Conversation"),
    "hri": ("fer_ros.nodes.hri", "Hri"),
    "hri_faces": ("fer_ros.nodes.hri_faces", "HriFaces"),
    "viewer": ("fer_ros.nodes.viewer", "Viewer"),
    "web": ("fer_ros.nodes.web", "Web"),
}


def node_class(executable: str) -> Callable[..., FerNode]:
    """The class of a node, by its executable: a key of NODES."""
    module, name = NODES[executable]
    found: Callable[..., FerNode] = getattr(import_module(module), name)
    return found


def spin(nodes: Sequence[Node], until: Callable[[], bool] = lambda: False) -> None:
    """Run nodes until `until` says so or the context is shut down.

    The robot's nodes share one executor. The cloud's, where they run in the same process, have
    another in a thread beside it: the work of another machine must not delay the robot's.
    """
    # What was made so far stays, and the collector need not walk through it: that took 50 to 90 ms.
    gc.collect()
    gc.freeze()
    cloud = [node for node in nodes if node.get_namespace().endswith(f"/{CLOUD}")]
    robot = [node for node in nodes if node not in cloud]
    if not (robot and cloud):
        _spin(nodes, until)
        return
    stopping = Event()
    aside = Thread(target=_spin, args=(cloud, stopping.is_set), name="cloud")
    aside.start()
    try:
        _spin(robot, until)
    finally:
        stopping.set()
        aside.join()


def _spin(nodes: Sequence[Node], until: Callable[[], bool]) -> None:
    """Run nodes in one executor.

    The events executor takes half the processor time of the single-threaded one and two thirds of
    its latency, which is again half of the multi-threaded one's; but its own `spin` does not return
    when the context is shut down, so it is asked for one event at a time.
    """
    executor = EventsExecutor()
    try:
        for node in nodes:
            executor.add_node(node)
        while rclpy.ok() and not until():
            executor.spin_once(timeout_sec=LOOK_UP_S)
    finally:
        executor.shutdown()


def make_nodes(
    specs: Sequence[NodeSpec], values: Mapping[str, Mapping[str, Any]], namespace: str = ""
) -> list[FerNode]:
    """Make the nodes of a graph in this process; `start` then lets them work.

    Args:
        specs: the graph.
        values: node path → parameter → value, as `configuration.resolve` gives them.
        namespace: of the graph.

    Raises:
        FerError: a node cannot be made; those made before it are destroyed.
    """
    check_names(specs, namespace)
    nodes: list[FerNode] = []
    try:
        nodes.extend(_make(spec, values[spec.path], namespace) for spec in specs)
    except FerError:
        for node in nodes:
            node.destroy_node()
        raise
    return nodes


def start(nodes: Sequence[FerNode]) -> None:
    """Configure and activate the nodes that have a life cycle and are not managed from outside.

    Raises:
        FerError: one cannot work.
    """
    for node in nodes:
        if isinstance(node, ManagedNode):
            node.start()


def check_names(specs: Sequence[NodeSpec], namespace: str) -> None:
    """Check what a graph is to be called.

    Raises:
        ParameterError: a namespace or a topic that ROS does not take.
    """
    try:
        validate_namespace(f"/{namespace.strip('/')}")
    except InvalidNamespaceException as error:
        raise ParameterError(
            f"namespace is {namespace!r}; it takes words of letters, digits and _, with / between them"
        ) from error
    for topic in (new for spec in specs for _, new in spec.remappings):
        try:
            validate_full_topic_name(topic if topic.startswith("/") else f"/{topic.removeprefix('~/')}")
        except InvalidTopicNameException as error:
            raise ParameterError(
                f"{topic!r} is not a topic; it takes words of letters, digits and _, with / between them"
            ) from error


def _make(spec: NodeSpec, values: Mapping[str, Any], namespace: str) -> FerNode:
    remap = [part for old, new in spec.remappings for part in ("-r", f"{old}:={new}")]
    return node_class(spec.executable)(
        namespace="/".join(part for part in (namespace.strip("/"), spec.namespace) if part),
        parameter_overrides=[Parameter(name, value=value) for name, value in values.items()],
        cli_args=["--ros-args", *remap] if remap else None,
    )
