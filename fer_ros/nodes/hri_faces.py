"""hri_faces: the faces of another REP-155 detector in, `faces` out, in the place of our own `faces`."""

from functools import partial
from typing import Any

from builtin_interfaces.msg import Time
from rclpy.subscription import Subscription
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from fer_ros.consent.params import DeploymentParams
from fer_ros.errors import ImageError
from fer_ros.faces.face import Face, Image8
from fer_ros.faces.student import Student
from fer_ros.health import Concern, Level, Look
from fer_ros.hri.faces import FaceMaker
from fer_ros.hri.gathering import NEVER_S, Gathering, Moment
from fer_ros.hri.params import HriFacesParams
from fer_ros.hri.region import check_root, is_id, region_problem
from fer_ros.msg import FaceArray
from fer_ros.nodes.hri_interfaces import FacialLandmarks, IdsList, NormalizedRegionOfInterest2D
from fer_ros.nodes.hri_messages import landmarks_from_msg, region_from_msg
from fer_ros.nodes.managed import ManagedNode
from fer_ros.nodes.messages import NS, faces_to_msg, image_from_msg, nanoseconds
from fer_ros.nodes.node import WARN_EVERY_S
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.permission import Permitted, refuse_unlawful
from fer_ros.nodes.qos import IMAGES_IN, RESULTS, overridable
from fer_ros.resources import own_model

LOOK_EVERY_S = 0.01
SIZE_UNKNOWN = (
    "faces were dropped: the size of their image is not known, as image_raw does not come and landmarks do "
    "not tell it; set image_width and image_height"
)


class HriFaces(ManagedNode):
    """Listens to the topics of every face that the detector tracks, as long as it does."""

    def __init__(self, **options: Any) -> None:
        super().__init__("hri_faces", **options)
        self.params = declare(self, HriFacesParams)
        self._deployment = declare(self, DeploymentParams)
        self.permitted = Permitted(self)
        self._root = check_root("hri_faces.root", self.params.root)
        self._maker: FaceMaker | None = None
        self._gathering = self._new_gathering()
        self._heard: dict[str, dict[str, Subscription]] = {}  # face id → topic → what listens to it
        self._news_s = self.now()
        self._shown = 0
        self._faces = self.create_publisher(FaceArray, "faces", RESULTS)
        # Best-effort hears every publisher, reliable or not.
        self.create_subscription(IdsList, self._of("tracked"), self.guarded(self._on_tracked), IMAGES_IN)
        if self.params.pictures != "cropped":
            self.create_subscription(
                Image,
                "image_raw",
                self.guarded(self._on_image),
                IMAGES_IN,
                qos_overriding_options=overridable(),
            )
        self.create_timer(LOOK_EVERY_S, self.guarded(self._go_on))

    def load(self) -> None:
        """Load the student."""
        student = Student(own_model("student")) if self.params.student else None
        self._maker = FaceMaker(self.params.crop_px, student)

    def begin(self) -> None:
        """Listen to the detector."""
        refuse_unlawful(self, self._deployment)
        self._gathering = self._new_gathering()

    def end(self) -> None:
        """Listen to nobody."""
        self._follow(())

    def free(self) -> None:
        """Let the model go."""
        self._maker = None

    def look(self) -> Look:
        """What the detector tells."""
        values = {
            "faces": self._shown,
            "tracked": len(self._heard),
            "dropped": self.flow.dropped,
            "late": self._gathering.late,
        }
        tracked = self._of("tracked")
        alone = Concern(Level.WARN, f"nobody publishes {tracked}: is a face detector of ROS 4 HRI running?")
        concerns = [*self.permitted.concerns, *([] if self.count_publishers(tracked) else [alone])]
        return Look(values, concerns, self.idle or self.permitted.why_shut)

    def _of(self, *names: str) -> str:
        return "/".join((self._root, *names))

    def _new_gathering(self) -> Gathering[Image]:
        return Gathering(self.params.wait_s, self.params.max_faces)

    def _works(self) -> bool:
        return self.active and self.permitted.open

    def _on_image(self, msg: Image) -> None:
        if not (msg.width and msg.height):
            raise ImageError(f"the image is {msg.width}x{msg.height} px; its camera must send pixels")
        if self._works():
            self._gathering.image(nanoseconds(msg.header.stamp), msg, self.now())
            self._publish_due()

    def _on_tracked(self, msg: IdsList) -> None:
        if not self._works():
            return
        self._news_s = self.now()
        ids = [face_id for face_id in msg.ids if is_id(face_id)]
        if len(ids) < len(msg.ids):
            self._complain(f"{len(msg.ids) - len(ids)} faces have ids that cannot be topics, like {msg.ids}")
        self._gathering.track(ids, nanoseconds(msg.header.stamp), msg.header.frame_id, self._news_s)
        self._follow(self._gathering.ids)
        self._publish_due()

    def _follow(self, ids: tuple[str, ...]) -> None:
        """Listen to what is told of these faces, and of no others."""
        for face_id in [known for known in self._heard if known not in ids]:
            for listener in self._heard.pop(face_id).values():
                self.destroy_subscription(listener)
        wanted = self._wanted()
        for face_id in ids:
            heard = self._heard.setdefault(face_id, {})
            for name in [name for name in heard if name not in wanted]:
                self.destroy_subscription(heard.pop(name))
            for name, (kind, callback) in wanted.items():
                if name not in heard:
                    hear = self.guarded(partial(callback, face_id))
                    heard[name] = self.create_subscription(kind, self._of(face_id, name), hear, IMAGES_IN)

    def _wanted(self) -> dict[str, tuple[type[Any], Any]]:
        """Topics of a face; its picture only where there are no images, as detectors make none unasked."""
        wanted: dict[str, tuple[type[Any], Any]] = {
            "roi": (NormalizedRegionOfInterest2D, self._on_region),
            "landmarks": (FacialLandmarks, self._on_landmarks),
        }
        by_image = self.params.pictures == "image_raw" or self._gathering.images_come(self.now())
        return wanted if by_image else {**wanted, "cropped": (Image, self._on_picture)}

    def _on_region(self, face_id: str, msg: NormalizedRegionOfInterest2D) -> None:
        region = region_from_msg(msg)
        problem = region_problem(region.box)
        if problem:
            raise ImageError(f"face {face_id}: roi {region.box}: {problem}; its detector must give 0..1")
        self._news_s = self.now()
        stamp_ns, frame_id = nanoseconds(msg.header.stamp), msg.header.frame_id
        self._gathering.region(face_id, stamp_ns, frame_id, region, self._news_s)
        self._publish_due()

    def _on_landmarks(self, face_id: str, msg: FacialLandmarks) -> None:
        stamp_ns, frame_id = nanoseconds(msg.header.stamp), msg.header.frame_id
        points, size = landmarks_from_msg(msg), (msg.width, msg.height)
        self._gathering.landmarks(face_id, stamp_ns, frame_id, points, size, self.now())
        self._publish_due()

    def _on_picture(self, face_id: str, msg: Image) -> None:
        stamp_ns, frame_id = nanoseconds(msg.header.stamp), msg.header.frame_id
        self._gathering.picture(face_id, stamp_ns, frame_id, msg, self.now())
        self._publish_due()

    def _go_on(self) -> None:
        """What happens because time passes."""
        now = self.now()
        if self._heard and not 0 <= now - self._news_s <= self.params.keep_s:
            self.get_logger().info(f"the detector is silent for {self.params.keep_s:g} s: its faces are gone")
            self._gathering.track((), 0, "", now)
            self._follow(())
        for face_id in self._gathering.without_region(now):
            self.warn(f"face {face_id} is tracked for {NEVER_S:g} s and has no roi; it is left out")
        self._publish_due()

    def _publish_due(self) -> None:
        for moment in self._gathering.due(self.now()):
            if self._works():
                self._publish(moment)

    def _publish(self, moment: Moment[Image]) -> None:
        size = self._size_of(moment)
        now, stamp = self.now(), moment.stamp_ns / NS
        late = 0 < self.params.max_age_s < now - stamp
        if size is None or late:
            self.flow.dropped += 1
            self._complain(
                f"faces were dropped {now - stamp:.2f} s after their image: the detector is too slow, or its "
                f"clock is not this one's (max_age_s is {self.params.max_age_s:g})"
                if late
                else SIZE_UNKNOWN
            )
            return
        withheld = [face_id for face_id in moment.regions if face_id in self.permitted.opted_out]
        faces = self._make(moment, size, [face_id for face_id in moment.regions if face_id not in withheld])
        self._shown = len(faces)
        sec, nanosec = divmod(moment.stamp_ns, NS)
        header = Header(stamp=Time(sec=sec, nanosec=nanosec), frame_id=moment.frame_id)
        self._faces.publish(faces_to_msg(faces, size, header, "hri", "none", False, len(withheld)))
        self.flow.passed(stamp, now)

    def _make(self, moment: Moment[Image], size: tuple[int, int], ids: list[str]) -> list[Face]:
        if self._maker is None or not ids:
            return []
        image = image_from_msg(moment.image) if moment.image is not None else None
        made = []
        for face_id in ids:
            points, _ = moment.landmarks.get(face_id, (None, size))
            picture = self._picture_of(moment, face_id) if image is None else None
            region = moment.regions[face_id]
            made.append(
                self._maker.make(face_id, region, size, image=image, picture=picture, landmarks=points)
            )
        return made

    def _picture_of(self, moment: Moment[Image], face_id: str) -> Image8 | None:
        return image_from_msg(moment.pictures[face_id]) if face_id in moment.pictures else None

    def _size_of(self, moment: Moment[Image]) -> tuple[int, int] | None:
        """Width and height of the image, px."""
        sizes = [size for _, size in moment.landmarks.values()]
        if moment.image is not None:
            sizes.insert(0, (moment.image.width, moment.image.height))
        sizes.append((self.params.image_width, self.params.image_height))
        return next((size for size in sizes if min(size) > 0), None)

    def _complain(self, text: str) -> None:
        self.get_logger().warning(text, throttle_duration_sec=WARN_EVERY_S)
