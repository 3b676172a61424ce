"""faces: an image that cannot be used gets one clear line, and the next good one its answer."""

import cv2
import numpy as np
import pytest
from rclpy.qos import ReliabilityPolicy
from sensor_msgs.msg import CompressedImage, Image

from fer_ros.nodes.qos import IMAGES_OUT

from . import images
from .asking import PATIENT, Asker


@pytest.fixture
def faces(bench):
    bench.start("faces", PATIENT)
    return Asker(bench, bench.publisher(Image, "image_raw", IMAGES_OUT))


@pytest.fixture
def compressed_faces(bench):
    bench.start("faces", {**PATIENT, "transport": "compressed"})
    return Asker(bench, bench.publisher(CompressedImage, "image_raw/compressed", IMAGES_OUT))


def changed(**fields):
    message = images.bgr8(images.face(), 1.0)
    for name, value in fields.items():
        setattr(message, name, value)
    return message


def too_short():
    message = changed()
    message.data = message.data[:-1]
    return message


BAD_IMAGES = [
    pytest.param(changed(encoding="jxl42"), "encoding 'jxl42' is not supported", id="unknown encoding"),
    pytest.param(changed(encoding=""), "encoding '' is not supported", id="no encoding"),
    pytest.param(too_short(), "the image holds 230399 bytes; 240 rows of 960 bytes", id="a byte short"),
    pytest.param(changed(data=b""), "the image holds 0 bytes", id="no data"),
    pytest.param(changed(step=100), "step is 100 bytes, but 320 px of bgr8 take 960", id="short rows"),
    pytest.param(changed(width=0, height=0, step=0, data=b""), "0x0 px", id="no pixels"),
    pytest.param(
        changed(width=2**32 - 1, height=2**32 - 1), "step is 960 bytes, but 4294967295 px", id="absurd size"
    ),
    pytest.param(
        changed(width=3, height=3, step=6, encoding="yuv422_yuy2"),
        "yuv422_yuy2 cannot be 3x3 px",
        id="odd yuyv",
    ),
]


@pytest.mark.parametrize(("message", "says"), BAD_IMAGES)
def test_an_image_that_cannot_be_read_is_named_and_the_next_one_answered(faces, message, says):
    assert says in faces.refusal(message)
    assert len(faces.show_often(lambda t: images.bgr8(images.face(), t)).faces) == 1


def whole():
    return cv2.imencode(".jpg", images.face())[1].tobytes()


BAD_FILES = [
    pytest.param(b"", "0 bytes called 'jpeg' are not an image", id="nothing"),
    pytest.param(b"not an image", "12 bytes called 'jpeg' are not an image", id="text"),
    pytest.param(whole()[: len(whole()) // 2], "ends early", id="half of a JPEG"),
    pytest.param(whole()[:2], "ends early", id="the start of a JPEG"),
    pytest.param(b"\xff\xd8" + bytes(500) + b"\xff\xd9", "are not an image", id="a JPEG of zeros"),
    pytest.param(cv2.imencode(".png", images.face())[1].tobytes()[:900], "ends early", id="half of a PNG"),
]


@pytest.mark.parametrize(("data", "says"), BAD_FILES)
def test_a_damaged_file_is_named_and_the_next_one_answered(compressed_faces, data, says):
    bad = CompressedImage(header=images.header(1.0), format="jpeg", data=data)
    assert says in compressed_faces.refusal(bad)
    assert len(compressed_faces.show_often(lambda t: images.jpeg(images.face(), t)).faces) == 1


def test_a_stream_of_bad_images_does_not_flood_the_log(bench, faces):
    faces.refusal(changed(encoding="jxl42"))
    for i in range(5):
        faces.publisher.publish(changed(encoding="jxl42"))
        faces.show(images.bgr8(images.nobody(), 2.0 + i))
    # A busy node may report an image that a newer one displaced, too.
    assert sum("jxl42" in complaint for complaint in bench.complaints()) == 1


def test_late_images_are_dropped_and_reported(bench):
    bench.start("faces", {**PATIENT, "max_age_s": 5.0})
    faces = Asker(bench, bench.publisher(Image, "image_raw", IMAGES_OUT))
    complaint = faces.refusal(images.bgr8(images.face(), bench.now() - 60.0))
    assert "1 images were dropped, the newest is 60." in complaint
    assert "max_age_s is 5" in complaint
    assert faces.show(images.bgr8(images.face(), bench.now()))


def test_images_without_a_stamp_are_dropped_and_reported(bench):
    bench.start("faces", {**PATIENT, "max_age_s": 0.1})
    faces = Asker(bench, bench.publisher(Image, "image_raw", IMAGES_OUT))
    assert "the camera's clock is not this one's" in faces.refusal(images.bgr8(images.face(), 0.0))


def test_a_burst_is_answered_with_its_newest_image(bench, faces):
    for i in range(4):
        faces.publisher.publish(images.bgr8(np.full((8, 8, 3), i, np.uint8), 1.0 + i))
    newest = bench.until(lambda: [m for m in faces.heard if m.header.stamp.sec == 4], "the newest")
    assert newest[0] is faces.heard[-1]


@pytest.mark.parametrize("reliability", ["reliable", "best_effort"])
def test_parameters_say_how_images_are_taken(bench, reliability):
    name = "qos_overrides./image_raw.subscription.reliability"
    bench.start("faces", {**PATIENT, name: reliability})
    faces = Asker(bench, bench.publisher(Image, "image_raw", IMAGES_OUT))
    (taken,) = bench.probe.get_subscriptions_info_by_topic("/image_raw")
    assert taken.qos_profile.reliability == ReliabilityPolicy[reliability.upper()]
    assert faces.show(images.bgr8(images.nobody(), 1.0)).faces == []
