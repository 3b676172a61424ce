"""camera: frames of a device, file, bag or the built-in source, as ROS images."""

from collections.abc import Iterator
from time import sleep
from typing import Any

from sensor_msgs.msg import CameraInfo, CompressedImage, Image
from std_msgs.msg import Header

from fer_ros.errors import SourceError
from fer_ros.link.throttle import encode_jpeg
from fer_ros.msg import FaceArray
from fer_ros.nodes.messages import image_to_msg, seconds, to_time
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.qos import IMAGES_OUT, RESULTS
from fer_ros.sources import CameraParams, Frame, LatestFrame, Source, open_source, paced
from fer_ros.sources.calibration import Calibration, read_calibration

NO_ANSWER_S = 1.0  # in lock-step, how long a frame waits for its faces before the next one follows


class Paced(Source):
    """A source whose frames come at their own rate, stamped by a clock."""

    def __init__(self, source: Source, clock: Any) -> None:
        self.name, self.fps = source.name, source.fps
        self._source = source
        self._frames: Iterator[Frame] = paced(source, clock, sleep)

    def __next__(self) -> Frame:
        return next(self._frames)

    def close(self) -> None:
        """Release what the source holds."""
        self._source.close()


class Camera(FerNode):
    """Publishes image_raw, and where asked for image_raw/compressed and camera_info.

    A thread reads the source, so a slow one delays nobody; only its newest frame is published. With
    real_time false a recording is given frame by frame, each when the faces of the last one are out.
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
        self._source = self._open()
        self._start()

    def destroy_node(self) -> None:
        """Release the source with the node."""
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

    def _start(self) -> None:
        live = self.params.source == "device"
        if live or self.params.real_time:
            self._wake = self.create_guard_condition(self._publish_newest)
            source = self._source if live else Paced(self._source, self.now)
            self._source = self._latest = LatestFrame(source, on_change=self._wake.trigger)
            return
        self._waiting_for: float | None = None
        self._waited = self.create_timer(NO_ANSWER_S, self._publish_next)
        self.create_subscription(FaceArray, "faces", self._on_faces, RESULTS)

    def _publish_newest(self) -> None:
        try:
            frame = self._latest.take()
        except SourceError as error:
            self.get_logger().error(str(error))
            self.ended = True
            return
        if frame is not None:
            self._publish(frame.image, frame.stamp)
        elif self._latest.ended:
            self._end()

    def _on_faces(self, msg: FaceArray) -> None:
        if self._waiting_for is not None and seconds(msg.header.stamp) >= self._waiting_for - 1e-6:
            self._publish_next()

    def _publish_next(self) -> None:
        if self.ended:
            return
        self._waited.reset()
        try:
            frame = next(self._source, None)
        except SourceError as error:
            self.get_logger().error(str(error))
            frame = None
        if frame is None:
            self._end()
            return
        self._waiting_for = self.now()
        self._publish(frame.image, self._waiting_for)

    def _end(self) -> None:
        if not self.ended:
            self.ended = True
            self.get_logger().info(f"{self._source.name} has ended after {self.published} images")

    def _publish(self, image: Any, stamp: float) -> None:
        header = Header(stamp=to_time(stamp), frame_id=self.params.frame_id)
        self._images.publish(image_to_msg(image, header))
        if self.params.compressed:
            data = encode_jpeg(image, self.params.jpeg_quality)
            self._compressed.publish(CompressedImage(header=header, format="bgr8; jpeg compressed bgr8", data=data))
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
