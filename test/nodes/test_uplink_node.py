"""uplink: what reaches the cloud, what comes back, and how the link is changed while it runs."""

from math import isnan, nan

import numpy as np
import pytest
from fer_ros.msg import LinkStatus
from rcl_interfaces.srv import SetParameters
from rclpy.parameter import Parameter

from fer_ros.link.bodies import Crops, Frame, Probe, Shapes
from fer_ros.link.payload import decode
from fer_ros.link.picture import decode_picture
from fer_ros.nodes.messages import nanoseconds
from fer_ros.nodes.qos import LATCHED

from . import images
from .people import an_array, an_estimate
from .uplinked import SMILE, Robot

HALF_A_SECOND = """
slow:
  up: {delay_ms: 500}
  down: {delay_ms: 500}
"""


@pytest.mark.parametrize(
    ("rung", "body", "side"),
    [
        ("crops112@30", Crops, 100),  # the crop is no larger
        ("crops48@30", Crops, 48),
        ("blendshapes@30", Shapes, None),
        ("quantised@30", Shapes, None),
    ],
)
def test_a_rung_sends_what_its_name_says(bench, rung, body, side):
    robot = Robot(bench, rung=rung)
    robot.see(1.0)
    (sent,) = robot.until_sent()
    assert isinstance(sent.body, body)
    (face,) = sent.body.faces
    assert face.id == "face_1"
    assert np.allclose(face.seen.box_xyxy, (100.0, 60.0, 180.0, 160.0), atol=0.1)
    assert np.allclose(face.seen.blendshapes, SMILE, atol=0.02)
    if side is None:
        assert face.picture is None
    else:
        assert decode_picture(face.picture).shape[:2] == (side, side)


@pytest.mark.parametrize(("rung", "size"), [("1280x720@30", (1280, 720)), ("256x144@30", (256, 144))])
def test_frames_are_sent_where_they_are_allowed(bench, rung, size):
    robot = Robot(bench, allow="frames", rung=rung)
    robot.camera.publish(images.bgr8(images.nobody(720, 1280), 1.0))
    (sent,) = robot.until_sent()
    assert isinstance(sent.body, Frame)
    assert decode_picture(sent.body.picture).shape[:2] == (size[1], size[0])


def test_what_is_sent_keeps_stamp_and_frame_of_its_image(bench):
    robot = Robot(bench)
    robot.see(1234.567891)
    robot.until_sent()
    (message,) = [m for m in robot.arrived if m.header.frame_id]
    assert message.header == images.header(1234.567891)
    assert decode(message.data).stamp_ns == nanoseconds(message.header.stamp)


def test_an_image_without_a_face_is_told_too(bench):
    robot = Robot(bench, rung="crops64@30")
    robot.seen.publish(an_array(stamp=1.0))
    (sent,) = robot.until_sent()
    assert sent.body.faces == ()


@pytest.mark.parametrize("rate_hz", [30.0, 15.0, 5.0, 7.5])
def test_a_rung_by_name_is_evenly_thinned_to_its_rate(bench, rate_hz):
    robot = Robot(bench, rung=f"quantised@{rate_hz:g}")
    for i in range(60):
        robot.see(1.0 + i / 30)
        bench.spin_for(0.005)
    robot.until_sent(int(2 * rate_hz) - 1)
    bench.spin_for(0.2)
    assert len(robot.payloads) == pytest.approx(2 * rate_hz, abs=1)


def test_a_free_link_is_climbed_to_the_best_that_is_allowed(bench):
    robot = Robot(bench)
    stamp = bench.now()

    def climbed():
        nonlocal stamp
        stamp += 1 / 30
        robot.see(stamp)
        bench.spin_for(0.02)
        return robot.status[-1].payload.startswith("crops") and robot.status[-1]

    status = bench.until(climbed, "a better rung")
    assert "fit in" in status.why
    assert status.goodput_bps > 0
    assert status.refused == 0


def test_the_difference_of_the_clocks_is_told(bench):
    robot = Robot(bench, clock_offset_s=-3.0)
    robot.see(1.0)
    status = robot.until_status(lambda s: not isnan(s.clock_offset_s))
    assert status.clock_offset_s == pytest.approx(-3.0, abs=0.2)


def test_without_acknowledgements_it_ends_in_signs_of_life(bench):
    robot = Robot(bench, answering=False)
    stamp = bench.now()

    def given_up():
        nonlocal stamp
        stamp += 1 / 30
        robot.see(stamp)
        bench.spin_for(0.02)
        return robot.status[-1].payload == "nothing"

    bench.until(given_up, "giving up")
    assert "no answer for" in robot.status[-1].why
    before = len(robot.arrived)
    bench.until(lambda: len(robot.arrived) > before + 3, "signs of life")
    assert all(isinstance(decode(m.data).body, Probe) for m in robot.arrived[before:])


def test_rung_and_profile_change_while_it_runs(bench):
    robot = Robot(bench)
    assert robot.set(profile="lan", rung="quantised@5").message == "lan, quantised@5"
    status = robot.until_status(lambda s: s.profile == "lan")
    assert (status.payload, status.why) == ("quantised@5", "fixed")
    assert robot.set(rung="crops48@30").message == "lan, crops48@30"


BAD_REQUESTS = [
    pytest.param({"profile": "nonsense"}, "there is no link profile 'nonsense'; choose one of", id="profile"),
    pytest.param({"rung": "fast"}, "rung is 'fast'; write one like 640x360@15", id="rung"),
    pytest.param({"rung": "640x360@15"}, "rung 640x360@15 sends frames; allow is crops", id="not allowed"),
    pytest.param({"rung": "crops64@0"}, "its rate is 0.1 to 120 per second", id="rate"),
]
GOOD = {"profile": "lan", "rung": "quantised@5", "cut": True}


@pytest.mark.parametrize(("bad", "says"), BAD_REQUESTS)
def test_a_bad_request_is_refused_and_changes_nothing(bench, bad, says):
    robot = Robot(bench, rung="crops64@15")
    response = robot.set(**{**GOOD, **bad})
    assert not response.success
    assert says in response.message
    assert robot.set().message == "direct, crops64@15"


def test_the_rung_is_a_parameter_too(bench):
    robot = Robot(bench)
    wanted = [Parameter("rung", value="crops48@5").to_parameter_msg()]
    answer = bench.call(SetParameters, "uplink/set_parameters", SetParameters.Request(parameters=wanted))
    assert answer.results[0].successful
    robot.until_status(lambda s: s.payload == "crops48@5")
    wider = [Parameter("rung", value="640x360@15").to_parameter_msg()]
    answer = bench.call(SetParameters, "uplink/set_parameters", SetParameters.Request(parameters=wider))
    assert "allow is crops" in answer.results[0].reason
    assert robot.set().message == "direct, crops48@5"


def test_a_cut_link_loses_everything_and_says_so(bench):
    robot = Robot(bench, rung="quantised@30")
    robot.see(0.5)
    robot.until_sent()
    assert robot.set(cut=True).message == "direct, cut, quantised@30"
    for i in range(3):
        robot.see(1.0 + i)
    robot.cloud.publish(an_estimate(0.5, cloud=True))
    status = robot.until_status(lambda s: s.lost >= 3)
    assert status.cut
    assert len(robot.payloads) == 1
    assert robot.results == []


def test_a_mended_link_carries_again(bench):
    robot = Robot(bench, rung="quantised@30")
    robot.set(cut=True)
    robot.set(cut=False)
    robot.see(1.0)
    robot.until_sent()
    robot.cloud.publish(an_estimate(1.0, cloud=True))
    bench.until(lambda: robot.results, "a result")


def test_both_ways_cross_the_link(bench, tmp_path):
    links = tmp_path / "links.yaml"
    links.write_text(HALF_A_SECOND)
    robot = Robot(bench, links_file=str(links), profile="slow", rung="quantised@30")
    sent_at = bench.now()
    robot.see(sent_at)
    robot.until_sent()
    there_at = bench.now()
    robot.cloud.publish(an_estimate(sent_at, cloud=True))
    (result,) = bench.until(lambda: robot.results, "the result")
    assert there_at - sent_at >= 0.5
    assert bench.now() - sent_at >= 1.0
    assert result.latency_s == pytest.approx(bench.now() - sent_at, abs=0.3)
    assert robot.until_status(lambda s: s.results == 1).round_trip_s >= 1.0


@pytest.mark.parametrize(
    ("result", "says"),
    [
        pytest.param(an_estimate(99.0, cloud=True), "no image of 99.000 s was sent", id="of no image"),
        pytest.param(an_estimate(1.0, "happy", nan, cloud=True), "add up to nan, not 1", id="not a number"),
        pytest.param(an_estimate(1.0, "happy", 1.5, cloud=True), "is below 0", id="no probability"),
    ],
)
def test_a_result_that_cannot_be_one_is_counted_and_dropped(bench, result, says):
    robot = Robot(bench, rung="quantised@30")
    robot.see(1.0)
    robot.until_sent()
    robot.cloud.publish(result)
    (complaint,) = bench.until(lambda: bench.complaints("results of the cloud"), "a complaint")
    assert says in complaint
    robot.until_status(lambda s: s.refused == 1)
    robot.cloud.publish(an_estimate(1.0, cloud=True))
    bench.until(lambda: robot.results, "the next result")


def test_a_late_listener_hears_the_state_of_the_link(bench):
    bench.start("uplink", {"report_hz": 0.1, "profile": "3g"})
    heard = bench.listen(LinkStatus, "link", LATCHED)
    (status,) = bench.until(lambda: heard, "the latched state")
    assert status.profile == "3g"


def test_an_image_that_cannot_be_read_is_named_and_the_next_one_sent(bench):
    robot = Robot(bench, allow="frames", rung="256x144@30")
    message = images.bgr8(np.zeros((4, 4, 3), np.uint8), 1.0)
    message.encoding = "jxl42"
    robot.camera.publish(message)
    (complaint,) = bench.until(bench.complaints, "a complaint")
    assert "image encoding 'jxl42' is not supported" in complaint
    robot.camera.publish(images.bgr8(images.face(), 2.0))
    robot.until_sent()
