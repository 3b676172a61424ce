"""`fer_ros run --record`: the whole graph leaves a bag that anybody can read, without a picture."""

import json
from string import digits

import pytest
from rosbags.highlevel import AnyReader

from fer_ros.bags.run import read_run

from .program import Program, fer_ros
from .running import BUILTIN, LIGHT

CLOSE = 5  # messages that one listener of a process may hear at its end and another not
TOPICS = {
    "/emotion": "EmotionEstimate",
    "/emotion/robot": "EmotionEstimate",
    "/emotion/cloud": "EmotionEstimate",
    "/mode": "OperatingMode",
    "/link": "LinkStatus",
    "/cue": "ConversationCue",
    "/reaction": "Reaction",
    "/turn": "Turn",
    "/faces": "FaceArray",
}
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"sensor_msgs/msg/CompressedImage")  # how files of pictures begin


@pytest.fixture(scope="module")
def recorded(own_environment, tmp_path_factory):
    """A run that saw a person, and its bag."""
    bag = tmp_path_factory.mktemp("recorded") / "bag"
    command = fer_ros(
        "run", "--json", "--source", "builtin", "--duration", 8, "--record", bag, *BUILTIN, *LIGHT
    )
    return Program(command, env=own_environment).end(), bag


@pytest.fixture(scope="module")
def messages(recorded):
    """(topic, time in ns, message) of everything, read without ROS and without this package."""
    with AnyReader([recorded[1]]) as reader:
        return [(c.topic, at, reader.deserialize(data, c.msgtype)) for c, at, data in reader.messages()]


def test_the_run_ends_well(recorded):
    assert recorded[0].status == 0, recorded[0].err


def test_the_bag_holds_the_topics_of_the_graph_and_no_other(recorded):
    with AnyReader([recorded[1]]) as reader:
        found = {c.topic: c.msgtype for c in reader.connections}
    own = {topic: f"fer_ros/msg/{kind}" for topic, kind in TOPICS.items()}
    assert found == {**own, "/set_mode/asked": "std_msgs/msg/String"}


def test_the_bag_holds_as_many_messages_as_went_through_the_graph(recorded, messages):
    summary = json.loads(recorded[0].last_line)
    for topic, count in (
        ("/emotion", sum(summary["emotion"].values())),
        ("/emotion/robot", summary["estimates"]["robot"]),
        ("/emotion/cloud", summary["estimates"]["cloud"]),
        ("/mode", len(summary["mode_changes"])),
        ("/cue", len(summary["cues"])),
    ):
        assert len([t for t, _, _ in messages if t == topic]) == pytest.approx(count, abs=CLOSE), topic
    assert len([t for t, _, _ in messages if t == "/emotion"]) > 0


def test_messages_are_in_order_and_as_they_were_said(messages):
    times = [at for _, at, _ in messages]
    assert times == sorted(times)
    stamps = [m.header.stamp.sec * 10**9 + m.header.stamp.nanosec for t, _, m in messages if t == "/emotion"]
    assert stamps == sorted(stamps)
    estimates = [m for topic, _, m in messages if topic == "/emotion" and len(m.probabilities)]
    assert estimates
    assert all(sum(m.probabilities) == pytest.approx(1.0, abs=1e-3) for m in estimates)


def test_no_picture_is_in_the_bag(recorded, messages):
    faces = [face for topic, _, m in messages if topic == "/faces" for face in m.faces]
    assert faces
    assert {face.crop.data.size for face in faces} == {0}
    for path in recorded[1].iterdir():
        assert not [begin for begin in PICTURES if begin in path.read_bytes()]
    assert (recorded[1] / "bag.mcap").stat().st_size < 320 * 240 * 3 * 8  # of some hundred images


def test_the_bag_reads_as_a_run(recorded):
    run = read_run(recorded[1])
    assert (run.main_face.rstrip(digits), run.damage) == ("face_", "")
    assert run.offline_after_s == 1.5  # the switch's, in this run
    assert run.modes[0].name == "OFFLINE"


def test_an_interrupt_closes_the_bag(programs, tmp_path):
    bag = tmp_path / "bag"
    program = programs(fer_ros("run", "--no-cloud", "--duration", 90, "--record", bag, *BUILTIN, *LIGHT))
    for line in program.process.stdout:  # one every two seconds
        if "face_" in line:
            break
    ended = program.interrupt()
    assert ended.status == 0, ended.err
    assert f"messages in {bag}" in ended.out
    assert (bag / "metadata.yaml").is_file()
    assert read_run(bag).damage == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["--record", "there"], "there exists; name a folder that does not", id="existing"),
        pytest.param(["--record-images"], "--record-images needs a bag", id="no bag"),
        pytest.param(["--record", "there/file/bag"], "cannot be made (Not a directory)", id="no folder"),
    ],
)
def test_what_cannot_be_recorded_is_refused_in_one_line(programs, tmp_path, arguments, says):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "file").write_text("")
    ended = programs(fer_ros("run", "--json", "--duration", 5, *arguments, *LIGHT), cwd=tmp_path).end()
    assert (ended.status, ended.out) == (1, "")
    assert says in ended.complaint
