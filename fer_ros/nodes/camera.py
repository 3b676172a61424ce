"""camera: frames of a device, file, bag or the built-in source, as ROS images."""

from collections.abc import Iterator
from dataclasses import replace
from threading import Event, Thread
from typing import Any

from builtin_interfaces.msg import Time
from sensor_msgs.msg import CameraInfo, CompressedImage, Image
from std_msgs.msg import Header

from fer_ros.errors import FerError
from fer_ros.images import Image8
from fer_ros.link.throttle import encode_jpeg
from fer_ros.msg import FaceArray
from fer_ros.nodes.messages import image_to_msg, to_time
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.qos import IMAGES_OUT, RESULTS
from fer_ros.sources.calibration import Calibration, read_calibration
from fer_ros.sources.frame import Frame, Source
from fer_ros.sources.open import open_source
from fer_ros.sources.paced import paced
from fer_ros.sources.params import CameraParams

NO_ANSWER_S = 5.0  # in lock-step, how long a frame waits for its faces before the next one follows
LOOK_EVERY_S = 0.05  # for somebody who listens
LIVE = ("builtin", "device")  # begin at once; a recording waits, so that its first images are seen too
STOP_S = 2.0  # a device that hangs in its driver is left to die with the process


class Camera(FerNode):
    """Publishes image_raw, and where asked for image_raw/compressed and camera_info.

    A thread reads and publishes, so that a slow source delays nobody. It begins when the node is
    spun: before, no other node of its process could take an image. With real_time false a recording
    is given frame by frame, each when the faces of the last one are out.

    Attributes:
        published: images so far.
        ended: the source gives no more.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__("camera", **options)
        self.params = declare(self, CameraParams)
        self._calibration = read_calibration(self.params.calibration) if self.params.calibration else None
        self._images = self.create_publisher(Image, "image_raw", IMAGES_OUT)
        if self.params.compressed:
            self._compressed = self.create_publisher(CompressedImage, "image_raw/compressed", IMAGES_OUT)
        if self._calibration is not None:
            self._info = self.create_publisher(CameraInfo, "camera_info", IMAGES_OUT)
        self.published = 0
        self.ended = False
        self._stopping = Event()
        self._answered = Event()
        self._awaited = Time()  # stamp of the image whose faces lock-step waits for
        self._source = self._open()
        if not self.params.real_time:
            self.create_subscription(FaceArray, "faces", self._on_faces, RESULTS)
        self._thread = Thread(target=self._run, name="camera", daemon=True)
        self._looking = self.create_timer(LOOK_EVERY_S, self._begin)

    def stop(self) -> None:
        """Publish no more images."""
        self._stopping.set()
        self._answered.set()
        self._looking.cancel()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def destroy_node(self) -> None:
        """Stop reading and release the source."""
        self.stop()
        self._source.close()
        super().destroy_node()

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

    def _begin(self) -> None:
        """Start reading, once somebody listens."""
        if self.params.source in LIVE or self._images.get_subscription_count():
            self._looking.cancel()
            self._thread.start()
        else:
            self.get_logger().info(f"{self._source.name} waits for somebody who listens", once=True)

    def _on_faces(self, msg: FaceArray) -> None:
        if msg.header.stamp == self._awaited:
            self._answered.set()

    def _run(self) -> None:
        try:
            for frame in self._frames():
                if self._stopping.is_set():
                    return
                self._publish(frame.image, frame.stamp)
            self.get_logger().info(f"{self._source.name} has ended after {self.published} images")
        except FerError as error:
            self.get_logger().error(str(error))
        finally:
            self.ended = True

    def _frames(self) -> Iterator[Frame]:
        if self.params.source == "device":
            return iter(self._source)
        if self.params.real_time:
            return paced(self._source, self.now, self._stopping.wait)
        return self._in_lock_step()

    def _in_lock_step(self) -> Iterator[Frame]:
        for frame in self._source:
            stamp = self.now()
            self._awaited = to_time(stamp)
            self._answered.clear()
            yield replace(frame, stamp=stamp)
            if self.count_publishers("faces"):
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
