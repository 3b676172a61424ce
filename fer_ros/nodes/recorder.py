"""recorder: what the graph says, into a bag; no picture unless it is asked for."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from rclpy.qos import QoSProfile
from rclpy.serialization import deserialize_message, serialize_message
from rosbags.interfaces import Qos, QosDurability, QosHistory, QosLiveliness, QosReliability, QosTime
from sensor_msgs.msg import Image
from std_msgs.msg import String

from fer_ros.bags.about import EXACT, VERSION
from fer_ros.bags.writer import BagWriter, Topic
from fer_ros.consent.gate import Onlookers
from fer_ros.mode import ASKED
from fer_ros.msg import (
    ConversationCue,
    EmotionEstimate,
    FaceArray,
    LinkStatus,
    OperatingMode,
    Payload,
    Reaction,
    Turn,
)
from fer_ros.nodes.deciding import DecidingNode
from fer_ros.nodes.node import WARN_EVERY_S, FerNode
from fer_ros.nodes.permission import Permitted
from fer_ros.nodes.qos import ESTIMATES, IMAGES_IN, IMAGES_OUT, LATCHED, RESULTS

FOREVER = QosTime(9223372036, 854775807)  # how ROS writes a deadline that there is none
DEPTH = 100  # of what is heard: every face of an image comes at once, and nothing may be pushed out
EARLY = 100  # messages kept from before simulated time begins

Kind = type[Any]

# Topic, type and the publisher's QoS of what holds no picture.
WORDS: tuple[tuple[str, Kind, QoSProfile], ...] = (
    ("emotion", EmotionEstimate, ESTIMATES),
    ("emotion/robot", EmotionEstimate, ESTIMATES),
    ("emotion/cloud", EmotionEstimate, ESTIMATES),
    ("mode", OperatingMode, LATCHED),
    ("link", LinkStatus, LATCHED),
    ("cue", ConversationCue, RESULTS),
    ("reaction", Reaction, RESULTS),
    ("turn", Turn, RESULTS),
)
FACES = ("faces", FaceArray, RESULTS)


class Recorder(FerNode):
    """Writes the graph's topics as they are; of faces without pictures everything but the crop.

    Attributes:
        bag: what is written.
    """

    def __init__(
        self,
        path: Path,
        about: Mapping[str, str],
        *,
        pictures: bool = False,
        image_topic: str = "",
        deciders: Sequence[DecidingNode] = (),
        **options: Any,
    ) -> None:
        """Begin.

        Args:
            path: of the bag's folder.
            about: stands in the bag's metadata.
            pictures: record images, crops and what is sent to the cloud too.
            image_topic: somebody else's images, instead of the camera node's.
            deciders: nodes of this process whose messages are recorded as they judge and say them, with
                their times: from such a recording, decisions can be made again.
            options: rclpy's.

        Raises:
            FerError: the bag cannot be made.
        """
        super().__init__("recorder", **options)
        tapped = {topic for node in deciders for topic in (*node.hears, *node.speaks)}
        heard = [*WORDS, FACES, *([(ASKED, String, RESULTS)] if ASKED in tapped else [])]
        if pictures:
            # A foreign camera may offer its images best-effort only.
            images = IMAGES_IN if image_topic else IMAGES_OUT
            heard += [(image_topic or "image_raw", Image, images), ("cloud/payload", Payload, IMAGES_OUT)]
        topics = {name: self.resolve_topic_name(name) for name, _, _ in heard}
        self.bag = BagWriter(
            path,
            [Topic(topics[name], _type_name(kind), _offered(qos)) for name, kind, qos in heard],
            {**about, EXACT: VERSION} if deciders else about,
        )
        self._early: deque[tuple[str, bytes]] = deque(maxlen=EARLY)
        self._told_failure = False
        self.permitted = Permitted(self) if pictures else None
        self._onlookers = Onlookers()
        kept = {FaceArray: self._keep_faces, Image: self._keep_image}
        self._tap(deciders, topics)
        for name, kind, qos in (one for one in heard if one[0] not in tapped):
            self._listen(kind, topics[name], qos, partial(kept.get(kind, self._keep), topics[name]))

    def destroy_node(self) -> None:
        """Close the bag, and stop listening."""
        self.bag.close()
        self._complain()
        super().destroy_node()

    def _tap(self, deciders: Sequence[DecidingNode], topics: Mapping[str, str]) -> None:
        heard = {topic for node in deciders for topic in node.hears}

        def keep_heard(topic: str, data: bytes, at_ns: int) -> None:
            self._keep(topics[topic], data, at_ns)

        def keep_said(topic: str, data: bytes, at_ns: int) -> None:
            if topic not in heard:  # by a node whose time of it counts
                self._keep(topics[topic], data, at_ns)

        for node in deciders:
            node.heard, node.said = keep_heard, keep_said

    def _listen(self, kind: Kind, topic: str, qos: QoSProfile, callback: Callable[[bytes], None]) -> None:
        deep = QoSProfile(depth=DEPTH, reliability=qos.reliability, durability=qos.durability)
        self.create_subscription(kind, topic, callback, deep, raw=True)

    def _keep_faces(self, topic: str, data: bytes) -> None:
        """Faces without their pictures, or whole where pictures are recorded and nobody in them said no."""
        msg = deserialize_message(data, FaceArray)
        if self.permitted is None:
            self._keep(topic, _without_crops(msg))
            return
        ids = {face.id for face in msg.faces}
        self._onlookers.saw(self.now(), msg.withheld, ids)
        whole = self.permitted.open and not ids & self.permitted.opted_out
        self._keep(topic, data if whole else _without_crops(msg))

    def _keep_image(self, topic: str, data: bytes) -> None:
        """An image, while that is allowed and nobody in it has opted out."""
        gate = self.permitted
        if gate is not None and gate.open and self._onlookers.may_show(self.now(), gate.opted_out):
            self._keep(topic, data)

    def _keep(self, topic: str, data: bytes, at_ns: int | None = None) -> None:
        self._early.append((topic, data))
        at_ns = self.get_clock().now().nanoseconds if at_ns is None else at_ns
        if at_ns == 0:  # simulated time has not begun
            return
        while self._early:
            early_topic, early = self._early.popleft()
            self.bag.put(early_topic, at_ns, early)
        self._complain()

    def _complain(self) -> None:
        dropped = self.bag.dropped  # read first: a failure drops messages, too, and is told as what it is
        if self.bag.failure:
            if not self._told_failure:
                self.get_logger().error(f"{self.bag.failure}; the graph goes on")
            self._told_failure = True
        elif dropped:
            self.get_logger().warning(
                f"{dropped} messages were not recorded: the disk of {self.bag.path} is too slow",
                throttle_duration_sec=WARN_EVERY_S,
            )


def _without_crops(msg: FaceArray) -> bytes:
    for face in msg.faces:
        face.crop = Image()
    return bytes(serialize_message(msg))


def _type_name(kind: Kind) -> str:
    return f"{kind.__module__.split('.')[0]}/msg/{kind.__name__}"


def _offered(qos: QoSProfile) -> Qos:
    """A publisher's profile as bags hold it."""
    return Qos(
        QosHistory.KEEP_LAST,
        qos.depth,
        QosReliability[qos.reliability.name],
        QosDurability[qos.durability.name],
        FOREVER,
        FOREVER,
        QosLiveliness.AUTOMATIC,
        FOREVER,
        False,
    )
