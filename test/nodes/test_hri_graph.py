"""ROS 4 HRI in the whole graph, with real processes: with hri_msgs, and where it is not installed."""

import json

import pytest
from fer_ros.msg import EmotionEstimate
from sensor_msgs.msg import Image

from fer_ros.deployment import WITHOUT_HRI
from fer_ros.nodes.qos import ESTIMATES, IMAGES_OUT, RESULTS

from . import images
from .program import fer_ros, node
from .rep155 import Detector
from .running import BUILTIN, LIGHT

OWN = ("run", "--json", "--no-cloud", "--duration", 90, *BUILTIN, *LIGHT)
TOPIC = (
    "run",
    "--json",
    "--no-cloud",
    "--duration",
    90,
    "--source",
    "topic",
    "--input",
    "/eye/image",
    *LIGHT,
)


def names(bench):
    return set(bench.probe.get_node_names())


def ended_well(program):
    ended = program.interrupt()
    assert (ended.status, ended.err.count("Traceback")) == (0, 0), ended.err
    return json.loads(ended.last_line)


def test_the_graph_speaks_ros4hri_where_its_messages_are(bench, programs, hri_msgs):
    from hri_msgs.msg import Expression, IdsList

    tracked = bench.listen(IdsList, "/humans/faces/tracked", RESULTS)
    program = programs(fer_ros(*OWN))
    (face,) = bench.until(lambda: tracked and tracked[-1].ids, "a face", deadline_s=60)
    told = bench.listen(Expression, f"/humans/faces/{face}/expression", RESULTS)
    bench.until(lambda: len([e for e in told if e.expression]) >= 10, "expressions", deadline_s=60)
    assert "hri" in names(bench)
    ended_well(program)


def test_another_detector_takes_the_place_of_ours(bench, programs, hri_msgs):
    from hri_msgs.msg import Expression

    estimates = bench.listen(EmotionEstimate, "emotion", ESTIMATES)
    expressions = bench.listen(Expression, "/humans/faces/bf3d/expression", RESULTS)
    program = programs(fer_ros(*TOPIC, "--faces", "hri", "--hri_faces.max_age_s", 5.0))
    camera = bench.probe.create_publisher(Image, "/eye/image", IMAGES_OUT)
    detector = Detector(bench)

    def show():
        header = images.header(bench.now())
        camera.publish(images.bgr8(images.face(), header.stamp))
        detector.show(header, "bf3d")
        bench.spin_for(0.05)
        return len(expressions) >= 10 and [e for e in estimates if e.probabilities]

    told = bench.until(show, "expressions of the detector's face", deadline_s=60)
    assert {estimate.face_id for estimate in told} == {"bf3d"}
    assert {"hri_faces", "hri"} <= names(bench)
    assert "faces" not in names(bench)
    assert bench.probe.count_publishers("/humans/faces/tracked") == 1
    ended_well(program)


def test_it_can_be_switched_off(bench, programs, hri_msgs):
    program = programs(fer_ros(*OWN, "--hri", "off"))
    bench.until(lambda: "conversation" in names(bench), "the graph", deadline_s=60)
    bench.spin_for(0.5)
    assert "hri" not in names(bench)
    ended_well(program)


@pytest.mark.parametrize("how", [("--hri", "on"), ("--faces", "hri")], ids=" ".join)
def test_asked_for_without_its_messages_it_is_one_clear_error(programs, how):
    ended = programs(fer_ros("run", "--duration", 5, *how)).end()
    assert ended.status == 1
    assert ended.complaint.startswith("fer_ros: ROS 4 HRI needs the ROS package hri_msgs; install it with")


def test_a_node_alone_says_the_same(programs, tmp_path):
    ended = programs(node(tmp_path, "hri")).end()
    assert ended.status == 1
    assert ended.complaint.startswith("hri: ROS 4 HRI needs the ROS package hri_msgs")


def test_without_its_messages_one_line_says_so_and_the_graph_runs(programs):
    ended = programs(fer_ros("run", "--no-cloud", "--duration", 12, *BUILTIN, *LIGHT)).end()
    assert ended.status == 0, ended.err
    assert ended.out.count(WITHOUT_HRI) == 1
