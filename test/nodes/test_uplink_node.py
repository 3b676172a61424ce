"""uplink: what reaches the cloud, what comes back, and how the link is changed while it runs."""

from math import inf, nan

import numpy as np
import pytest
from fer_ros.msg import EmotionEstimate, LinkStatus
from fer_ros.srv import SetLink
from rcl_interfaces.srv import SetParameters
from rclpy.parameter import Parameter
from sensor_msgs.msg import CompressedImage, Image

from fer_ros.images import decode_compressed
from fer_ros.nodes.qos import IMAGES_IN, IMAGES_OUT, LATCHED

from . import images
from .people import an_estimate

HALF_A_SECOND = """
slow:
  up: {delay_ms: 500}
  down: {delay_ms: 500}
"""


class Sender:
    """An uplink between a camera and a cloud that the test plays."""

    def __init__(self, bench, **parameters):
        self.bench = bench
        self.node = bench.start("uplink", {"report_hz": 20.0, **parameters})
        self.status = bench.listen(LinkStatus, "link", LATCHED)
        self.arrived = bench.listen(CompressedImage, "cloud/image_raw/compressed", IMAGES_IN)
        self.results = bench.listen(EmotionEstimate, "emotion/cloud")
        self.shown = bench.listen(Image, "image_raw", IMAGES_IN)
        self.camera = bench.publisher(Image, "image_raw", IMAGES_OUT, listeners=2)
        self.cloud = bench.publisher(EmotionEstimate, "cloud/emotion/cloud")
        bench.until(lambda: self.status, "the state of the link")

    def show(self, pixels, stamp):
        before = len(self.shown)
        self.camera.publish(images.bgr8(pixels, stamp))
        self.bench.until(lambda: len(self.shown) > before, "the image")

    def set(self, **request):
        return self.bench.call(SetLink, "set_link", SetLink.Request(**request))

    def until_status(self, condition):
        return self.bench.until(
            lambda: condition(self.status[-1]) and self.status[-1], "the state of the link"
        )


@pytest.fixture
def uplink(bench):
    return Sender(bench)


def size_of(message):
    height, width = decode_compressed(message.data, message.format).shape[:2]
    return width, height


def test_a_direct_link_passes_everything(bench):
    uplink = Sender(bench, rate_hz=120.0)
    for i in range(20):
        uplink.show(images.nobody(16, 16), 1.0 + i / 30)
    bench.until(lambda: len(uplink.arrived) == 20, "every image")
    status = uplink.until_status(lambda s: s.delivered == 20)
    assert (status.profile, status.cut, status.sent, status.lost) == ("direct", False, 20, 0)


def test_what_is_sent_keeps_stamp_and_frame_of_its_image(bench, uplink):
    uplink.show(images.face(), 1234.567891)
    (sent,) = bench.until(lambda: uplink.arrived, "the image")
    assert sent.header == images.header(1234.567891)
    assert "jpeg" in sent.format


@pytest.mark.parametrize("rate_hz", [30.0, 15.0, 5.0, 7.5])
def test_the_rate_is_what_was_asked_for(bench, rate_hz):
    uplink = Sender(bench, rate_hz=rate_hz)
    for i in range(60):
        uplink.show(images.nobody(16, 16), 1.0 + i / 30)
    uplink.until_status(lambda s: s.delivered >= 2 * rate_hz - 1)
    bench.spin_for(0.2)
    assert len(uplink.arrived) == pytest.approx(2 * rate_hz, abs=1)


@pytest.mark.parametrize(
    ("resolution", "sent"),
    [("1280x720", (1280, 720)), ("640x360", (640, 360)), ("256x144", (256, 144))],
)
def test_the_resolution_is_what_was_asked_for(bench, resolution, sent):
    uplink = Sender(bench, resolution=resolution)
    uplink.show(images.nobody(720, 1280), 1.0)
    assert size_of(bench.until(lambda: uplink.arrived, "the image")[0]) == sent


def test_resolution_rate_and_profile_change_while_it_runs(bench, uplink):
    assert uplink.set(profile="lan", resolution="256x144", rate_hz=5.0).message == "lan, 256x144@5 jpeg"
    status = uplink.until_status(lambda s: s.profile == "lan")
    assert status.payload == "256x144@5 jpeg"
    uplink.show(images.nobody(720, 1280), 1.0)
    assert size_of(bench.until(lambda: uplink.arrived, "the image")[0]) == (256, 144)


def test_what_a_request_leaves_out_stays(uplink):
    uplink.set(profile="lan", resolution="256x144", rate_hz=5.0)
    assert uplink.set(rate_hz=30.0).message == "lan, 256x144@30 jpeg"


def test_a_parameter_changes_nothing_that_a_request_has_set(bench, uplink):
    uplink.set(resolution="256x144", rate_hz=5.0)
    quality = Parameter("jpeg_quality", value=50).to_parameter_msg()
    bench.call(SetParameters, "uplink/set_parameters", SetParameters.Request(parameters=[quality]))
    assert uplink.set().message == "direct, 256x144@5 jpeg"


BAD_REQUESTS = [
    pytest.param({"profile": "nonsense"}, "there is no link profile 'nonsense'; choose one of", id="profile"),
    pytest.param({"resolution": "640x480"}, "choose one of '1280x720', '640x360'", id="resolution"),
    pytest.param({"rate_hz": nan}, "rate_hz out of range Min: 0.1, Max: 120.0", id="NaN"),
    pytest.param({"rate_hz": -5.0}, "rate_hz", id="negative rate"),
    pytest.param({"rate_hz": inf}, "rate_hz", id="infinite rate"),
    pytest.param({"rate_hz": 1e6}, "rate_hz", id="absurd rate"),
]
GOOD = {"profile": "lan", "resolution": "256x144", "rate_hz": 5.0, "cut": True}


@pytest.mark.parametrize(("bad", "says"), BAD_REQUESTS)
def test_a_bad_request_is_refused_and_changes_nothing(uplink, bad, says):
    response = uplink.set(**{**GOOD, **bad})
    assert not response.success
    assert says in response.message
    assert uplink.set().message == "direct, 640x360@15 jpeg"


def test_a_cut_link_loses_everything_and_says_so(bench, uplink):
    assert uplink.set(cut=True).message == "direct, cut, 640x360@15 jpeg"
    for i in range(3):
        uplink.show(images.nobody(16, 16), 1.0 + i)
    uplink.cloud.publish(an_estimate(1.0, cloud=True))
    status = uplink.until_status(lambda s: s.lost == 3)
    assert (status.cut, status.sent, status.delivered, status.results) == (True, 3, 0, 0)
    assert uplink.arrived == uplink.results == []


def test_a_mended_link_carries_again(bench, uplink):
    uplink.set(cut=True)
    uplink.set(cut=False)
    uplink.show(images.nobody(16, 16), 1.0)
    uplink.cloud.publish(an_estimate(1.0, cloud=True))
    bench.until(lambda: uplink.arrived and uplink.results, "an image and a result")


def test_both_ways_cross_the_link(bench, tmp_path):
    links = tmp_path / "links.yaml"
    links.write_text(HALF_A_SECOND)
    uplink = Sender(bench, links_file=str(links), profile="slow")
    sent_at = bench.now()
    uplink.show(images.nobody(16, 16), sent_at)
    (image,) = bench.until(lambda: uplink.arrived, "the image")
    there_at = bench.now()
    uplink.cloud.publish(an_estimate(sent_at, cloud=True))
    (result,) = bench.until(lambda: uplink.results, "the result")
    assert there_at - sent_at >= 0.5
    assert bench.now() - sent_at >= 1.0
    assert image.header.stamp == result.header.stamp
    assert uplink.until_status(lambda s: s.results == 1).delivered == 1


def test_a_late_listener_hears_the_state_of_the_link(bench):
    bench.start("uplink", {"report_hz": 0.1, "profile": "3g"})
    heard = bench.listen(LinkStatus, "link", LATCHED)
    (status,) = bench.until(lambda: heard, "the latched state")
    assert status.profile == "3g"


def test_an_image_that_cannot_be_read_is_named_and_the_next_one_sent(bench, uplink):
    message = images.bgr8(np.zeros((4, 4, 3), np.uint8), 1.0)
    message.encoding = "jxl42"
    uplink.camera.publish(message)
    (complaint,) = bench.until(bench.complaints, "a complaint")
    assert "image encoding 'jxl42' is not supported" in complaint
    uplink.show(images.face(), 2.0)
    bench.until(lambda: uplink.arrived, "the next image")
