"""The ROS node of the simulated head: it lets the simulated time pass and publishes what the head sees."""

from array import array
from math import ceil

from rclpy.clock import Clock as NodeClock
from rclpy.clock import ClockType
from rclpy.node import Node
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import CameraInfo, Image
from simulated_head import Pinhole, SimulatedHead
from simulated_person import Person, pose_at
from std_msgs.msg import Header

from fer_ros.nodes.messages import to_time

IMAGES, INFO = "sim/camera/image_raw", "sim/camera/camera_info"
FRAME_ID = "head_camera_optical"
CLOCK_EVERY_S = 0.01  # at most, of simulated time


class SimulatedCamera(Node):
    """Publishes images, their camera_info, and /clock.

    A computer that is too slow makes the simulated time pass slower, and no image is lost.
    """

    def __init__(self, head: SimulatedHead, person: Person, fps: float, speed: float) -> None:
        """Begin at 0 s of simulated time.

        Args:
            head: what sees.
            person: who is seen.
            fps: images per simulated second.
            speed: simulated seconds per second.
        """
        super().__init__("simulated_camera")
        self._head, self._person = head, person
        self._ticks_per_image = ceil(1 / fps / CLOCK_EVERY_S)
        self._tick_s = 1 / fps / self._ticks_per_image
        self._ticks = 0
        self._clock_out = self.create_publisher(Clock, "/clock", 10)
        self._images = self.create_publisher(Image, IMAGES, 5)
        self._info = self.create_publisher(CameraInfo, INFO, 5)
        # Not the node's own clock, which may be told to follow the one that is published here.
        steady = NodeClock(clock_type=ClockType.STEADY_TIME)
        self.create_timer(self._tick_s / speed, self._tick, clock=steady)

    def _tick(self) -> None:
        self._ticks += 1
        t = self._ticks * self._tick_s
        self._head.advance(t)
        self._clock_out.publish(Clock(clock=to_time(t)))
        if self._ticks % self._ticks_per_image == 0:
            self._head.show(pose_at(t), self._person.picture(t))
            header = Header(stamp=to_time(t), frame_id=FRAME_ID)
            self._images.publish(image_of(self._head, header))
            self._info.publish(info_of(self._head.lens, header))


def image_of(head: SimulatedHead, header: Header) -> Image:
    """What the head sees now, as an rgb8 message."""
    data = array("B")  # bytes would be checked value by value
    data.frombytes(head.view().tobytes())
    width, height = head.lens.width, head.lens.height
    return Image(header=header, width=width, height=height, encoding="rgb8", step=3 * width, data=data)


def info_of(lens: Pinhole, header: Header) -> CameraInfo:
    """The calibration of a camera without distortion, whose axis meets the middle of the image."""
    f, x, y = lens.focal_px, lens.width / 2, lens.height / 2
    return CameraInfo(
        header=header,
        width=lens.width,
        height=lens.height,
        distortion_model="plumb_bob",
        d=[0.0] * 5,
        k=[f, 0.0, x, 0.0, f, y, 0.0, 0.0, 1.0],
        r=[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0],
        p=[f, 0.0, x, 0.0, 0.0, f, y, 0.0, 0.0, 0.0, 1.0, 0.0],
    )
