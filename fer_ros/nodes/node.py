"""What every node of this package does besides its job."""

from collections.abc import Callable
from typing import Any

from rclpy.node import Node

from fer_ros.errors import FerError

WATCH_PERIOD_S = 2.0
WARN_EVERY_S = 5.0


class FerNode(Node):
    """A node whose callbacks survive bad input, and which notices a second sender on its topics."""

    def __init__(self, name: str, **options: Any) -> None:
        """Make a node; `options` are rclpy's (namespace, parameter_overrides, cli_args, ...)."""
        super().__init__(name, **options)
        self._shared: set[str] = set()
        self.create_timer(WATCH_PERIOD_S, self._watch_topics)

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
