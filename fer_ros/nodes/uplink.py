"""uplink: the robot's end of the link to the cloud, and the link itself where one is emulated."""

from pathlib import Path
from typing import Any

from rclpy.parameter import Parameter
from rclpy.serialization import serialize_message
from sensor_msgs.msg import CompressedImage, Image
from std_msgs.msg import Header

from fer_ros.errors import ParameterError
from fer_ros.link.link import Link, LinkParams
from fer_ros.link.profiles import load_profiles, pick_profile
from fer_ros.link.throttle import Throttle, UplinkParams, encode_jpeg, parse_resolution, shrink
from fer_ros.msg import EmotionEstimate, LinkStatus
from fer_ros.nodes.messages import image_from_msg, seconds, to_time
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.qos import IMAGES_IN, IMAGES_OUT, LATCHED, RESULTS, overridable
from fer_ros.resources import share
from fer_ros.srv import SetLink

IDLE_S = 3600.0


class Uplink(FerNode):
    """Sends chosen, shrunk and compressed images towards the cloud, and brings its results back.

    Both ways cross the link: images leave for cloud/image_raw/compressed when they have passed it,
    and cloud/emotion/cloud arrives as emotion/cloud when it has.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__("uplink", **options)
        self._payload = declare(self, UplinkParams, self._change_payload)
        link = declare(self, LinkParams)
        self._profiles = load_profiles(
            Path(link.links_file) if link.links_file else share("config") / "links.yaml"
        )
        self._throttle = Throttle(self._payload.rate_hz)
        self._link: Link[CompressedImage, EmotionEstimate] = Link(
            pick_profile(self._profiles, link.profile), link.seed
        )
        self._to_cloud = self.create_publisher(CompressedImage, "cloud/image_raw/compressed", IMAGES_OUT)
        self._results = self.create_publisher(EmotionEstimate, "emotion/cloud", RESULTS)
        self._status = self.create_publisher(LinkStatus, "link", LATCHED)
        self._due = self.create_timer(IDLE_S, self._deliver)
        self.create_timer(1.0 / link.report_hz, self._report)
        self.create_service(SetLink, "set_link", self._on_set_link)
        self.create_subscription(
            Image, "image_raw", self.guarded(self._on_image), IMAGES_IN, qos_overriding_options=overridable()
        )
        self.create_subscription(EmotionEstimate, "cloud/emotion/cloud", self._on_result, RESULTS)
        self._report()

    def _on_image(self, msg: Image) -> None:
        if not self._throttle.accept(seconds(msg.header.stamp)):
            return
        small = shrink(image_from_msg(msg), parse_resolution(self._payload.resolution))
        data = encode_jpeg(small, self._payload.jpeg_quality)
        frame = CompressedImage(header=msg.header, format="bgr8; jpeg compressed bgr8", data=data)
        self._link.send_up(frame, len(data), self.now())
        self._deliver()

    def _on_result(self, msg: EmotionEstimate) -> None:
        self._link.send_down(msg, len(serialize_message(msg)), self.now())
        self._deliver()

    def _deliver(self) -> None:
        """Publish what has arrived, and wake again when the next message does."""
        now = self.now()
        for frame in self._link.deliver_up(now):
            self._to_cloud.publish(frame)
        for result in self._link.deliver_down(now):
            self._results.publish(result)
        due = self._link.next_due()
        wait_s = IDLE_S if due is None else max(due - now, 0.0)
        self._due.timer_period_ns = int(wait_s * 1e9)
        self._due.reset()

    def _report(self) -> None:
        now = self.now()
        header = Header(stamp=to_time(now))
        report = vars(self._link.status(now))
        self._status.publish(LinkStatus(header=header, payload=self._spoken_payload(), **report))

    def _spoken_payload(self) -> str:
        return f"{self._payload.resolution}@{self._payload.rate_hz:g} jpeg"

    def _change_payload(self, payload: UplinkParams) -> None:
        parse_resolution(payload.resolution)
        self._payload = payload
        self._throttle.change(payload.rate_hz)

    def _on_set_link(self, request: SetLink.Request, response: SetLink.Response) -> SetLink.Response:
        try:
            self._set_link(request)
        except ParameterError as error:
            response.success, response.message = False, str(error)
            return response
        response.success = True
        response.message = (
            f"{self._link.profile.name}{', cut' if self._link.cut else ''}, {self._spoken_payload()}"
        )
        self.get_logger().info(f"link: {response.message}")
        self._report()
        return response

    def _set_link(self, request: SetLink.Request) -> None:
        """Check everything before anything is changed; what is sent stays what the parameters say."""
        profile = pick_profile(self._profiles, request.profile) if request.profile else self._link.profile
        wanted = {"resolution": request.resolution, "rate_hz": request.rate_hz}
        done = self.set_parameters_atomically([Parameter(n, value=v) for n, v in wanted.items() if v])
        if not done.successful:
            raise ParameterError(done.reason)
        self._link.set_profile(profile)
        self._link.set_cut(request.cut, self.now())
        self._deliver()
