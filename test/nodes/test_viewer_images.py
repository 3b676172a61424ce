"""viewer: which images it takes, and what it gives to whom."""

import numpy as np
import pytest
from rclpy.qos import ReliabilityPolicy
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import CompressedImage, Image

from fer_ros.images import decode_compressed
from fer_ros.nodes.messages import image_from_msg, to_time
from fer_ros.nodes.qos import IMAGES_IN
from fer_ros.security import OF_EVERY_NODE

from . import images
from .onlooker import BOX, NEXT, PLAIN, START, Onlooker, at, changed, has_box
from .people import an_estimate, nobody


@pytest.fixture
def look(bench):
    return Onlooker(bench)


def test_jpeg_is_made_for_those_who_listen_to_it(bench):
    heard = bench.listen(CompressedImage, "overlay/image_raw/compressed", IMAGES_IN)
    look = Onlooker(bench, raw=False)
    bench.until(look.images.get_subscription_count, "images are taken")
    look.images.publish(images.bgr8(PLAIN, START))
    look.estimates.publish(an_estimate(START, box=BOX))
    (message,) = bench.until(lambda: heard, "a JPEG")
    drawn = decode_compressed(message.data, message.format)
    assert message.header == images.header(START)
    assert message.format == "bgr8; jpeg compressed bgr8"
    assert has_box(drawn, by=30)
    assert not changed(drawn, by=30)[200:].any()


def test_nothing_is_taken_drawn_or_encoded_while_nobody_looks(bench):
    look = Onlooker(bench, raw=False)
    bench.until(lambda: look.images.get_subscription_count() == 0, "no image is taken")
    assert np.isnan(look.node.look().values["drawing_ms"])
    seen = bench.probe.create_subscription(Image, "overlay/image_raw", look.seen.append, IMAGES_IN)
    bench.until(look.images.get_subscription_count, "images are taken for somebody who looks")
    look.face()
    assert look.node.look().values["drawing_ms"] > 0
    assert np.isnan(look.node.look().values["encoding_ms"])
    bench.probe.destroy_subscription(seen)
    bench.until(lambda: look.images.get_subscription_count() == 0, "later, none is taken")


@pytest.mark.parametrize("rate_hz", [2.0, 15.0])
def test_images_are_drawn_no_more_often_than_asked(bench, rate_hz):
    look = Onlooker(bench, {"rate_hz": rate_hz}, permitted=False)
    for stamp in START + np.arange(30) / 30:
        look.images.publish(images.bgr8(images.nobody(24, 32), stamp))
        bench.spin_for(0.01)
    last = START + 3.0
    look.show(last)
    drawn = [at(m) for m in look.seen if at(m) != last]
    too_slow = look.node.look().values["dropped"]  # this machine
    assert abs(len(drawn) + too_slow - rate_hz) <= 1
    assert min(np.diff(drawn)) > 0.9 / rate_hz


def test_wide_images_are_made_smaller_and_boxes_with_them(bench):
    look = Onlooker(bench, {"width": 320})
    drawn = look.show(START, an_estimate(START, box=BOX), pixels=images.nobody(480, 640))
    assert drawn.shape == (240, 320, 3)
    assert has_box(drawn)


def test_small_images_stay_as_they_are(look):
    assert look.show(START, nobody(START), pixels=images.nobody(30, 40)).shape == (30, 40, 3)


BAD = {
    "encoding": {"encoding": "jxl42"},
    "short": {"data": b"12"},
    "rows": {"step": 10},
    "size": {"width": 0, "height": 0},
}


@pytest.mark.parametrize("fields", BAD.values(), ids=BAD)
def test_an_image_that_cannot_be_read_is_named_and_the_next_one_drawn(bench, look, fields):
    bad = images.bgr8(PLAIN, START)
    for name, value in fields.items():
        setattr(bad, name, value)
    look.images.publish(bad)
    bench.until(lambda: bench.complaints("message dropped"), "a complaint")
    assert has_box(look.face(NEXT))
    assert look.of(START) == []


@pytest.mark.parametrize("encoding", images.ENCODINGS)
def test_every_encoding_is_drawn_on(look, encoding):
    look.images.publish(images.encoded(PLAIN, encoding, START))
    look.estimates.publish(an_estimate(START, box=BOX))
    assert has_box(image_from_msg(look.drawn(START)), by=30)


def test_an_estimate_that_is_none_is_named_and_not_drawn(bench, look):
    bad = an_estimate(START, box=BOX)
    bad.probabilities = [0.5, 0.5]
    assert not has_box(look.show(START, bad))
    assert bench.complaints("was not drawn: it has 2 probabilities of 8 labels")


def test_a_recording_that_begins_again_is_drawn_again(look):
    assert has_box(look.face(START))
    stamps = iter(START - 100.0 + np.arange(100) / 16)
    look.bench.until(lambda: has_box(look.face(next(stamps))), "a face")


def test_it_works_in_simulated_time(bench):
    clock = bench.publisher(Clock, "/clock", listeners=0)
    bench.probe.create_timer(0.02, lambda: clock.publish(Clock(clock=to_time(START))))
    look = Onlooker(bench, {"use_sim_time": True})
    bench.until(lambda: abs(look.node.now() - START) < 1e-6, "simulated time")
    assert has_box(look.face())


def test_images_can_be_taken_reliably_and_sent_best_effort(bench):
    taken = "qos_overrides./image_raw.subscription.reliability"
    sent = "qos_overrides./overlay/image_raw.publisher.reliability"
    look = Onlooker(bench, {taken: "reliable", sent: "best_effort"})
    (info,) = bench.probe.get_subscriptions_info_by_topic("/image_raw")
    assert info.qos_profile.reliability == ReliabilityPolicy.RELIABLE
    (info,) = bench.probe.get_publishers_info_by_topic("/overlay/image_raw")
    assert info.qos_profile.reliability == ReliabilityPolicy.BEST_EFFORT
    assert has_box(look.face())


def test_it_tells_who_looks_and_how_long_it_takes(look):
    look.face()
    told = look.node.look()
    assert (told.values["faces"], told.values["listeners"], told.values["jpeg_listeners"]) == (1, 1, 0)
    assert 0 < told.values["drawing_ms"] < 1000
    assert told.idle == ""


def test_where_nobody_looks_it_is_no_error_that_nothing_flows(bench):
    assert bench.start("viewer").look().idle == "nobody looks at overlay/image_raw"


def test_everything_that_is_its_own_moves_with_its_namespace(bench):
    node = bench.start("viewer", namespace="left")
    topics = {end.topic_name for end in (*node.publishers, *node.subscriptions)} - set(OF_EVERY_NODE)
    assert "/left/overlay/image_raw" in topics
    assert {topic.split("/")[1] for topic in topics} == {"left"}
