"""faces: images in, the faces in them out."""

from math import nan
from time import perf_counter
from typing import Any

from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header

from fer_ros.consent.params import DeploymentParams
from fer_ros.environment import model_folders
from fer_ros.faces.face import Image8
from fer_ros.faces.open import open_tracker
from fer_ros.faces.params import FacesParams, ImagesParams
from fer_ros.faces.tracker import FaceTracker
from fer_ros.health import Look
from fer_ros.images import decode_compressed
from fer_ros.msg import FaceArray
from fer_ros.nodes.aside import Aside
from fer_ros.nodes.landmarks import LandmarkClouds
from fer_ros.nodes.managed import ManagedNode
from fer_ros.nodes.messages import faces_to_msg, image_from_msg, seconds
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.permission import Permitted, refuse_unlawful
from fer_ros.nodes.qos import IMAGES_IN, RESULTS, overridable

SPAN_S = 0.05  # one image at 30 per second may wait for another
REPORT_EVERY_S = 10.0


class Faces(ManagedNode):
    """Finds, follows and reads faces; an image without a face gives a message without faces."""

    def __init__(self, **options: Any) -> None:
        super().__init__("faces", **options)
        self.params = declare(self, FacesParams)
        self._images = declare(self, ImagesParams)
        self._deployment = declare(self, DeploymentParams)
        self.permitted = Permitted(self)
        self._tracker: FaceTracker | None = None
        self._work: Aside[Image | CompressedImage] | None = None
        self._faces = self.create_publisher(FaceArray, "faces", RESULTS)
        self._clouds = LandmarkClouds(self) if self.params.landmarks else None
        self._finding_s = nan
        self._seen = 0  # faces in the newest image
        self._late = 0  # images that were too old
        self._skipped = 0  # in earlier lives of the thread
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
        return self._late + self._skipped + (self._work.dropped if self._work is not None else 0)

    def load(self) -> None:
        """Load the finder and the reader."""
        self._tracker = open_tracker(self.params, model_folders(), self.warn)
        self._tracker.numbers_by_time = True

    def begin(self) -> None:
        """Work beside the executor: what else runs in this process must not wait for a face to be found."""
        refuse_unlawful(self, self._deployment)
        self._work = Aside(self.guarded(self._do), SPAN_S)

    def end(self) -> None:
        """End the work."""
        if self._work is not None:
            self._work.close()
            self._skipped += self._work.dropped
            self._work = None

    def free(self) -> None:
        """Let the models go."""
        if self._tracker is not None:
            self._tracker.close()
            self._tracker = None

    def look(self) -> Look:
        """Who finds and reads faces, and how long it takes."""
        tracker = self._tracker
        values = {
            "finder": tracker.finder.name if tracker is not None else "",
            "reader": _reader(tracker) if tracker is not None else "",
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
        readers = tracker.finder.name, _reader(tracker)
        self._faces.publish(
            faces_to_msg(faces, size, header, *readers, self.params.landmarks, tracker.left_alone)
        )
        if self._clouds is not None:
            self._clouds.publish(faces, header)
        self.flow.passed(stamp, self.now())


def _reader(tracker: FaceTracker) -> str:
    return tracker.reader.name if tracker.reader is not None else "none"


def _image_from_compressed(msg: CompressedImage) -> Image8:
    return decode_compressed(msg.data, msg.format)
