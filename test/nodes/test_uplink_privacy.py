"""What leaves the robot: a real robot process sees a person, and its cloud is this test."""

import json

import pytest
from fer_ros.msg import Payload, PayloadAck
from fer_ros.srv import SetLink

from fer_ros.link.payload import Crops, Frame, Probe, Shapes, decode
from fer_ros.nodes.messages import to_time
from fer_ros.nodes.qos import IMAGES_IN, IMAGES_OUT

from .uplinked import Robot

REACH = {Probe: 0, Shapes: 1, Crops: 2, Frame: 3}
ALLOW = {"nothing": -1, "blendshapes": 1, "crops": 2, "frames": 3}
# Between full frames and nothing: the ladder is climbed and descended once.
JOURNEY = ("direct", "gprs", "direct")
SMALL = {
    "camera": {"width": 320, "height": 240, "distance_m": 0.8, "rate_hz": 15.0},
    "faces": {"finder": "haar", "reader": "none", "max_age_s": 2.0},
}


class Cloud:
    """Takes everything and acknowledges it."""

    def __init__(self, bench):
        self.bench = bench
        self.payloads = []
        self.bytes_sent = 0
        self.ack = bench.probe.create_publisher(PayloadAck, "cloud/ack", IMAGES_OUT)
        bench.probe.create_subscription(Payload, "cloud/payload", self._take, IMAGES_IN)

    def _take(self, msg):
        payload = decode(msg.data)
        self.payloads.append(payload)
        now = to_time(self.bench.now())
        self.ack.publish(PayloadAck(sequence=payload.sequence, received=now, sent=now))

    def reached(self):
        return {REACH[type(payload.body)] for payload in self.payloads}


def robot(programs, allow):
    options = json.dumps({**SMALL, "uplink": {"allow": allow, "up_after_s": 0.0}})
    run = "import sys; from fer_ros.nodes.process import run_graph; sys.exit(run_graph(sys.argv))"
    return programs(["-c", run, "--machine", "robot", "--options", options])


@pytest.mark.parametrize("allow", ["blendshapes", "crops", "frames"])
def test_on_no_link_does_more_leave_than_is_allowed(bench, programs, allow):
    cloud = Cloud(bench)
    robot(programs, allow)
    for place, profile in enumerate(JOURNEY):
        before = len(cloud.payloads)
        bench.until(lambda before=before: len(cloud.payloads) > before + 5, f"payloads on {profile}")
        if place == 0 and allow != "blendshapes":  # crops are of more use to the ladder than frames
            bench.until(lambda: max(cloud.reached()) >= ALLOW["crops"], "a free link is used")
        bench.call(SetLink, "set_link", SetLink.Request(profile=profile))
    assert max(cloud.reached()) <= ALLOW[allow]


def test_where_nothing_is_allowed_not_even_a_sign_of_life_leaves(bench, programs):
    cloud = Cloud(bench)
    robot(programs, "nothing")
    bench.until(lambda: "uplink" in bench.probe.get_node_names(), "the uplink")
    bench.spin_for(3.0)
    assert cloud.payloads == []


def test_the_cloud_has_no_other_door(bench, programs):
    """Nobody on the robot publishes anything into the cloud's namespace but payloads."""
    robot(programs, "crops")
    bench.until(lambda: bench.probe.count_publishers("cloud/payload"), "the uplink")
    outward = {
        topic
        for topic, _ in bench.probe.get_topic_names_and_types()
        if topic.startswith("/cloud/") and bench.probe.count_publishers(topic)
    }
    assert outward == {"/cloud/payload"}


def test_with_the_default_parameters_images_do_not_even_reach_the_uplink(bench, programs):
    robot(programs, "crops")

    def takers():
        return {info.node_name for info in bench.probe.get_subscriptions_info_by_topic("image_raw")}

    bench.until(lambda: {"uplink", "faces"} <= set(bench.probe.get_node_names()), "both nodes")
    bench.until(lambda: "faces" in takers(), "somebody looks")
    assert takers() == {"faces"}


def test_crops_hold_the_face_and_little_else(bench, programs):
    """A crop is the face's box with the margin that cutting gives it, at most 112 px wide."""
    cloud = Cloud(bench)
    robot(programs, "crops")
    bench.until(lambda: 2 in cloud.reached(), "crops")
    faces = [face for p in cloud.payloads if isinstance(p.body, Crops) for face in p.body.faces]
    assert faces
    assert all(max(face.picture.size) <= 112 for face in faces)


@pytest.mark.parametrize("allow", ["nothing", "blendshapes", "crops"])
def test_what_is_not_allowed_does_not_even_come_in(bench, allow):
    """A node that takes no images cannot send any."""
    robot = Robot(bench, allow=allow)
    topics = [name for name, _ in bench.probe.get_subscriber_names_and_types_by_node("uplink", "/")]
    assert "/image_raw" not in topics
    assert ("/faces" in topics) == (allow != "nothing")
    robot.see(1.0)
    bench.spin_for(0.5)
    if allow == "nothing":
        assert robot.arrived == []
    assert not any(isinstance(p.body, Frame) for p in robot.payloads)
    if allow == "blendshapes":
        assert not any(isinstance(p.body, Crops) for p in robot.payloads)
