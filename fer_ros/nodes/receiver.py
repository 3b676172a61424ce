"""receiver: the cloud's end of the link. Payloads in, acknowledgements and faces out."""

from collections import Counter
from dataclasses import dataclass
from math import inf
from typing import Any

from std_msgs.msg import Header

from fer_ros.errors import ImageError, PayloadError
from fer_ros.faces.face import Face
from fer_ros.health import Concern, Level, Look
from fer_ros.link.bodies import Crops, Frame, Probe, Shapes
from fer_ros.link.intake import Arrival, Intake
from fer_ros.link.packing import faces_of
from fer_ros.link.payload import Payload, decode
from fer_ros.link.picture import decode_picture
from fer_ros.link.refusals import Refusals
from fer_ros.msg import FaceArray, PayloadAck
from fer_ros.msg import Payload as PayloadMsg
from fer_ros.nodes.finding import FindingNode, found_by
from fer_ros.nodes.messages import faces_to_msg, nanoseconds, seconds
from fer_ros.nodes.qos import IMAGES_IN, RESULTS, overridable

SPAN_S = 0.1  # a link brings images in bursts: two at 15 per second may wait for another
REPORT_EVERY_S = 10.0
QUIET_S = 3.0  # a robot that has a link gives signs of life more often


@dataclass(frozen=True)
class Job:
    """What is left to do with a payload that has been acknowledged."""

    body: Frame | Crops | Shapes
    image_size: tuple[int, int]
    header: Header


class Receiver(FindingNode[Job]):
    """Acknowledges every payload at once, refused ones too, and publishes the faces of the others.

    The robot's clock is never compared with this machine's.

    Attributes:
        arrivals: how many payloads of images were new, repeated, late, or the first of a new sender.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__("receiver", SPAN_S, **options)
        self.arrivals: Counter[Arrival] = Counter()
        self._newest_s = -inf  # when a payload came last
        self._intake = Intake()
        self._refusals = Refusals()
        self._spoilt = Refusals()  # by the thread that decodes
        self._faces = self.create_publisher(FaceArray, "faces", RESULTS)
        self._acks = self.create_publisher(PayloadAck, "ack", RESULTS)
        self.create_subscription(
            PayloadMsg, "payload", self._on_payload, IMAGES_IN, qos_overriding_options=overridable()
        )

    @property
    def refused(self) -> int:
        """Payloads that could not be used."""
        return self._refusals.total + self._spoilt.total

    def look(self) -> Look:
        """What came, and what of it could be used; that nothing comes may be the link's doing."""
        values = {f"payloads_{arrival.name.lower()}": self.arrivals[arrival] for arrival in Arrival}
        refused = [Concern(Level.WARN, f"{self.refused} payloads refused")] if self.refused else []
        waiting = self.now() - self._newest_s > QUIET_S
        idle = self.idle or ("waiting for a robot" if waiting else "a robot sends")
        return Look({**values, "refused": self.refused, "dropped": self.dropped}, refused, idle)

    def _on_payload(self, msg: PayloadMsg) -> None:
        """Acknowledge a payload, then see what is to be done with it."""
        if not self.active:
            return
        self._newest_s = self.now()
        ack = PayloadAck(size_bytes=len(msg.data), received=self.get_clock().now().to_msg())
        payload = None
        try:
            payload = _read(msg)
            ack.sequence = payload.sequence
        except PayloadError as error:
            ack.sequence, ack.refused, ack.reason = error.sequence, True, str(error)
            self._say(self._refusals, error.about, error)
        ack.sent = self.get_clock().now().to_msg()
        self._acks.publish(ack)
        if payload is not None and not isinstance(payload.body, Probe):
            self._take(payload, payload.body, msg.header)

    def _take(self, payload: Payload, body: Frame | Crops | Shapes, header: Header) -> None:
        arrival = self._intake.judge(payload.sequence, payload.stamp_ns)
        self.arrivals[arrival] += 1
        if arrival is Arrival.ANEW:
            self.get_logger().info(f"the robot's payloads begin anew, with number {payload.sequence}")
        if self._work is not None and arrival in (Arrival.NEW, Arrival.ANEW):
            self._work.put(seconds(header.stamp), Job(body, payload.image_size, header))
        if self.dropped:
            self.get_logger().warning(
                f"{self.dropped} payloads were dropped: this machine is too slow for what the robot sends",
                throttle_duration_sec=REPORT_EVERY_S,
            )

    def _do(self, job: Job) -> None:
        """Find the faces of a payload, in the thread beside the executor."""
        try:
            if isinstance(job.body, Frame):
                self._publish_found(job.body, job.header)
            else:
                self._publish(faces_of(job.body), job.image_size, job.header)
        except (ImageError, PayloadError) as error:
            self._say(self._spoilt, "pixels", error)

    def _publish_found(self, frame: Frame, header: Header) -> None:
        tracker = self._tracker
        if tracker is None:
            return
        image = decode_picture(frame.picture)
        faces = tracker.update(image, seconds(header.stamp))
        self._publish(faces, (image.shape[1], image.shape[0]), header, *found_by(tracker))

    def _publish(
        self, faces: list[Face], size: tuple[int, int], header: Header, finder: str = "", reader: str = ""
    ) -> None:
        """Publish faces; the robot does not say what found those that it sends."""
        self._faces.publish(faces_to_msg(faces, size, header, finder, reader, self.params.landmarks))
        self.flow.passed(seconds(header.stamp), self.now())

    def _say(self, refusals: Refusals, about: str, error: Exception) -> None:
        line = refusals.count(about, str(error), self.now())
        if line is not None:
            self.warn(line)


def _read(msg: PayloadMsg) -> Payload:
    payload = decode(msg.data)
    stamp_ns = nanoseconds(msg.header.stamp)
    if stamp_ns != payload.stamp_ns:
        raise PayloadError(
            "stamp",
            f"payload {payload.sequence}: its stamp is {payload.stamp_ns} ns, its message's is {stamp_ns}; "
            "they must be the same",
            payload.sequence,
        )
    return payload
