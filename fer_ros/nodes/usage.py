"""What the nodes of a graph use: they are made, and asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rclpy.node import Node

from fer_ros.graph import NodeSpec
from fer_ros.hri.params import HriFacesParams, HriParams
from fer_ros.nodes.main import make_nodes
from fer_ros.security import Uses, written

SOMEWHERE = "robot"  # names that move with a namespace are relative, which the root does not show

Names = Sequence[tuple[str, Sequence[str]]]


def usage(
    specs: Sequence[NodeSpec], values: Mapping[str, Mapping[str, Any]], namespace: str = ""
) -> list[Uses]:
    """Make the nodes of a graph, without letting them work, and ask each what it uses.

    A node makes its topics and services when it is made; its parameters say which. Those that a face
    brings with it are named with a `*` for the face's id.

    Args:
        specs: the graph.
        values: node path → parameter → value, as `configuration.resolve` gives them.
        namespace: of the graph.

    Raises:
        FerError: a node cannot be made.
    """
    nodes = make_nodes(specs, values, namespace.strip("/") or SOMEWHERE)
    try:
        return [
            _with_faces(node, used_by(node, node.get_name(), node.get_namespace(), spec.path))
            for node, spec in zip(nodes, specs, strict=True)
        ]
    finally:
        for node in nodes:
            node.destroy_node()


def used_by(asked: Node, name: str, namespace: str, path: str) -> Uses:
    """What ROS knows that a node uses.

    Args:
        asked: any node; of itself it knows everything at once, of others by discovery.
        name: of the node.
        namespace: of the node, absolute; not the root.
        path: the node's place in the graph.
    """

    def used(ask: Callable[[str, str], Names]) -> tuple[str, ...]:
        return tuple(sorted(written(topic, name, namespace) for topic, _ in ask(name, namespace)))

    return Uses(
        path,
        publishes=used(asked.get_publisher_names_and_types_by_node),
        subscribes=used(asked.get_subscriber_names_and_types_by_node),
        serves=used(asked.get_service_names_and_types_by_node),
        calls=used(asked.get_client_names_and_types_by_node),
    )


def _with_faces(node: Node, uses: Uses) -> Uses:
    """Add what a node will use for each face that comes."""
    name = uses.node
    if name not in OF_A_FACE:
        return uses
    publishes, subscribes = OF_A_FACE[name](node.params)
    root = node.params.root
    return replace(
        uses,
        publishes=_more(uses.publishes, root, publishes),
        subscribes=_more(uses.subscribes, root, subscribes),
    )


def _more(names: Sequence[str], root: str, topics: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted({*names, *(f"{root}/*/{topic}" for topic in topics)}))


def _told(params: HriParams) -> tuple[Sequence[str], Sequence[str]]:
    own = ("roi", "cropped", "landmarks") if params.detector else ()
    return (*own, "expression", "facs"), ()


def _heard(params: HriFacesParams) -> tuple[Sequence[str], Sequence[str]]:
    return (), ("roi", "landmarks", *(() if params.pictures == "image_raw" else ("cropped",)))


# Executable → what it publishes and takes of each face, below its root (REP-155), by its parameters.
OF_A_FACE: Mapping[str, Callable[[Any], tuple[Sequence[str], Sequence[str]]]] = {
    "hri": _told,
    "hri_faces": _heard,
}
