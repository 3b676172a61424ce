"""hri: faces and emotion in, the same as ROS 4 HRI (REP-155) tells it out."""

from typing import Any

from rclpy.publisher import Publisher
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from fer_ros.faces.face import Face
from fer_ros.health import Look
from fer_ros.hri.action_units import intensities
from fer_ros.hri.landmarks import to_seventy
from fer_ros.hri.params import HriParams
from fer_ros.hri.picture import fitted
from fer_ros.hri.region import check_root, is_id, to_region
from fer_ros.msg import EmotionEstimate, FaceArray
from fer_ros.nodes.hri_interfaces import (
    Expression,
    FacialActionUnits,
    FacialLandmarks,
    IdsList,
    NormalizedRegionOfInterest2D,
)
from fer_ros.nodes.hri_messages import (
    action_units_to_msg,
    expression_to_msg,
    landmarks_to_msg,
    region_to_msg,
)
from fer_ros.nodes.messages import estimate_problem, faces_from_msg, image_to_msg, seconds
from fer_ros.nodes.node import WARN_EVERY_S, FerNode
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.qos import ESTIMATES, RESULTS

LOOK_EVERY_S = 0.2

# Of every face from its first message on, whether something is told or not: a reader can only ask
# for a picture whose topic is there.
OF_A_DETECTOR = {"roi": NormalizedRegionOfInterest2D, "cropped": Image, "expression": Expression}
OF_A_GUEST = {"expression": Expression}


class Hri(FerNode):
    """Publishes REP-155's topics of every face; they are there from its first message to its last."""

    def __init__(self, **options: Any) -> None:
        super().__init__("hri", **options)
        self.params = declare(self, HriParams)
        self._root = check_root("hri.root", self.params.root)
        self._topics: dict[str, dict[str, Publisher]] = {}  # face id → topic → its publisher
        self._heard_s = self.now()
        self._tracked = (
            self.create_publisher(IdsList, f"{self._root}/tracked", RESULTS) if self.params.detector else None
        )
        self.create_subscription(FaceArray, "faces", self.guarded(self._on_faces), RESULTS)
        self.create_subscription(EmotionEstimate, "emotion", self._on_emotion, ESTIMATES)
        self.create_timer(LOOK_EVERY_S, self._forget_if_silent)

    def look(self) -> Look:
        """How many faces are told of."""
        return Look({"faces": len(self._topics), "detector": self.params.detector})

    def _on_faces(self, msg: FaceArray) -> None:
        faces = [face for face in faces_from_msg(msg) if self._can_be_told(face.id)]
        self._heard_s = self.now()
        self._keep([face.id for face in faces], msg.header)
        for face in faces:
            self._tell(face, (msg.image_width, msg.image_height), msg.header)
        self.flow.passed(seconds(msg.header.stamp), self._heard_s)

    def _tell(self, face: Face, image_size: tuple[int, int], header: Header) -> None:
        seen = face.seen
        if seen.blendshapes is not None:
            facs = self._topic(face.id, "facs", FacialActionUnits)
            if facs.get_subscription_count():
                facs.publish(action_units_to_msg(intensities(seen.blendshapes), header))
        if self.params.detector:
            self._tell_where(face, image_size, header)

    def _tell_where(self, face: Face, image_size: tuple[int, int], header: Header) -> None:
        """Tell what a detector tells; what is large only where somebody listens."""
        seen = face.seen
        region = to_region(seen.box_xyxy, image_size)
        if region is not None:
            self._topics[face.id]["roi"].publish(region_to_msg(region, seen.score, header))
        if seen.landmarks is not None:
            landmarks = self._topic(face.id, "landmarks", FacialLandmarks)
            if landmarks.get_subscription_count():
                seventy = to_seventy(seen.landmarks, image_size, seen.score)
                landmarks.publish(landmarks_to_msg(seventy, image_size, header))
        cropped = self._topics[face.id]["cropped"]
        if face.crop.size and cropped.get_subscription_count():
            picture = fitted(face.crop, self.params.width, self.params.height)
            cropped.publish(image_to_msg(picture, header))

    def _on_emotion(self, msg: EmotionEstimate) -> None:
        topics = self._topics.get(msg.face_id)
        if topics is not None and not estimate_problem(msg):
            topics["expression"].publish(expression_to_msg(msg))

    def _can_be_told(self, face_id: str) -> bool:
        if not is_id(face_id):
            self.get_logger().warning(
                f"face {face_id!r} is not told of: its id cannot be a topic's name; it takes letters, digits "
                "and _, a letter first",
                throttle_duration_sec=WARN_EVERY_S,
            )
        return is_id(face_id)

    def _keep(self, ids: list[str], header: Header) -> None:
        """Begin with the faces that are new and end with those that are gone."""
        for face_id in [known for known in self._topics if known not in ids]:
            for publisher in self._topics.pop(face_id).values():
                self.destroy_publisher(publisher)
        at_once = OF_A_DETECTOR if self.params.detector else OF_A_GUEST
        for face_id in ids:
            for name, kind in at_once.items():
                self._topic(face_id, name, kind)
        if self._tracked is not None:
            self._tracked.publish(IdsList(header=header, ids=ids))

    def _topic(self, face_id: str, name: str, kind: type[Any]) -> Publisher:
        topics = self._topics.setdefault(face_id, {})
        if name not in topics:
            topics[name] = self.create_publisher(kind, f"{self._root}/{face_id}/{name}", RESULTS)
        return topics[name]

    def _forget_if_silent(self) -> None:
        silent_s = self.now() - self._heard_s
        if self._topics and not 0 <= silent_s <= self.params.keep_s:
            self._heard_s = self.now()
            self._keep([], Header(stamp=self.get_clock().now().to_msg()))
