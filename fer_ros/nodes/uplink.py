"""uplink: the robot's end of the link to the cloud, and the link itself where one is emulated."""

from math import nan
from pathlib import Path
from typing import Any

from rclpy.parameter import Parameter
from rclpy.serialization import serialize_message
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from fer_ros.consent.gate import Onlookers
from fer_ros.errors import ParameterError
from fer_ros.faces.face import Face
from fer_ros.health import Concern, Level, Look
from fer_ros.link.expected import Expected
from fer_ros.link.ladder import load_ladder
from fer_ros.link.link import Link
from fer_ros.link.packing import crops_body, frame_body, shapes_body
from fer_ros.link.params import LinkParams, UplinkParams
from fer_ros.link.payload import Body, Payload, Probe, encode
from fer_ros.link.profiles import load_profiles, pick_profile
from fer_ros.link.rung import Reach, Rung
from fer_ros.link.sender import Sender
from fer_ros.msg import EmotionEstimate, FaceArray, LinkStatus, PayloadAck
from fer_ros.msg import Payload as PayloadMsg
from fer_ros.nodes.messages import (
    ack_from_msg,
    estimate_problem,
    faces_from_msg,
    image_from_msg,
    nanoseconds,
    seconds,
    to_time,
)
from fer_ros.nodes.node import WARN_EVERY_S, FerNode
from fer_ros.nodes.parameters import declare
from fer_ros.nodes.permission import Permitted
from fer_ros.nodes.qos import ESTIMATES, IMAGES_IN, IMAGES_OUT, LATCHED, RESULTS, overridable
from fer_ros.resources import share
from fer_ros.srv import SetLink

DELIVER_S = 0.004  # how late an emulated link may be
TICK_S = 0.05


class Uplink(FerNode):
    """Sends what the link can carry of what the robot sees, and brings the cloud's results back.

    Both ways cross the link: payloads leave for cloud/payload when they have passed it; cloud/ack and
    cloud/emotion/cloud are taken note of, and passed on as emotion/cloud, when they have.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__("uplink", **options)
        self._params = declare(self, UplinkParams, self._change)
        link = declare(self, LinkParams)
        ladder_file = self._params.ladder_file
        ladder = load_ladder(Path(ladder_file) if ladder_file else share("config") / "ladder.yaml")
        self._sender = Sender(self._params, ladder)
        links_file = link.links_file or share("config") / "links"
        self._profiles = load_profiles(Path(links_file))
        self._link: Link[PayloadMsg, EmotionEstimate | PayloadAck] = Link(
            pick_profile(self._profiles, link.profile), link.seed
        )
        self._expected = Expected()
        self._returned = 0  # results so far
        self._faces: list[Face] = []
        self.permitted = Permitted(self)
        self._onlookers = Onlookers()
        self._to_cloud = self.create_publisher(PayloadMsg, "cloud/payload", IMAGES_OUT)
        self._results = self.create_publisher(EmotionEstimate, "emotion/cloud", ESTIMATES)
        self._status = self.create_publisher(LinkStatus, "link", LATCHED)
        # At a fixed rate: a timer that is set anew for each message upsets all others of its executor.
        self.create_timer(DELIVER_S, self._deliver)
        self.create_timer(TICK_S, self._tick)
        self.create_timer(1.0 / link.report_hz, self._report)
        self.create_service(SetLink, "set_link", self._on_set_link)
        self._listen()
        self._report()

    def look(self) -> Look:
        """What the link carries, and whether it does."""
        now = self.now()
        emulated, seen = self._link.status(now), self._sender.report(now)
        refused = seen.refused + self._expected.refused
        values = {
            "profile": emulated.profile,
            "allow": self._sender.allow.name.lower(),
            **vars(seen),
            "refused": refused,
            "results": self._returned,
        }
        concerns = [Concern(Level.WARN, "the link is cut")] if emulated.cut else []
        if refused:
            concerns.append(Concern(Level.WARN, f"{refused} payloads or results refused"))
        nothing = "nothing may leave" if self._sender.allow is Reach.NOTHING else ""
        return Look(values, [*concerns, *self.permitted.concerns], nothing or self.permitted.why_shut)

    def _listen(self) -> None:
        """Take what may be sent and no more: an image that must not leave does not even come here."""
        allow = self._sender.allow
        if allow is Reach.FRAMES:
            self.create_subscription(
                Image,
                "image_raw",
                self.guarded(self._on_image),
                IMAGES_IN,
                qos_overriding_options=overridable(),
            )
        if allow is not Reach.NOTHING:
            self.create_subscription(FaceArray, "faces", self.guarded(self._on_faces), RESULTS)
            self.create_subscription(PayloadAck, "cloud/ack", self._on_back, IMAGES_IN)
            self.create_subscription(EmotionEstimate, "cloud/emotion/cloud", self._on_back, ESTIMATES)

    def _on_image(self, msg: Image) -> None:
        """Send an image where images are being sent; which ones is chosen by the newest faces known."""
        if self._sender.rung.reach is not Reach.FRAMES or not self._may_show(msg.header):
            return
        rung = self._sender.wants(seconds(msg.header.stamp), self._faces)
        if rung is not None:
            image = image_from_msg(msg)
            self._send(frame_body(image, rung), (image.shape[1], image.shape[0]), msg.header, rung)

    def _may_show(self, header: Header) -> bool:
        """Whether a whole image may leave: not while somebody in it has opted out."""
        return self.permitted.open and self._onlookers.may_show(
            seconds(header.stamp), self.permitted.opted_out
        )

    def _on_faces(self, msg: FaceArray) -> None:
        if not self.permitted.open:
            return
        faces, opted_out = faces_from_msg(msg), self.permitted.opted_out
        self._onlookers.saw(seconds(msg.header.stamp), msg.withheld, [face.id for face in faces])
        self._faces = [face for face in faces if face.id not in opted_out]
        self.flow.passed(seconds(msg.header.stamp), self.now())
        if self._sender.rung.reach not in (Reach.CROPS, Reach.BLENDSHAPES):
            return
        rung = self._sender.wants(seconds(msg.header.stamp), self._faces)
        if rung is not None:
            pack = crops_body if rung.reach is Reach.CROPS else shapes_body
            self._send(pack(self._faces, rung), (msg.image_width, msg.image_height), msg.header, rung)

    def _send(self, body: Body, image_size: tuple[int, int], header: Header, rung: Rung) -> None:
        """Send a payload, and right behind it a probe where one is due."""
        now = self.now()
        self._expected.sent(nanoseconds(header.stamp), now)
        self._put(body, image_size, header, now, rung)
        padding = self._sender.probe(now)
        if padding is not None:
            self._put(Probe(padding), (0, 0), Header(stamp=to_time(now)), now)
        self._deliver()

    def _put(
        self, body: Body, size: tuple[int, int], header: Header, now: float, rung: Rung | None = None
    ) -> None:
        sequence = self._sender.next_sequence()
        data = encode(Payload(sequence, nanoseconds(header.stamp), size, body))
        self._sender.sent(sequence, len(data), now, rung)
        self._link.send_up(PayloadMsg(header=header, data=data), len(data), now)

    def _on_back(self, msg: EmotionEstimate | PayloadAck) -> None:
        self._link.send_down(msg, len(serialize_message(msg)), self.now())
        self._deliver()

    def _deliver(self) -> None:
        """Publish what has arrived; what was on its way when it was forbidden does not."""
        now = self.now()
        for payload in self._link.deliver_up(now):
            if self.permitted.open:
                self._to_cloud.publish(payload)
        for back in self._link.deliver_down(now):
            if isinstance(back, PayloadAck):
                self._sender.on_ack(ack_from_msg(back), now)
            elif self.permitted.open:
                self._pass(back, now)

    def _pass(self, msg: EmotionEstimate, now: float) -> None:
        """Pass a result of the cloud that is of an image it was sent, and a number."""
        problem = self._expected.problem(nanoseconds(msg.header.stamp)) or estimate_problem(msg)
        if problem:
            self._expected.refused += 1
            self.get_logger().warning(
                f"{self._expected.refused} results of the cloud were dropped, the last because {problem}",
                throttle_duration_sec=WARN_EVERY_S,
            )
            return
        msg.latency_s = now - seconds(msg.header.stamp)  # by this machine's clock, with the link's part
        self._sender.returned(len(serialize_message(msg)), msg.latency_s)
        self._returned += 1
        self._results.publish(msg)

    def _tick(self) -> None:
        now = self.now()
        self._sender.tick(now)
        if self.permitted.open and self._sender.keep_alive(now):
            header = Header(stamp=to_time(now))
            self._put(Probe(), (0, 0), header, now)
            padding = self._sender.probe(now)
            if padding is not None:
                self._put(Probe(padding), (0, 0), header, now)
            self._deliver()

    def _report(self) -> None:
        now = self.now()
        emulated, seen = self._link.status(now), vars(self._sender.report(now))
        seen["refused"] += self._expected.refused
        direct = self._link.profile.name == "direct"
        self._status.publish(
            LinkStatus(
                header=Header(stamp=to_time(now)),
                profile=emulated.profile,
                cut=emulated.cut,
                offered_bps=emulated.offered_bps,
                delivered_bps=nan if direct else emulated.delivered_bps,
                returned_bps=emulated.returned_bps,
                results=self._returned,
                **seen,
            )
        )

    def _change(self, params: UplinkParams) -> None:
        self._sender.set_rung(params.rung)

    def _on_set_link(self, request: SetLink.Request, response: SetLink.Response) -> SetLink.Response:
        try:
            self._set_link(request)
        except ParameterError as error:
            response.success, response.message = False, str(error)
            return response
        response.success = True
        response.message = (
            f"{self._link.profile.name}{', cut' if self._link.cut else ''}, {self._sender.rung}"
        )
        self.get_logger().info(f"link: {response.message}")
        self._report()
        return response

    def _set_link(self, request: SetLink.Request) -> None:
        """Check everything before anything is changed; what is sent stays what the parameters say."""
        profile = pick_profile(self._profiles, request.profile) if request.profile else self._link.profile
        if request.rung:
            done = self.set_parameters([Parameter("rung", value=request.rung)])[0]
            if not done.successful:
                raise ParameterError(done.reason)
        self._link.set_profile(profile)
        self._link.set_cut(request.cut, self.now())
        self._deliver()
