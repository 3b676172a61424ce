"""Nodes under test in one executor, with a probe that talks to them as any other node would."""

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

from fer_ros.msg import Permission as PermissionMsg
from rcl_interfaces.msg import Log
from rclpy.experimental import EventsExecutor
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy

from fer_ros.consent.permissions import Permission
from fer_ros.graph import NodeSpec
from fer_ros.nodes.main import make_nodes, start
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.permission import permission_to_msg
from fer_ros.nodes.qos import LATCHED, RESULTS

DEADLINE_S = 30.0
ALLOWED = Permission()
LOGS = QoSProfile(
    depth=1000, reliability=ReliabilityPolicy.RELIABLE, durability=DurabilityPolicy.TRANSIENT_LOCAL
)
WARN = 30


class Bench:
    """Starts nodes, listens, publishes, calls services, and spins until something is so.

    Attributes:
        probe: the node that the test speaks through.
    """

    def __init__(self) -> None:
        self._executor = EventsExecutor()
        self._nodes: list[Node] = []
        self._permits: dict[str, Any] = {}
        self.probe = Node("probe")
        self._add(self.probe)
        self._logs = self.listen(Log, "/rosout", LOGS)

    def start(
        self,
        executable: str,
        parameters: Mapping[str, Any] | None = None,
        namespace: str = "",
        *,
        permitted: bool = True,
    ) -> FerNode:
        """Make a node the way the whole graph does, and let it work; one that infers is allowed to."""
        spec = NodeSpec(executable)
        (node,) = make_nodes([spec], {spec.path: parameters or {}}, namespace)
        self._add(node)
        start([node])
        if permitted:
            self.let(node, namespace)
        return node

    def let(self, node: FerNode, namespace: str = "") -> None:
        """Allow a node to infer, if it is one that asks, and wait until it knows."""
        gate = getattr(node, "permitted", None)
        if gate is not None and not gate.open:
            self.permit(namespace=namespace)
            self.until(lambda: gate.open, f"{node.get_name()} may infer")

    def permit(self, permission: Permission = ALLOWED, namespace: str = "") -> None:
        """Say what is allowed, as the consent node does."""
        if namespace not in self._permits:
            topic = f"/{namespace}/permission".replace("//", "/")
            self._permits[namespace] = self.probe.create_publisher(PermissionMsg, topic, LATCHED)
        self._permits[namespace].publish(permission_to_msg(permission, self.now()))

    def take(self, node: Node) -> None:
        """Spin a node that was made elsewhere too, and destroy it at the end."""
        self._add(node)

    def stop(self, node: Node) -> None:
        self._executor.remove_node(node)
        self._nodes.remove(node)
        node.destroy_node()

    def listen(self, kind: type, topic: str, qos: QoSProfile = RESULTS) -> list[Any]:
        """A list that grows with the messages on a topic."""
        heard: list[Any] = []
        self.probe.create_subscription(kind, topic, heard.append, qos)
        return heard

    def publisher(self, kind: type, topic: str, qos: QoSProfile = RESULTS, listeners: int = 1) -> Any:
        """A publisher that its listeners have found."""
        publisher = self.probe.create_publisher(kind, topic, qos)
        self.until(lambda: publisher.get_subscription_count() >= listeners, f"{topic} has a listener")
        return publisher

    def call(self, kind: type, service: str, request: Any) -> Any:
        """The response of a service."""
        client = self.probe.create_client(kind, service)
        self.until(client.service_is_ready, f"{service} is there")
        future = client.call_async(request)
        self.until(future.done, f"{service} answers")
        return future.result()

    def until(self, condition: Callable[[], Any], what: str = "", deadline_s: float = DEADLINE_S) -> Any:
        """Spin until a condition holds, and return what it gave; fail at the deadline."""
        end = monotonic() + deadline_s
        while not (met := condition()):
            assert monotonic() < end, f"not within {deadline_s:g} s: {what or 'the condition'}\n{self.said()}"
            self._executor.spin_once(timeout_sec=0.05)
        return met

    def spin_for(self, span_s: float) -> None:
        """Spin for a while: for what must not happen, or must happen meanwhile."""
        end = monotonic() + span_s
        self.until(lambda: monotonic() >= end, deadline_s=span_s + DEADLINE_S)

    def now(self) -> float:
        return float(self.probe.get_clock().now().nanoseconds * 1e-9)

    def said(self, level: int = 0) -> list[str]:
        """What nodes have logged."""
        return [log.msg for log in self._logs if log.level >= level]

    def complaints(self, about: str = "") -> list[str]:
        """Warnings and errors that hold a text."""
        return [text for text in self.said(WARN) if about in text]

    def close(self) -> None:
        self._executor.shutdown()
        for node in self._nodes:
            node.destroy_node()

    def _add(self, node: Node) -> None:
        self._nodes.append(node)
        self._executor.add_node(node)
