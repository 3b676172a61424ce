"""recorder: what is heard, as it was said and when; and no picture unless it is asked for."""

import resource

import numpy as np
import pytest
from fer_ros.msg import EmotionEstimate, FaceArray, OperatingMode, Payload
from rclpy.parameter import Parameter
from rosbags.highlevel import AnyReader
from rosbags.interfaces import QosDurability
from rosbags.rosbag2 import Reader
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import Image

from fer_ros.consent.permissions import Permission
from fer_ros.errors import FerError
from fer_ros.nodes.messages import to_time
from fer_ros.nodes.qos import IMAGES_OUT, LATCHED
from fer_ros.nodes.recorder import Recorder
from fer_ros.sources.recording import open_recordings

from . import images
from .people import a_face, an_array, an_estimate


@pytest.fixture
def record(bench, tmp_path):
    """Starts a recorder."""

    def start(**options):
        recorder = Recorder(tmp_path / "bag", {}, **options)
        bench.take(recorder)
        bench.let(recorder)
        return recorder

    return start


@pytest.fixture
def say(bench):
    """Says something until it is in a recorder's bag."""

    def until_recorded(recorder, kind, topic, message, qos=None):
        publisher = bench.publisher(kind, topic, *([qos] if qos else []))
        before = recorder.bag.written

        def said():
            publisher.publish(message)
            return recorder.bag.written > before + 1

        bench.until(said, f"{topic} is recorded")

    return until_recorded


def messages_of(path, topic):
    """(time in s, message), read by somebody who knows the types from the bag alone."""
    with AnyReader([path]) as reader:
        chosen = [c for c in reader.connections if c.topic == topic]
        return [(at / 1e9, reader.deserialize(data, c.msgtype)) for c, at, data in reader.messages(chosen)]


def test_faces_are_recorded_without_their_crops(bench, record, say, tmp_path):
    recorder = record()
    face = a_face(blendshapes=[0.25] * 52)
    say(recorder, FaceArray, "faces", an_array(face))
    bench.stop(recorder)
    recorded = messages_of(tmp_path / "bag", "/faces")[0][1].faces[0]
    assert (recorded.id, recorded.box.tolist(), recorded.score) == (
        "face_1",
        face.box.tolist(),
        pytest.approx(0.9),
    )
    assert recorded.blendshapes.tolist() == [0.25] * 52
    assert (recorded.crop.width, recorded.crop.data.size) == (0, 0)


def test_no_row_of_a_crop_is_anywhere_in_the_bag(bench, record, say, tmp_path):
    recorder = record()
    noise = np.random.default_rng(1).integers(0, 256, (40, 40, 3), np.uint8)  # nothing else looks like it
    say(recorder, FaceArray, "faces", an_array(a_face(crop=images.bgr8(noise, 1.0))))
    bench.stop(recorder)
    written = b"".join(path.read_bytes() for path in (tmp_path / "bag").iterdir())
    assert b"face_1" in written
    assert not [row for row in noise if row[:3].tobytes() in written]


def test_images_and_payloads_are_not_even_listened_to(record):
    heard = {subscription.topic_name for subscription in record().subscriptions}
    assert {"/emotion", "/emotion/robot", "/emotion/cloud", "/mode", "/link", "/cue", "/faces"} <= heard
    assert not [topic for topic in heard if "image" in topic or "payload" in topic]


def test_pictures_are_recorded_where_they_are_asked_for(bench, record, say, tmp_path):
    recorder = record(pictures=True)
    picture = images.bgr8(images.face(), 1.0)
    say(recorder, FaceArray, "faces", an_array(a_face()))
    say(recorder, Image, "image_raw", picture, IMAGES_OUT)
    say(recorder, Payload, "cloud/payload", Payload(data=b"a crop"), IMAGES_OUT)
    bench.stop(recorder)
    assert messages_of(tmp_path / "bag", "/faces")[0][1].faces[0].crop.width == 100
    assert messages_of(tmp_path / "bag", "/image_raw")[0][1].data.tobytes() == picture.data.tobytes()
    assert messages_of(tmp_path / "bag", "/cloud/payload")[0][1].data.tobytes() == b"a crop"


def test_nobody_is_pictured_who_opted_out(bench, record, tmp_path):
    """An image holds everybody who is there; faces that a foreign detector still sends lose their crops."""
    recorder = record(pictures=True)
    camera, faces = bench.publisher(Image, "image_raw", IMAGES_OUT), bench.publisher(FaceArray, "faces")
    bench.permit(Permission(opted_out=frozenset({"face_1"})))
    bench.until(lambda: recorder.permitted.opted_out, "it is known who opted out")
    for withheld, seen, stamp in ((0, [a_face("face_1")], 1.0), (1, [a_face("face_2")], 2.0), (0, [], 3.0)):
        message = an_array(*seen, stamp=stamp)
        message.withheld = withheld
        faces.publish(message)
        bench.spin_for(0.2)
        camera.publish(images.bgr8(images.face(), stamp))
        bench.spin_for(0.2)
    bench.stop(recorder)
    assert [m.header.stamp.sec for _, m in messages_of(tmp_path / "bag", "/image_raw")] == [3]
    crops = {f.id: f.crop.width for _, m in messages_of(tmp_path / "bag", "/faces") for f in m.faces}
    assert crops == {"face_1": 0, "face_2": 100}


def test_no_picture_is_recorded_while_nothing_may_be_inferred(bench, record, tmp_path):
    recorder = record(pictures=True)
    bench.permit(Permission(enabled=False, commands=1))
    bench.until(lambda: not recorder.permitted.open, "it is switched off")
    bench.publisher(Image, "image_raw", IMAGES_OUT).publish(images.bgr8(images.face(), 1.0))
    bench.spin_for(0.3)
    bench.stop(recorder)
    assert messages_of(tmp_path / "bag", "/image_raw") == []


def test_somebody_elses_images_are_recorded_under_their_own_name(bench, record, say, tmp_path):
    recorder = record(pictures=True, image_topic="/head/image")
    say(recorder, Image, "/head/image", images.bgr8(images.face(), 1.0), IMAGES_OUT)
    bench.stop(recorder)
    assert messages_of(tmp_path / "bag", "/head/image")


def test_what_was_latched_before_is_in_the_bag_and_said_to_be_latched(bench, record, tmp_path):
    mode = bench.probe.create_publisher(OperatingMode, "mode", LATCHED)
    mode.publish(OperatingMode(mode=OperatingMode.OFFLINE, reason="before"))
    recorder = record()
    bench.until(lambda: recorder.bag.written, "the mode is recorded")
    bench.stop(recorder)
    assert [m.reason for _, m in messages_of(tmp_path / "bag", "/mode")] == ["before"]
    with Reader(tmp_path / "bag") as reader:
        offered = {c.topic: c.ext.offered_qos_profiles[0].durability for c in reader.connections}
    assert offered["/mode"] is QosDurability.TRANSIENT_LOCAL
    assert offered["/emotion"] is QosDurability.VOLATILE


def test_types_have_the_hashes_that_ros_gives_them(bench, record, tmp_path):
    bench.publisher(EmotionEstimate, "emotion", listeners=0)
    (info,) = bench.until(lambda: bench.probe.get_publishers_info_by_topic("/emotion"))
    bench.stop(record())
    with Reader(tmp_path / "bag") as reader:
        digests = {c.topic: c.digest for c in reader.connections}
    assert digests["/emotion"] == str(info.topic_type_hash)


def test_messages_have_the_time_at_which_they_came(bench, record, say, tmp_path):
    recorder = record()
    begin = bench.now()
    say(recorder, EmotionEstimate, "emotion", an_estimate(5.0))
    bench.stop(recorder)
    times = [at for at, _ in messages_of(tmp_path / "bag", "/emotion")]
    assert times == sorted(times)
    assert begin <= times[0] <= times[-1] <= bench.now()


def test_simulated_time_is_waited_for_and_kept(bench, record, tmp_path):
    recorder = record(parameter_overrides=[Parameter("use_sim_time", value=True)])
    emotion, clock = bench.publisher(EmotionEstimate, "emotion"), bench.publisher(Clock, "/clock")
    emotion.publish(an_estimate(1.0))  # before time begins

    def goes_by():
        clock.publish(Clock(clock=to_time(500.0)))
        emotion.publish(an_estimate(1.0))
        return recorder.bag.written

    bench.until(goes_by, "an estimate is recorded")
    bench.stop(recorder)
    assert {at for at, _ in messages_of(tmp_path / "bag", "/emotion")} == {500.0}


def test_robots_are_told_apart_by_their_namespace(bench, record, say, tmp_path):
    recorder = record(namespace="left")
    say(recorder, EmotionEstimate, "/left/emotion", an_estimate(1.0))
    bench.stop(recorder)
    assert messages_of(tmp_path / "bag", "/left/emotion")


def test_a_full_disk_is_told_once_and_the_node_lives_on(bench, record, say, tmp_path):
    recorder = record()
    emotion = bench.publisher(EmotionEstimate, "emotion")
    heard = bench.listen(EmotionEstimate, "emotion")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))  # to this process, a disk that is full
    try:
        long = an_estimate(1.0)
        long.reason = "x" * 100_000

        def complained():
            emotion.publish(long)
            return bench.complaints("cannot be written any more")

        bench.until(complained, "a complaint")
        before = len(heard)
        bench.until(lambda: emotion.publish(long) or len(heard) > before + 3, "the graph goes on")
        bench.stop(recorder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    (told,) = bench.complaints("cannot be written any more")
    assert told.endswith("what came before is in it; the graph goes on")
    (recording,) = open_recordings(tmp_path / "bag", lambda _: None)
    assert len(list(recording.messages("/emotion"))) == recorder.bag.written > 0


def test_a_bag_that_is_there_already_is_an_error(bench, tmp_path):
    with pytest.raises(FerError, match="exists; name a folder that does not"):
        Recorder(tmp_path, {})
