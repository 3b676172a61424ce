"""camera: frames of a device, file, bag or the built-in source, as ROS images."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from threading import Event, Thread
from typing import Any

from builtin_interfaces.msg import Time
from rclpy.publisher import Publisher
from rclpy.timer import Timer
from sensor_msgs.msg import CameraInfo, CompressedImage, Image
from std_msgs.msg import Header

from fer_ros.errors import FerError
from fer_ros.health import Concern, Level, Look
from fer_ros.images import Image8
from fer_ros.link.throttle import encode_jpeg
from fer_ros.msg import FaceArray
from fer_ros.nodes.managed import ManagedNode
from fer_ros.nodes.messages import image_to_msg, to_time
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.qos import IMAGES_OUT, RESULTS, overridable
from fer_ros.sources.calibration import Calibration, read_calibration
from fer_ros.sources.frame import Frame, Source
from fer_ros.sources.open import open_source
from fer_ros.sources.paced import paced
from fer_ros.sources.params import CameraParams

NO_ANSWER_S = 5.0  # in lock-step, how long a frame waits for its faces before the next one follows
LOOK_EVERY_S = 0.05  # for somebody who listens
LIVE = ("builtin", "device")  # begin at once; a recording waits, so that its first images are seen too
STOP_S = 2.0  # a device that hangs in its driver is left to die with the process


class Camera(ManagedNode):
    """Publishes image_raw, and where asked for image_raw/compressed and camera_info.

    A thread reads and publishes, so that a slow source delays nobody. It begins when the node is
    spun: before, no other node of its process could take an image. With real_time false a recording
    is given frame by frame, each when the faces of the last one are out.

    A source is open from configure on, so that one that is missing is known then. Deactivated, the node
    lets it go, and a camera's light is out; activated again, a recording begins anew.

    Attributes:
        published: images so far.
        ended: the source gives no more.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__("camera", **options)
        self.params = declare(self, CameraParams)
        self._calibration: Calibration | None = None
        self._images = self._publisher(Image, "image_raw")
        if self.params.compressed:
            self._compressed = self._publisher(CompressedImage, "image_raw/compressed")
        if self.params.calibration:
            self._info = self._publisher(CameraInfo, "camera_info")
        self.published = 0
        self.ended = False
        self._broken = ""
        self._stopping = Event()
        self._answered = Event()
        self._awaited = Time()  # stamp of the image whose faces lock-step waits for
        self._source: Source | None = None
        self._thread: Thread | None = None
        self._looking: Timer | None = None
        if not self.params.real_time:
            self._faces = self.create_subscription(FaceArray, "faces", self._on_faces, RESULTS)

    def load(self) -> None:
        """Open the source, and read the calibration."""
        if self.params.calibration:
            self._calibration = read_calibration(self.params.calibration)
        self._source = self._open()

    def begin(self) -> None:
        """Look for somebody who listens, and then read."""
        if self._source is None:  # it was let go
            self._source = self._open()
        self.ended, self._broken, self._stopping = False, "", Event()
        self._thread = Thread(
            target=self._run, args=(self._source, self._stopping), name="camera", daemon=True
        )
        self._looking = self.create_timer(LOOK_EVERY_S, partial(self._read_when_heard, self._thread))

    def end(self) -> None:
        """Publish no more images, and let the source go."""
        self._stopping.set()
        self._answered.set()
        if self._looking is not None:
            self.destroy_timer(self._looking)
            self._looking = None
        if self._thread is not None and self._thread.is_alive():
            self._thread.join(STOP_S)
        self._thread = None
        self.free()

    def free(self) -> None:
        """Let the source go."""
        if self._source is not None:
            self._source.close()
            self._source = None

    def look(self) -> Look:
        """What gives the images, and whether it still does."""
        source = self._source
        values = {
            "source": self.params.source,
            "input": self.params.input,
            "published": self.published,
            "ended": self.ended,
            "skipped": source.skipped if source is not None else 0,
        }
        failed = [Concern(Level.ERROR, self._broken)] if self._broken else []
        waiting = "" if self._thread is not None and self._thread.is_alive() else "waiting for a listener"
        return Look(values, failed, self.idle or ("the source has ended" if self.ended else waiting))

    def _publisher(self, kind: type[Any], topic: str) -> Publisher:
        return self.create_publisher(kind, topic, IMAGES_OUT, qos_overriding_options=overridable())

    def _open(self) -> Source:
        p = self.params
        return open_source(
            p.source,
            p.input,
            clock=self.now,
            warn=self.warn,
            width=p.width,
            height=p.height,
            fps=p.rate_hz,
            loop=p.loop,
            topic=p.topic,
            distance_m=p.distance_m,
            n_faces=p.n_faces,
        )

    def _read_when_heard(self, thread: Thread) -> None:
        """Start reading, once somebody listens."""
        if self.params.source in LIVE or self._images.get_subscription_count():
            if self._looking is not None:
                self._looking.cancel()
            if thread.ident is None:  # the timer may have fired once more
                thread.start()
        else:
            self.get_logger().info(f"{self.params.source} waits for somebody who listens", once=True)

    def _on_faces(self, msg: FaceArray) -> None:
        if msg.header.stamp == self._awaited:
            self._answered.set()

    def _run(self, source: Source, stopping: Event) -> None:
        try:
            for frame in self._frames(source, stopping):
                if stopping.is_set():
                    return
                self._publish(frame.image, frame.stamp)
            if not stopping.is_set():
                self.get_logger().info(f"{source.name} has ended after {self.published} images")
        except FerError as error:
            self._broken = str(error)
            self.get_logger().error(self._broken)
        finally:
            self.ended = True

    def _frames(self, source: Source, stopping: Event) -> Iterator[Frame]:
        if self.params.source == "device":
            return iter(source)
        if self.params.real_time:
            return paced(source, self.now, stopping.wait)
        return self._in_lock_step(source)

    def _in_lock_step(self, source: Source) -> Iterator[Frame]:
        for frame in source:
            stamp = self.now()
            self._awaited = to_time(stamp)
            self._answered.clear()
            yield replace(frame, stamp=stamp)
            if self.count_publishers(self._faces.topic_name):
                self._answered.wait(NO_ANSWER_S)

    def _publish(self, image: Image8, stamp: float) -> None:
        header = Header(stamp=to_time(stamp), frame_id=self.params.frame_id)
        self._images.publish(image_to_msg(image, header))
        if self.params.compressed:
            data = encode_jpeg(image, self.params.jpeg_quality)
            self._compressed.publish(
                CompressedImage(header=header, format="bgr8; jpeg compressed bgr8", data=data)
            )
        if self._calibration is not None:
            self._info.publish(_camera_info(self._calibration, header))
        self.published += 1
        self.flow.passed(stamp, self.now())


def _camera_info(calibration: Calibration, header: Header) -> CameraInfo:
    return CameraInfo(
        header=header,
        width=calibration.width,
        height=calibration.height,
        distortion_model=calibration.distortion_model,
        d=calibration.d,
        k=calibration.k,
        r=calibration.r,
        p=calibration.p,
    )
