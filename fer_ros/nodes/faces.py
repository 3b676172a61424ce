"""faces: images in, the faces in them out."""

from math import nan
from time import perf_counter
from typing import Any

from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header

from fer_ros.faces.face import Image8
from fer_ros.faces.params import ImagesParams
from fer_ros.health import Look
from fer_ros.images import decode_compressed
from fer_ros.msg import FaceArray
from fer_ros.nodes.finding import FindingNode, found_by
from fer_ros.nodes.landmarks import LandmarkClouds
from fer_ros.nodes.messages import faces_to_msg, image_from_msg, seconds
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.permission import Permitted
from fer_ros.nodes.qos import IMAGES_IN, RESULTS, overridable

SPAN_S = 0.05  # one image at 30 per second may wait for another
REPORT_EVERY_S = 10.0


class Faces(FindingNode[Image | CompressedImage]):
    """Finds, follows and reads faces; an image without a face gives a message without faces."""

    def __init__(self, **options: Any) -> None:
        super().__init__("faces", SPAN_S, **options)
        self._images = declare(self, ImagesParams)
        self.permitted = Permitted(self)
        self._faces = self.create_publisher(FaceArray, "faces", RESULTS)
        self._clouds = LandmarkClouds(self) if self.params.landmarks else None
        self._finding_s = nan
        self._seen = 0  # faces in the newest image
        self._late = 0  # images that were too old
        compressed = self._images.transport == "compressed"
        self._convert = _image_from_compressed if compressed else image_from_msg
        self.create_subscription(
            CompressedImage if compressed else Image,
            "image_raw/compressed" if compressed else "image_raw",
            self.guarded(self._on_image),
            IMAGES_IN,
            qos_overriding_options=overridable(),
        )

    @property
    def dropped(self) -> int:
        """Images that came and were not worked on."""
        return self._late + super().dropped

    def look(self) -> Look:
        """Who finds and reads faces, and how long it takes."""
        tracker = self._tracker
        finder, reader = found_by(tracker) if tracker is not None else ("", "")
        values = {
            "finder": finder,
            "reader": reader,
            "finding_ms": 1e3 * self._finding_s,
            "faces": self._seen,
            "withheld": tracker.left_alone if tracker is not None else 0,
            "dropped": self.dropped,
        }
        return Look(values, self.permitted.concerns, self.idle or self.permitted.why_shut)

    def _on_image(self, msg: Image | CompressedImage) -> None:
        if self._work is not None and self.permitted.open:
            self._work.put(seconds(msg.header.stamp), msg)

    def _do(self, msg: Image | CompressedImage) -> None:
        """Work on an image, unless that is not allowed, or not worth it any more."""
        if not self.permitted.open:
            return
        age_s = self.now() - seconds(msg.header.stamp)
        late = 0 < self._images.max_age_s < age_s
        self._late += late
        self.flow.dropped = self.dropped
        if self.dropped:
            self._report_drops(age_s)
        if not late:
            self._publish(self._convert(msg), msg.header)

    def _report_drops(self, age_s: float) -> None:
        self.get_logger().warning(
            f"{self.dropped} images were dropped, the newest is {age_s:.2f} s old: this machine is too "
            f"busy, or the camera's clock is not this one's (max_age_s is {self._images.max_age_s:g})",
            throttle_duration_sec=REPORT_EVERY_S,
        )

    def _publish(self, image: Image8, header: Header) -> None:
        tracker = self._tracker
        if tracker is None:
            return
        stamp = seconds(header.stamp)
        began = perf_counter()
        faces = tracker.update(image, stamp, self.permitted.opted_out)
        self._finding_s, self._seen = perf_counter() - began, len(faces)
        if not self.permitted.open:  # meanwhile
            return
        size = image.shape[1], image.shape[0]
        self._faces.publish(
            faces_to_msg(faces, size, header, *found_by(tracker), self.params.landmarks, tracker.left_alone)
        )
        if self._clouds is not None:
            self._clouds.publish(faces, header)
        self.flow.passed(stamp, self.now())


def _image_from_compressed(msg: CompressedImage) -> Image8:
    return decode_compressed(msg.data, msg.format)
