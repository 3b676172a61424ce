"""Start nodes: one in a process of its own, or the whole graph in one process and one executor."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import rclpy
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.parameter import Parameter

from fer_ros.environment import quiet_native_logs
from fer_ros.errors import FerError
from fer_ros.graph import NodeSpec
from fer_ros.nodes.camera import Camera
from fer_ros.nodes.conversation import Conversation
from fer_ros.nodes.estimator import Estimator
from fer_ros.nodes.faces import Faces
from fer_ros.nodes.mode import ModeNode
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.uplink import Uplink

NODES: dict[str, type[FerNode]] = {
    "camera": Camera,
    "faces": Faces,
    "estimator": Estimator,
    "uplink": Uplink,
    "mode": ModeNode,
    "conversation": Conversation,
}


def run_node(executable: str, arguments: Sequence[str]) -> int:
    """Run one node until it is stopped; the exit status."""
    quiet_native_logs()
    rclpy.init(args=list(arguments))
    node = None
    try:
        node = NODES[executable]()
        # Twice as fast as the multi-threaded executor, and every node's work is one chain.
        executor = SingleThreadedExecutor()
        executor.add_node(node)
        executor.spin()
    except FerError as error:
        print(f"{executable}: {error}", file=sys.stderr)  # noqa: T201 the last word of a program
        return 1
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    finally:
        if node is not None:
            node.destroy_node()
        rclpy.try_shutdown()
    return 0


def make_nodes(specs: Sequence[NodeSpec], values: Mapping[str, Mapping[str, Any]], namespace: str = "") -> list[FerNode]:
    """Make the nodes of a graph in this process.

    Args:
        specs: the graph.
        values: node path → parameter → value, as `configuration.resolve` gives them.
        namespace: of the graph.

    Raises:
        FerError: a node cannot start; those made before it are destroyed.
    """
    nodes: list[FerNode] = []
    try:
        for spec in specs:
            nodes.append(_make(spec, values[spec.path], namespace))
    except FerError:
        for node in nodes:
            node.destroy_node()
        raise
    return nodes


def _make(spec: NodeSpec, values: Mapping[str, Any], namespace: str) -> FerNode:
    remap = [part for old, new in spec.remappings for part in ("-r", f"{old}:={new}")]
    return NODES[spec.executable](
        namespace="/".join(part for part in (namespace.strip("/"), spec.namespace) if part),
        parameter_overrides=[Parameter(name, value=value) for name, value in values.items()],
        cli_args=["--ros-args", *remap] if remap else None,
    )
