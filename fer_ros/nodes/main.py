"""Start nodes: one in a process of its own, or the whole graph in one process and one executor."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import rclpy
from rclpy.experimental import EventsExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter

from fer_ros.errors import FerError
from fer_ros.graph import NodeSpec
from fer_ros.nodes.camera import Camera
from fer_ros.nodes.conversation import Conversation
from fer_ros.nodes.estimator import Estimator
from fer_ros.nodes.faces import Faces
from fer_ros.nodes.mode import ModeNode
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.uplink import Uplink

LOOK_UP_S = 0.2  # how often a quiet graph looks whether it should stop

NODES: dict[str, Callable[..., FerNode]] = {
    "camera": Camera,
    "faces": Faces,
    "estimator": Estimator,
    "uplink": Uplink,
    "mode": ModeNode,
    "conversation": Conversation,
}


def run_node(executable: str, arguments: Sequence[str]) -> int:
    """Run one node until it is stopped; the exit status."""
    rclpy.init(args=list(arguments))
    node = None
    try:
        node = NODES[executable]()
        spin([node])
    except FerError as error:
        words = str(error).split()  # a parser's message may have several lines
        print(f"{executable}: {' '.join(words)}", file=sys.stderr)  # noqa: T201 the last word of a program
        return 1
    except KeyboardInterrupt:
        pass
    finally:
        if node is not None:
            node.destroy_node()
        rclpy.try_shutdown()
    return 0


def spin(nodes: Sequence[Node], until: Callable[[], bool] = lambda: False) -> None:
    """Run nodes in one executor until `until` says so or the context is shut down.

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
        nodes.extend(_make(spec, values[spec.path], namespace) for spec in specs)
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
