"""Two nodes on one topic: said once, with the topic and both names."""

import pytest
from fer_ros.msg import EmotionEstimate, FaceArray

from fer_ros.nodes.node import WATCH_PERIOD_S
from fer_ros.nodes.qos import RESULTS


def test_a_second_publisher_is_named_once(bench):
    bench.start("estimator")
    bench.probe.create_publisher(EmotionEstimate, "emotion/robot", RESULTS)
    bench.until(bench.complaints, "a complaint")
    bench.spin_for(2.5 * WATCH_PERIOD_S)
    (complaint,) = bench.complaints()
    assert complaint == (
        "/emotion/robot has 2 publishers (/estimator, /probe): estimates will be mixed; "
        "stop one, or give each robot a namespace of its own"
    )


def test_each_of_two_nodes_of_this_package_says_so_once(bench):
    bench.start("mode")
    bench.start("mode")
    bench.until(lambda: len(bench.complaints()) >= 4, "a complaint by each about each topic")
    bench.spin_for(1.5 * WATCH_PERIOD_S)
    for topic in ("/emotion", "/mode"):
        assert len(bench.complaints(f"{topic} has 2 publishers (/mode, /mode)")) == 2
    assert len(bench.complaints()) == 4


@pytest.mark.parametrize("namespaces", [("", "robot_2"), ("robot_1", "robot_2"), ("a", "a/b")])
def test_nodes_in_namespaces_of_their_own_do_not_share(bench, namespaces):
    for namespace in namespaces:
        bench.start("estimator", namespace=namespace)
    bench.spin_for(1.5 * WATCH_PERIOD_S)
    assert bench.complaints() == []


def test_listeners_are_no_publishers(bench):
    bench.start("estimator")
    bench.listen(EmotionEstimate, "emotion/robot")
    bench.publisher(FaceArray, "faces")
    bench.spin_for(1.5 * WATCH_PERIOD_S)
    assert bench.complaints() == []
