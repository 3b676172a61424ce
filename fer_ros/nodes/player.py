"""Plays recorded messages into one node, in lock-step under simulated time."""

from collections.abc import Callable, Iterable, Mapping
from time import monotonic
from types import TracebackType
from typing import Any, Self

from builtin_interfaces.msg import Time
from rclpy.experimental import EventsExecutor
from rclpy.node import Node
from rclpy.serialization import deserialize_message
from rosgraph_msgs.msg import Clock
from std_msgs.msg import String

from fer_ros.bags.words import Said
from fer_ros.errors import FerError
from fer_ros.mode import ASKED
from fer_ros.msg import EmotionEstimate, OperatingMode, Turn
from fer_ros.nodes.deciding import DecidingNode
from fer_ros.nodes.qos import LATCHED
from fer_ros.srv import SetMode
from fer_ros.ticks import JUMP_NS, NS

PATIENCE_S = 30.0
TRY_AGAIN_S = 0.2  # /clock is best-effort
STEP_NS = JUMP_NS // 2  # so that a silence of the recording is lived through
PLAYED = {
    "emotion/robot": EmotionEstimate,
    "emotion/cloud": EmotionEstimate,
    "emotion": EmotionEstimate,
    "mode": OperatingMode,
    "turn": Turn,
}


class Player:
    """Gives a node one message after the other, each when its clock says the time of its judgement.

    What is played next waits until the node has judged what was played before, so nothing depends on
    how fast this machine is. Nobody else may be heard in this process: `environment.meet_nobody`.

    Attributes:
        said: topic's name in the graph → what the node said, in order.
    """

    def __init__(self, node: DecidingNode, interrupted: Callable[[], bool]) -> None:
        """Get ready; the node must have been made with use_sim_time.

        Args:
            node: is destroyed with the player.
            interrupted: whether the playing has to end.
        """
        self._node = node
        self._interrupted = interrupted
        self._probe = Node("player")
        self._executor = EventsExecutor()
        for one in (node, self._probe):
            self._executor.add_node(one)
        self._clock = self._probe.create_publisher(Clock, "/clock", LATCHED)
        self._voices = {  # one message waits at most, and mode is heard by those who want it latched
            topic: self._probe.create_publisher(kind, topic, LATCHED)
            for topic, kind in PLAYED.items()
            if topic in node.hears
        }
        self._set_mode = self._probe.create_client(SetMode, "set_mode") if ASKED in node.hears else None
        self.said: dict[str, list[Said]] = {topic: [] for topic in node.speaks}
        self._waiting = False  # for the judgement of what was given
        node.heard, node.said = self._on_judged, self._on_said

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._executor.shutdown()
        self._node.destroy_node()
        self._probe.destroy_node()

    def play(
        self, begin_ns: int, messages: Iterable[tuple[str, Said]], end_ns: int, report: Callable[[int], None]
    ) -> None:
        """Play everything.

        Args:
            begin_ns: when the node begins.
            messages: topic's name in the graph, and what was said; in the order of their times.
            end_ns: until when time goes on.
            report: called after every message, with its time in ns.

        Raises:
            FerError: the node does not hear.
        """
        self._until(self._is_found, "meets nobody")
        now_ns = self._move_to(begin_ns, begin_ns - 1)
        for topic, one in messages:
            now_ns = self._move_to(one.at_ns, now_ns)
            self._waiting = True
            self._give(topic, one.data)
            self._until(lambda: not self._waiting, f"does not take what is on {topic}")
            report(one.at_ns)
        self._move_to(end_ns, now_ns)

    def _move_to(self, at_ns: int, now_ns: int) -> int:
        """Move time on, in steps in which the node decides at its ticks; the time that it is then."""
        while now_ns != at_ns:
            now_ns = min(now_ns + STEP_NS, at_ns)
            self._set_clock(now_ns)
            self._node.wake()
        return at_ns

    def _set_clock(self, at_ns: int) -> None:
        told = Clock(clock=Time(sec=at_ns // NS, nanosec=at_ns % NS))
        self._clock.publish(told)
        said_at = monotonic()

        def is_set() -> bool:
            nonlocal said_at
            if monotonic() > said_at + TRY_AGAIN_S:
                self._clock.publish(told)
                said_at = monotonic()
            return bool(self._node.get_clock().now().nanoseconds == at_ns)

        self._until(is_set, "does not take the time")

    def _give(self, topic: str, data: bytes) -> None:
        if topic == ASKED and self._set_mode is not None:
            self._set_mode.call_async(SetMode.Request(mode=deserialize_message(data, String).data))
        else:
            self._voices[topic].publish(data)

    def _is_found(self) -> bool:
        found = all(voice.get_subscription_count() for voice in (*self._voices.values(), self._clock))
        return found and (self._set_mode is None or self._set_mode.service_is_ready())

    def _on_judged(self, *_: Any) -> None:
        self._waiting = False

    def _on_said(self, topic: str, data: bytes, at_ns: int) -> None:
        self.said[topic].append(Said(at_ns, data))

    def _until(self, condition: Callable[[], bool], otherwise: str) -> None:
        end = monotonic() + PATIENCE_S
        while not condition():
            if self._interrupted():
                raise KeyboardInterrupt
            if monotonic() > end:
                raise FerError(f"the node {self._node.get_name()} {otherwise}; replay again")
            self._executor.spin_once(timeout_sec=0.05)


def in_order(said: Mapping[str, Iterable[Said]]) -> list[tuple[str, Said]]:
    """Messages of several topics in the order of their times."""
    pairs = [(topic, one) for topic, some in said.items() for one in some]
    return sorted(pairs, key=lambda pair: pair[1].at_ns)
