"""Nodes whose decisions follow from their messages and the times at which these were judged: replayable."""

from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Any

from rclpy.publisher import Publisher
from rclpy.qos import QoSProfile
from rclpy.serialization import deserialize_message, serialize_message

from fer_ros.errors import FerError
from fer_ros.nodes.node import WARN_EVERY_S, FerNode
from fer_ros.ticks import Moments, Ticks, to_seconds

# Hears of a topic by its name in the graph, a message as it was serialised, and its time in ns.
Tap = Callable[[str, bytes, int], None]
# Decodes a message, or what is needed of it; FerError where it is none.
Read = Callable[[bytes], Any]
# Judges a message, as it was decoded and as it was serialised, at a time in s.
Decide = Callable[[Any, bytes, float], None]


class DecidingNode(FerNode):
    """Reads the clock once for each message, and decides by that time alone.

    Between messages it decides at the times of a grid. All of them up to a message's time come before
    the message, however late its timer fires: so a busy machine changes nothing in what is decided.

    Attributes:
        hears: topics that are judged, by their names in the graph.
        heard: is told of every message that is judged, before it is, with the very time; None: nobody is.
        said: is told of every message that is published, with the time of the decision; None: nobody is.
    """

    heard: Tap | None = None
    said: Tap | None = None

    def __init__(self, name: str, **options: Any) -> None:
        """Make a node; `options` are rclpy's."""
        super().__init__(name, **options)
        self.hears: list[str] = []
        self._voices: dict[str, Publisher] = {}
        self._moments = Moments()
        self._ticks: Ticks | None = None
        self._at_ns = 0

    @property
    def speaks(self) -> tuple[str, ...]:
        """Topics that are published, by their names in the graph."""
        return tuple(self._voices)

    @abstractmethod
    def tick(self, now: float) -> None:
        """Decide at a time of the grid, s."""

    def wake(self) -> None:
        """Decide at every time of the grid that is due by now."""
        self._catch_up(self._clock_ns())

    def _begin_ticks(self, rate_hz: float) -> None:
        self._ticks = Ticks(rate_hz)
        self.create_timer(1.0 / rate_hz, self.wake)

    def _hear(
        self, kind: type[Any], topic: str, decide: Decide, qos: QoSProfile, read: Read | None = None
    ) -> None:
        """Judge the messages of a topic, read by `read` or as a whole; one of no use is logged."""
        self.hears.append(topic)
        read = read or partial(_whole, kind)

        def take(data: bytes) -> None:
            try:
                now = self._judge(topic, data)
                decide(read(data), data, now)
            except FerError as error:
                self.get_logger().warning(f"message dropped: {error}", throttle_duration_sec=WARN_EVERY_S)

        # As it was serialised, it can be passed on and recorded without being serialised again.
        self.create_subscription(kind, topic, take, qos, raw=True)

    def _judge(self, topic: str, data: bytes) -> float:
        """The one time at which a message is judged, s; what was due before it has then been decided."""
        at_ns = self._moments.at(self._clock_ns())
        self._catch_up(at_ns)
        self._at_ns = at_ns
        if self.heard is not None:
            self.heard(topic, data, at_ns)
        return to_seconds(at_ns)

    def _speak(self, kind: type[Any], topic: str, qos: QoSProfile) -> None:
        self._voices[topic] = self.create_publisher(kind, topic, qos)

    def _say(self, topic: str, message: Any) -> None:
        """Publish a message, or one that is serialised already."""
        self._voices[topic].publish(message)
        if self.said is not None:
            data = message if isinstance(message, bytes) else bytes(serialize_message(message))
            self.said(topic, data, self._at_ns)

    def _catch_up(self, now_ns: int) -> None:
        if self._ticks is None:
            return
        for tick_ns in self._ticks.due(now_ns):
            self._at_ns = tick_ns
            self.tick(to_seconds(tick_ns))

    def _clock_ns(self) -> int:
        return int(self.get_clock().now().nanoseconds)


def _whole(kind: type[Any], data: bytes) -> Any:
    return deserialize_message(data, kind)
