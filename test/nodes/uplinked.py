"""A robot whose uplink is under test: camera, face finder and cloud are the test's."""

import numpy as np
from fer_ros.msg import EmotionEstimate, FaceArray, LinkStatus, Payload, PayloadAck
from fer_ros.srv import SetLink
from sensor_msgs.msg import Image

from fer_ros.link.bodies import Probe
from fer_ros.link.payload import decode
from fer_ros.nodes.messages import to_time
from fer_ros.nodes.qos import IMAGES_IN, IMAGES_OUT, LATCHED

from .people import a_face, an_array

SMILE = np.full(52, 0.25, np.float32)


class Robot:
    """An uplink between a camera, a face finder and a cloud that the test plays."""

    def __init__(self, bench, *, answering=True, clock_offset_s=0.0, **parameters):
        self.bench = bench
        self.node = bench.start("uplink", {"report_hz": 20.0, **parameters})
        self.status = bench.listen(LinkStatus, "link", LATCHED)
        self.arrived = bench.listen(Payload, "cloud/payload", IMAGES_IN)
        self.results = bench.listen(EmotionEstimate, "emotion/cloud")
        allow = parameters.get("allow", "crops")
        self.seen = bench.publisher(FaceArray, "faces", listeners=int(allow != "nothing"))
        self.camera = bench.publisher(Image, "image_raw", IMAGES_OUT, listeners=int(allow == "frames"))
        if allow != "nothing":
            self.cloud = bench.publisher(EmotionEstimate, "cloud/emotion/cloud")
            self.ack = bench.publisher(PayloadAck, "cloud/ack", IMAGES_OUT)
        if answering and allow != "nothing":
            self.offset_s = clock_offset_s
            bench.probe.create_subscription(Payload, "cloud/payload", self._answer, IMAGES_IN)
        bench.until(lambda: self.status, "the state of the link")

    def _answer(self, msg):
        cloud = to_time(self.bench.now() + self.offset_s)
        size = len(msg.data)
        self.ack.publish(
            PayloadAck(sequence=decode(msg.data).sequence, size_bytes=size, received=cloud, sent=cloud)
        )

    def see(self, stamp, *faces):
        self.seen.publish(an_array(*(faces or [a_face(blendshapes=SMILE.tolist())]), stamp=stamp))

    @property
    def payloads(self):
        """What the cloud was sent, probes left out."""
        return [p for p in map(decode, (m.data for m in self.arrived)) if not isinstance(p.body, Probe)]

    def until_sent(self, count=1):
        return self.bench.until(lambda: len(self.payloads) >= count and self.payloads, "payloads")

    def set(self, **request):
        return self.bench.call(SetLink, "set_link", SetLink.Request(**request))

    def until_status(self, condition):
        return self.bench.until(
            lambda: condition(self.status[-1]) and self.status[-1], "the state of the link"
        )
