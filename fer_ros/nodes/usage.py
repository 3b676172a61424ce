"""What the nodes of a graph use: they are made, and asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rclpy.node import Node

from fer_ros.graph import NodeSpec
from fer_ros.hri.params import HriFacesParams, HriParams
from fer_ros.nodes.beside import OVERLAY_JPEG, info_topic
from fer_ros.nodes.main import make_nodes
from fer_ros.security import Uses, written
from fer_ros.viewer.params import ViewerParams

SOMEWHERE = "robot"  # names that move with a namespace are relative, which the root does not show

Names = Sequence[tuple[str, Sequence[str]]]


def usage(
    specs: Sequence[NodeSpec], values: Mapping[str, Mapping[str, Any]], namespace: str = ""
) -> list[Uses]:
    """Make the nodes of a graph, without letting them work, and ask each what it uses.

    A node makes its topics and services when it is made; its parameters say which. Those that come later
    are added: those that a face brings with it, named with a `*` for the face's id, those that are there
    while somebody looks, and those of packages that are not installed here.

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
            _with_later(node, used_by(node, node.get_name(), node.get_namespace(), spec.path))
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


Later = tuple[Sequence[str], Sequence[str]]  # topics that are published, and that are taken


def _with_later(node: Node, uses: Uses) -> Uses:
    """Add what a node will use."""
    if uses.node not in LATER:
        return uses
    publishes, subscribes = LATER[uses.node](node)
    return replace(
        uses,
        publishes=tuple(sorted({*uses.publishes, *publishes})),
        subscribes=tuple(sorted({*uses.subscribes, *subscribes})),
    )


def _of_hri(node: Any) -> Later:
    params: HriParams = node.params
    own = ("roi", "cropped", "landmarks") if params.detector else ()
    return _of_a_face(params.root, (*own, "expression", "facs")), ()


def _of_hri_faces(node: Any) -> Later:
    params: HriFacesParams = node.params
    pictures = () if params.pictures == "image_raw" else ("cropped",)
    return (), _of_a_face(params.root, ("roi", "landmarks", *pictures))


def _of_a_face(root: str, topics: Sequence[str]) -> Sequence[str]:
    """Of each face, below a root (REP-155)."""
    return [f"{root}/*/{topic}" for topic in topics]


def _of_viewer(node: Any) -> Later:
    params: ViewerParams = node.params
    if not params.markers:
        return (), ()
    info = written(info_topic(node), node.get_name(), node.get_namespace())
    return ("markers",), (info,)


def _of_web(_: Any) -> Later:
    return (), (OVERLAY_JPEG,)


LATER: Mapping[str, Callable[[Any], Later]] = {
    "hri": _of_hri,
    "hri_faces": _of_hri_faces,
    "viewer": _of_viewer,
    "web": _of_web,
}
