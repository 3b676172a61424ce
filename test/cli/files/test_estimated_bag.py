"""`fer_ros bag --out`: everything of the input, and the estimates beside it."""

import json

import numpy as np
import pytest
from rosbags.rosbag2 import Reader, StoragePlugin, Writer
from rosbags.typesys import Stores, get_typestore
from sources.recordings import storage_file, truncate

from fer_ros.bags.copy import storage_of
from fer_ros.bags.definitions import own_types
from fer_ros.bags.estimates import KIND, QOS

TYPES = get_typestore(Stores.ROS2_JAZZY)
IMAGE, STRING = "sensor_msgs/msg/Image", "std_msgs/msg/String"
PLUGINS = {"mcap": StoragePlugin.MCAP, "sqlite3": StoragePlugin.SQLITE3}
STAMP_NS, BAG_NS = (
    1_700_000_000_123_456_789,
    1_700_000_000_200_000_001,
)  # acquisition, and when it was recorded
STEP_NS = 33_333_333


def image_message(image, stamp_ns):
    stamp = TYPES.types["builtin_interfaces/msg/Time"](stamp_ns // 10**9, stamp_ns % 10**9)
    header = TYPES.types["std_msgs/msg/Header"](stamp, "camera_optical")
    height, width = image.shape[:2]
    message = TYPES.types[IMAGE](header, height, width, "bgr8", 0, 3 * width, image.reshape(-1))
    return bytes(TYPES.serialize_cdr(message, IMAGE))


def write_bag(folder, images, storage="mcap", extra=()):
    with Writer(folder, version=9, storage_plugin=PLUGINS[storage]) as writer:
        camera = writer.add_connection(
            "/camera/image_raw", IMAGE, typestore=TYPES, offered_qos_profiles=[QOS]
        )
        note = writer.add_connection("/note", STRING, typestore=TYPES)
        for topic in extra:
            writer.add_connection(topic, STRING, typestore=TYPES)
        for k, image in enumerate(images):
            at_ns = k * STEP_NS
            data = image if isinstance(image, bytes) else image_message(image, STAMP_NS + at_ns)
            writer.write(camera, BAG_NS + at_ns, data)
            text = TYPES.serialize_cdr(TYPES.types[STRING](f"{k}"), STRING)
            writer.write(note, BAG_NS + at_ns, bytes(text))
    return folder


@pytest.fixture
def bag(tmp_path, faces):
    return write_bag(tmp_path / "in", faces[:8])


def messages_of(path):
    """Topic → (time, bytes) of each message."""
    found = {}
    with Reader(path) as reader:
        for connection, at_ns, data in reader.messages():
            found.setdefault(connection.topic, []).append((at_ns, bytes(data)))
    return found


def estimates_of(path, topic="/emotion/robot"):
    return [(at, own_types().deserialize_cdr(data, KIND)) for at, data in messages_of(path).get(topic, [])]


def records_of(done):
    records = [json.loads(line) for line in done.out.splitlines()]
    for record in records:
        record.pop("latency_ms", None)
    return records


@pytest.mark.parametrize("after", ["mcap", "sqlite3"])
@pytest.mark.parametrize("before", ["mcap", "sqlite3"])
def test_everything_is_kept_and_estimates_come_beside_it(fer_ros, tmp_path, faces, before, after):
    path = write_bag(tmp_path / "in", faces[:8], before)
    done = fer_ros("bag", path, "--out", tmp_path / "out", "--storage", after)
    assert (done.status, done.err) == (0, "")
    assert storage_of(tmp_path / "out") == after
    kept = messages_of(tmp_path / "out")
    estimates = kept.pop("/emotion/robot")
    assert kept == messages_of(path)
    assert len(estimates) == 8
    assert "out: 8 images, " in done.out
    assert "8 estimates on /emotion/robot" in done.out


def test_an_estimate_has_the_stamp_of_its_image_and_its_time_in_the_bag(fer_ros, bag, tmp_path):
    fer_ros("bag", bag, "--out", tmp_path / "out")
    for k, (at_ns, message) in enumerate(estimates_of(tmp_path / "out")):
        stamp = message.header.stamp
        assert stamp.sec * 10**9 + stamp.nanosec == STAMP_NS + k * STEP_NS
        assert message.header.frame_id == "camera_optical"
        assert at_ns == BAG_NS + k * STEP_NS


def test_estimates_are_those_that_are_printed_without_a_bag(fer_ros, bag, tmp_path):
    plain = fer_ros("bag", bag, "--json")
    into = fer_ros("bag", bag, "--out", tmp_path / "out", "--json")
    assert records_of(into) == records_of(plain)
    seen = [record for record in records_of(plain) if record["face_id"]]
    written = [message for _, message in estimates_of(tmp_path / "out") if message.face_id]
    assert len(seen) > 4
    for record, message in zip(seen, written, strict=True):
        likely = dict(zip(message.labels, message.probabilities, strict=True))
        assert record["probabilities"] == {name: round(float(p), 4) for name, p in likely.items()}


def test_how_the_estimates_are_offered_is_as_in_the_graph(fer_ros, bag, tmp_path):
    fer_ros("bag", bag, "--out", tmp_path / "out", "--estimator.machine", "cloud")
    with Reader(tmp_path / "out") as reader:
        (offered,) = [c for c in reader.connections if c.topic == "/emotion/cloud"]
    assert (offered.msgtype, offered.ext.offered_qos_profiles) == (KIND, [QOS])
    assert offered.digest == own_types().hash_rihs01(KIND)
    assert {message.source for _, message in estimates_of(tmp_path / "out", "/emotion/cloud")} == {1}


def test_ros_itself_reads_the_estimates(fer_ros, bag, tmp_path):
    serialization = pytest.importorskip("rclpy.serialization", reason="rclpy is not installed")
    messages = pytest.importorskip("fer_ros.msg", reason="the interfaces are not built")
    fer_ros("bag", bag, "--out", tmp_path / "out")
    read = [
        serialization.deserialize_message(data, messages.EmotionEstimate)
        for _, data in messages_of(tmp_path / "out")["/emotion/robot"]
    ]
    assert len(read) == 8
    assert all(abs(sum(message.probabilities) - 1) < 1e-3 for message in read if message.probabilities)


def test_a_topic_that_is_there_already_is_not_mixed_up(fer_ros, tmp_path, faces):
    path = write_bag(tmp_path / "in", faces[:2], extra=["/emotion/robot"])
    done = fer_ros("bag", path, "--out", tmp_path / "out")
    assert done.status == 1
    (line,) = done.err.splitlines()
    assert "holds /emotion/robot already; name another topic with --estimates-topic" in line
    assert not (tmp_path / "out").exists()
    again = fer_ros("bag", path, "--out", tmp_path / "out", "--estimates-topic", "again/robot")
    assert again.status == 0
    assert len(estimates_of(tmp_path / "out", "/again/robot")) == 2


@pytest.mark.parametrize("storage", ["mcap", "sqlite3"])
def test_of_a_cut_bag_what_can_be_read_is_there_and_the_status_says_so(fer_ros, tmp_path, faces, storage):
    path = write_bag(tmp_path / "in", faces[:20], storage)
    truncate(storage_file(path), 0.6)
    done = fer_ros("bag", path, "--out", tmp_path / "out")
    assert done.status == 1
    (line,) = done.err.splitlines()
    assert "damaged" in line
    assert line.endswith("out holds what can be read")
    kept, whole = messages_of(tmp_path / "out"), write_bag(tmp_path / "whole", faces[:20], storage)
    images = kept["/camera/image_raw"]
    assert 5 < len(images) < 20
    assert images == messages_of(whole)["/camera/image_raw"][: len(images)]
    assert len(kept["/emotion/robot"]) == len(images)


def test_an_image_that_cannot_be_read_is_kept_without_an_estimate(fer_ros, tmp_path, faces):
    path = write_bag(tmp_path / "in", [faces[0], b"\0\1\0\0nonsense", faces[1]])
    done = fer_ros("bag", path, "--out", tmp_path / "out")
    assert done.status == 1
    (line,) = done.err.splitlines()
    assert "1 images cannot be read and have no estimate" in line
    kept = messages_of(tmp_path / "out")
    assert [len(kept[topic]) for topic in ("/camera/image_raw", "/note", "/emotion/robot")] == [3, 3, 2]


def test_a_bag_without_a_face_has_estimates_that_say_so(fer_ros, tmp_path):
    path = write_bag(tmp_path / "in", [np.full((90, 160, 3), 90, np.uint8)] * 3)
    done = fer_ros("bag", path, "--out", tmp_path / "out")
    assert done.status == 0
    assert "no face in any of them" in done.out
    assert [m.reason for _, m in estimates_of(tmp_path / "out")] == ["no face"] * 3


@pytest.mark.parametrize(
    ("out", "words"),
    [
        pytest.param("in", "exists; name a folder that does not", id="the input"),
        pytest.param("there", "exists; name a folder that does not", id="there already"),
        pytest.param("nowhere/out", "does not exist; make it first", id="no folder"),
    ],
)
def test_what_cannot_be_written_is_said_before_any_work(fer_ros, bag, tmp_path, out, words):
    (tmp_path / "there").mkdir()
    done = fer_ros("bag", bag, "--out", tmp_path / out)
    assert (done.status, done.out) == (1, "")
    assert words in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "there"]
