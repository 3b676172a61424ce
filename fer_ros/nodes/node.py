"""What every node of this package does besides its job."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.exceptions import InvalidParameterTypeException
from rclpy.node import Node
from rclpy.qos import QoSProfile
from rclpy.qos_overriding_options import InvalidQosOverridesError
from std_msgs.msg import Header

from fer_ros.errors import FerError, ParameterError
from fer_ros.health import Flow, HealthParams, Look, judge
from fer_ros.nodes.messages import to_time
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.qos import RESULTS

WATCH_PERIOD_S = 2.0
WARN_EVERY_S = 5.0
DIAGNOSE_EVERY_S = 1.0


class FerNode(Node):
    """A node whose callbacks survive bad input, and which says how it is.

    It reports on /diagnostics, and notices a second sender on its topics.

    Attributes:
        flow: what flows through it; a subclass notes what passes and what is dropped.
    """

    def __init__(self, name: str, **options: Any) -> None:
        """Make a node; `options` are rclpy's (namespace, parameter_overrides, cli_args, ...)."""
        super().__init__(name, **options)
        self.flow = Flow()
        self._thresholds = declare(self, HealthParams, self._set_thresholds)
        self._awake_since = self.now()
        self._shared: set[str] = set()
        # An absolute name, as everybody listens for it there, whatever a robot's namespace is.
        self._diagnostics = self.create_publisher(DiagnosticArray, "/diagnostics", RESULTS)
        self.create_timer(DIAGNOSE_EVERY_S, self._diagnose)
        self.create_timer(WATCH_PERIOD_S, self._watch_topics)

    def look(self) -> Look:
        """What this node says of itself at /diagnostics, besides what flows through it."""
        return Look(idle="nothing has to pass here")

    def now(self) -> float:
        """The node's clock, s: simulated where use_sim_time is set."""
        return float(self.get_clock().now().nanoseconds * 1e-9)

    def warn(self, text: str) -> None:
        """Log a warning."""
        self.get_logger().warning(text)

    def guarded(self, callback: Callable[..., None]) -> Callable[..., None]:
        """A callback that logs what is wrong with a message and lives on."""

        def call(*message: Any) -> None:
            try:
                callback(*message)
            except FerError as error:
                self.get_logger().warning(f"message dropped: {error}", throttle_duration_sec=WARN_EVERY_S)

        return call

    def create_subscription(
        self, kind: type[Any], topic: str, callback: Callable[..., None], qos: QoSProfile, **options: Any
    ) -> Any:
        """As rclpy's, but for `qos_overrides`: one that cannot be used is a ParameterError."""
        with _explained(topic, options):
            return super().create_subscription(kind, topic, callback, copy(qos), **options)

    def create_publisher(self, kind: type[Any], topic: str, qos: QoSProfile, **options: Any) -> Any:
        """As rclpy's, but for `qos_overrides`: one that cannot be used is a ParameterError."""
        with _explained(topic, options):
            return super().create_publisher(kind, topic, copy(qos), **options)

    def _set_thresholds(self, thresholds: HealthParams) -> None:
        self._thresholds = thresholds

    def _diagnose(self) -> None:
        now, look = self.now(), self.look()
        if look.idle or now < self._awake_since:
            self._awake_since = now
        health = judge(self.flow.report(now), look, self._thresholds, now - self._awake_since)
        status = DiagnosticStatus(
            level=bytes([health.level]),
            name=self.get_fully_qualified_name().strip("/"),
            message=health.message,
            values=[KeyValue(key=key, value=value) for key, value in health.values.items()],
        )
        self._diagnostics.publish(DiagnosticArray(header=Header(stamp=to_time(now)), status=[status]))

    def _watch_topics(self) -> None:
        """Say once, for each topic that this node publishes, that somebody else does too."""
        for publisher in self.publishers:
            topic = publisher.topic_name
            if topic in self._shared or self.count_publishers(topic) < 2 or not self._is_ours(topic):
                continue
            self._shared.add(topic)
            names = sorted(
                f"{i.node_namespace.rstrip('/')}/{i.node_name}"
                for i in self.get_publishers_info_by_topic(topic)
            )
            self.get_logger().error(
                f"{topic} has {len(names)} publishers ({', '.join(names)}): estimates will be mixed; "
                "stop one, or give each robot a namespace of its own"
            )

    def _is_ours(self, topic: str) -> bool:
        return topic not in ("/rosout", "/parameter_events", "/clock", "/diagnostics")


@contextmanager
def _explained(topic: str, options: Mapping[str, Any]) -> Iterator[None]:
    """Say of which topic the QoS is, and what it takes; rclpy has an error for each way to be wrong.

    What is given is a copy: rclpy writes an override into the profile, which other topics share.
    """
    if "qos_overriding_options" not in options:
        yield
        return
    try:
        yield
    except (InvalidParameterTypeException, InvalidQosOverridesError, RuntimeError, ValueError) as error:
        raise ParameterError(
            f"qos_overrides of {topic} cannot be used ({error}); history takes keep_last or keep_all, "
            "depth a whole number from 1, reliability reliable or best_effort"
        ) from error
