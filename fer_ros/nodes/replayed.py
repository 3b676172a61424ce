"""A recorded run made again: first the robot's estimates, then the switch, then the conversation."""

from collections.abc import Callable, Mapping

from rclpy.serialization import deserialize_message, serialize_message

from fer_ros.bags.comparison import matches, retimed
from fer_ros.bags.words import Said, Words
from fer_ros.configuration import Values
from fer_ros.errors import FerError, ImageError
from fer_ros.estimators.open import open_estimator
from fer_ros.estimators.params import EstimatorParams
from fer_ros.graph import NodeSpec
from fer_ros.mode import ASKED
from fer_ros.msg import EmotionEstimate, FaceArray, OperatingMode
from fer_ros.nodes.deciding import DecidingNode
from fer_ros.nodes.main import make_nodes
from fer_ros.nodes.messages import estimate_to_msg, faces_from_msg, nanoseconds, seconds
from fer_ros.nodes.player import Player, in_order
from fer_ros.params import build

_ESTIMATOR = EstimatorParams.__dataclass_fields__
ROUNDED_NS = 1000  # by which a time in a message may be before the one that it was made of

Report = Callable[[float], None]


class Replayed:
    """What the nodes of the robot say to a recording.

    Each stage is played from the one before it. What the recording holds too is heard when it was heard
    then; what it does not hold, when it is said.

    Attributes:
        said: topic's name in the graph → the messages, for every topic that was made again.
    """

    def __init__(
        self, words: Words, values: Mapping[str, Values], interrupted: Callable[[], bool], report: Report
    ) -> None:
        """Replay.

        Args:
            words: the recording.
            values: node → parameter → value.
            interrupted: whether to stop.
            report: called with the share that is done, 0..1.

        Raises:
            FerError: a node cannot be made, or does not hear.
        """
        self._words = words
        self._values = values
        self._interrupted = interrupted
        self._report = report
        self._stages, self._stage = 2, 0
        self.said: dict[str, list[Said]] = {}
        recorded = words.said
        heard = {name: recorded[name] for name in ("emotion/robot", "emotion/cloud", ASKED)}
        if _holds_crops(words):
            self._stages = 3
            self.said["emotion/robot"] = self._estimates()
            heard["emotion/robot"] = self._as_timely()
        self._play("mode", heard)
        told = {name: retimed(name, self.said[name], recorded[name]) for name in ("emotion", "mode")}
        self._play("conversation", {**told, "turn": recorded["turn"]})

    def _play(self, name: str, heard: Mapping[str, list[Said]]) -> None:
        """One node's part."""
        spec = NodeSpec(name)
        (node,) = make_nodes([spec], {name: {**self._values[name], "use_sim_time": True}})
        if not isinstance(node, DecidingNode):
            raise FerError(f"{name} is no node whose decisions can be made again")
        with Player(node, self._interrupted) as player:
            messages = in_order(heard)
            end_ns = self._words.span_ns[1]
            player.play(self._begin_ns(messages), messages, end_ns, self._tell)
            self.said |= player.said
        self._stage += 1

    def _begin_ns(self, messages: list[tuple[str, Said]]) -> int:
        """When the nodes began: when the first mode was announced, or with the first message."""
        first_ns = min((one.at_ns for _, one in messages), default=self._words.span_ns[0])
        if not self._words.said["mode"]:
            return first_ns
        announced = deserialize_message(self._words.said["mode"][0].data, OperatingMode)
        return min(nanoseconds(announced.header.stamp) + ROUNDED_NS, first_ns)

    def _estimates(self) -> list[Said]:
        """The robot's estimates, of the recorded faces."""
        params = self._values["estimator"]
        estimator = open_estimator(
            build(EstimatorParams, {n: v for n, v in params.items() if n in _ESTIMATOR}, "estimator")
        )
        said = []
        for one in self._words.faces():
            msg = deserialize_message(one.data, FaceArray)
            size, stamp = (msg.image_width, msg.image_height), seconds(msg.header.stamp)
            try:
                faces = faces_from_msg(msg)
            except ImageError:  # the node dropped it, too
                continue
            for estimate in estimator.update(faces, size, stamp):
                told = estimate_to_msg(estimate, msg.header, EmotionEstimate.ROBOT, 0.0)
                said.append(Said(one.at_ns, bytes(serialize_message(told))))
            self._tell(one.at_ns)
        self._stage += 1
        return said

    def _as_timely(self) -> list[Said]:
        """Those that came in time then, with the time that they took then."""
        recorded, made = self._words.said["emotion/robot"], self.said["emotion/robot"]
        timely = []
        for place, one in zip(matches("emotion/robot", made, recorded), made, strict=True):
            if place is None:
                continue
            then = recorded[place]
            told = deserialize_message(one.data, EmotionEstimate)
            told.latency_s = deserialize_message(then.data, EmotionEstimate).latency_s
            timely.append(Said(then.at_ns, bytes(serialize_message(told))))
        return timely

    def _tell(self, at_ns: int) -> None:
        begin_ns, end_ns = self._words.span_ns
        within = (at_ns - begin_ns) / max(end_ns - begin_ns, 1)
        self._report((self._stage + min(max(within, 0.0), 1.0)) / self._stages)


def _holds_crops(words: Words) -> bool:
    """Whether faces were recorded with their pictures."""
    arrays = (deserialize_message(one.data, FaceArray) for one in words.faces())
    return any(face.crop.width for array in arrays for face in array.faces)
