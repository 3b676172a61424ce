"""receiver: every payload is acknowledged at once; faces come of those that can be used."""

import numpy as np
import pytest
from fer_ros.msg import FaceArray, PayloadAck
from fer_ros.msg import Payload as PayloadMsg

from fer_ros.faces.face import Detection, Face
from fer_ros.link.packing import crops_body, frame_body, shapes_body
from fer_ros.link.payload import MAX_BYTES, Payload, Probe, encode
from fer_ros.link.picture import Picture, PictureFormat
from fer_ros.link.rung import parse_rung
from fer_ros.nodes.messages import image_from_msg, nanoseconds, seconds
from fer_ros.nodes.qos import IMAGES_OUT

from . import images

HAAR = {"finder": "haar", "reader": "none", "student": False}
SIZE = (320, 240)
ENOUGH = 4  # haar shows a face once several images in a row held it
HOURS_S = 7200.0


def a_face(face_id="face_1"):
    shapes = np.linspace(0, 1, 52, dtype=np.float32)
    seen = Detection((100.0, 60.0, 180.0, 160.0), 0.8, blendshapes=shapes, blendshapes_by="mediapipe")
    return Face(face_id, seen, np.ascontiguousarray(images.face()[60:160, 100:200]))


def crops(*faces):
    return crops_body(faces or [a_face()], parse_rung("crops64@30"))


def frame(pixels=None, rung="320x240@30"):
    return frame_body(images.face() if pixels is None else pixels, parse_rung(rung))


class Sender:
    """Sends payloads to a receiver in the namespace `cloud` and collects what it answers."""

    def __init__(self, bench):
        self.bench = bench
        self.node = bench.start("receiver", HAAR, namespace="cloud")
        self.publisher = bench.publisher(PayloadMsg, "cloud/payload", IMAGES_OUT)
        self.acks, self.faces = (
            bench.listen(kind, f"cloud/{topic}")
            for kind, topic in ((PayloadAck, "ack"), (FaceArray, "faces"))
        )
        bench.until(
            lambda: bench.probe.count_publishers("cloud/ack") and bench.probe.count_publishers("cloud/faces")
        )

    def send(self, data, stamp=1.0):
        """The acknowledgement of some bytes."""
        before = len(self.acks)
        self.publisher.publish(PayloadMsg(header=images.header(stamp), data=data))
        return self.bench.until(lambda: self.acks[before:], "an acknowledgement")[0]

    def tell(self, body, sequence=1, stamp=1.0, size=SIZE):
        """The acknowledgement of a payload."""
        return self.send(written(body, sequence, stamp, size), stamp)

    def show(self, body, sequence=1, stamp=1.0, size=SIZE):
        """The faces of a payload."""
        before = len(self.faces)
        self.tell(body, sequence, stamp, size)
        return self.bench.until(lambda: self.faces[before:], "faces")[0]


def written(body, sequence=1, stamp=1.0, size=SIZE):
    size = (0, 0) if isinstance(body, Probe) else size
    return encode(Payload(sequence, nanoseconds(images.header(stamp).stamp), size, body))


@pytest.fixture
def cloud(bench):
    return Sender(bench)


def test_a_payload_is_acknowledged_with_its_number_size_and_times(bench, cloud):
    data, before = written(crops(), sequence=41), bench.now()
    ack = cloud.send(data)
    assert (ack.sequence, ack.size_bytes, ack.refused, ack.reason) == (41, len(data), False, "")
    assert before <= seconds(ack.received) <= seconds(ack.sent) <= bench.now()


def test_crops_become_faces_as_they_were_sent(cloud):
    message = cloud.show(crops(a_face("face_7"), a_face("face_2")), stamp=1234.567891)
    assert message.header == images.header(1234.567891)
    assert (message.image_width, message.image_height) == SIZE
    assert [face.id for face in message.faces] == ["face_7", "face_2"]
    first = message.faces[0]
    assert tuple(first.box) == (100.0, 60.0, 180.0, 160.0)
    assert first.score == pytest.approx(0.8, abs=1e-5)
    assert image_from_msg(first.crop).shape == (64, 64, 3)
    assert first.blendshapes == pytest.approx(np.linspace(0, 1, 52), abs=0.024)
    assert first.blendshapes_by == "mediapipe"


@pytest.mark.parametrize("rung", ["blendshapes@30", "quantised@30"])
def test_blendshapes_become_faces_without_a_crop(cloud, rung):
    (face,) = cloud.show(shapes_body([a_face()], parse_rung(rung))).faces
    assert (face.id, len(face.blendshapes)) == ("face_1", 52)
    assert (face.crop.width, face.crop.height, len(face.crop.data)) == (0, 0, 0)


def test_faces_are_found_in_frames(cloud):
    for index in range(ENOUGH):
        message = cloud.show(frame(), sequence=1 + index, stamp=1.0 + index / 30)
    (face,) = message.faces
    assert (message.finder, message.reader) == ("haar", "none")
    assert (message.image_width, message.image_height) == (320, 240)
    assert image_from_msg(face.crop).shape == (112, 112, 3)


def test_an_image_without_a_face_is_told_of_whatever_its_form(cloud):
    nobody = [frame(images.nobody()), crops_body([], parse_rung("crops64@30"))]
    nobody.append(shapes_body([], parse_rung("quantised@30")))
    for index, body in enumerate(nobody):
        assert cloud.show(body, sequence=1 + index, stamp=1.0 + index).faces == []


@pytest.mark.parametrize("padding", [0, 20_000], ids=["sign of life", "probe"])
def test_a_probe_is_acknowledged_and_nothing_else(bench, cloud, padding):
    assert cloud.tell(Probe(padding), sequence=3).sequence == 3
    assert len(cloud.show(crops(), sequence=4, stamp=0.5).faces) == 1  # a probe's stamp makes nothing late
    assert len(cloud.faces) == 1


@pytest.mark.parametrize("ahead_s", [-HOURS_S, HOURS_S], ids=["behind", "ahead"])
def test_clocks_that_differ_by_hours_do_not_matter(bench, cloud, ahead_s):
    stamp = bench.now() + ahead_s
    assert len(cloud.show(crops(), stamp=stamp).faces) == 1
    assert bench.complaints() == []


def test_what_comes_twice_is_acknowledged_twice_and_worked_on_once(cloud):
    cloud.show(crops(), sequence=5, stamp=1.0)
    for _ in range(2):
        assert not cloud.tell(crops(), sequence=5, stamp=1.0).refused
    cloud.show(crops(a_face("face_2")), sequence=6, stamp=1.1)
    assert [message.faces[0].id for message in cloud.faces] == ["face_1", "face_2"]
    assert {arrival.value: count for arrival, count in cloud.node.arrivals.items()} == {
        "new": 2,
        "repeated": 2,
    }


def test_what_was_overtaken_is_acknowledged_and_not_worked_on(cloud):
    cloud.show(crops(), sequence=6, stamp=1.1)
    assert not cloud.tell(crops(), sequence=5, stamp=1.0).refused
    cloud.show(crops(), sequence=7, stamp=1.2)
    assert [seconds(message.header.stamp) for message in cloud.faces] == [1.1, 1.2]


@pytest.mark.parametrize("stamp", [2000.0, 3.0], ids=["later", "with another clock"])
def test_a_robot_that_starts_again_is_heard_at_once(cloud, stamp):
    cloud.show(crops(), sequence=90_000, stamp=1000.0)
    assert seconds(cloud.show(crops(), sequence=1, stamp=stamp).header.stamp) == stamp


def spoilt(data, at=-1):
    out = bytearray(data)
    out[at] ^= 0xFF
    return bytes(out)


BAD = [
    pytest.param(b"", "0 bytes are no payload", id="nothing"),
    pytest.param(written(crops())[:-40], "checksum", id="cut off"),
    pytest.param(spoilt(written(crops())), "checksum", id="checksum"),
    pytest.param(spoilt(written(crops()), 0), "are no payload", id="another format"),
    pytest.param(b"fE\x02" + written(crops())[3:], "is 2, this is 1: update the older", id="newer robot"),
    pytest.param(bytes(MAX_BYTES + 1), "4000001 bytes long; 4000000 are allowed", id="too long"),
    pytest.param(written(crops(), stamp=1.5), "stamp is 1500000000 ns", id="stamp of another message"),
]


@pytest.mark.parametrize(("data", "says"), BAD)
def test_a_payload_that_cannot_be_used_is_refused_in_one_line_and_the_next_one_used(bench, cloud, data, says):
    for _ in range(3):
        ack = cloud.send(data)
        assert ack.refused
        assert says in ack.reason
        assert ack.size_bytes == len(data)
    assert len(cloud.show(crops(), sequence=2, stamp=2.0).faces) == 1
    (complaint,) = bench.until(bench.complaints, "a complaint")
    assert complaint.startswith("1 payloads refused (")
    assert says in complaint
    assert cloud.node.refused == 3


def test_a_picture_that_cannot_be_decoded_is_counted_and_the_next_one_used(bench, cloud):
    good = crops().faces[0]
    data = good.picture.data[:20] + b"\xf0\xff\xff" + good.picture.data[23:]  # promises more than it holds
    bad = type(crops())((type(good)(good.id, good.seen, Picture(PictureFormat.WEBP, data)),))
    assert not cloud.tell(bad, sequence=1, stamp=1.0).refused  # it is decoded after the acknowledgement
    assert "(pixels)" in bench.until(bench.complaints, "a complaint")[0]
    assert len(cloud.show(crops(), sequence=2, stamp=2.0).faces) == 1
    assert (cloud.node.refused, len(cloud.faces)) == (1, 1)


def test_a_slow_machine_acknowledges_everything_and_drops_what_is_old(bench, cloud):
    big = frame(np.random.default_rng(0).integers(0, 256, (720, 1280, 3), np.uint8), "1280x720@30q30")
    count = 60
    for index in range(count):  # as fast as they are acknowledged
        assert not cloud.tell(big, sequence=1 + index, stamp=1.0 + index / 30, size=(1280, 720)).refused
    newest = 1.0 + (count - 1) / 30
    bench.until(
        lambda: cloud.faces and seconds(cloud.faces[-1].header.stamp) == pytest.approx(newest, abs=1e-5),
        "the faces of the newest frame",
    )
    assert cloud.node.dropped == count - len(cloud.faces) > 0
    assert "payloads were dropped" in bench.until(bench.complaints, "a complaint")[0]
