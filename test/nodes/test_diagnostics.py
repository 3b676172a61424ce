"""Every node says at /diagnostics how it is, once a second."""

from time import monotonic

import pytest
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from fer_ros.msg import EmotionEstimate
from fer_ros.srv import SetLink
from rcl_interfaces.msg import Parameter, ParameterType, ParameterValue
from rcl_interfaces.srv import SetParameters
from sensor_msgs.msg import Image

from fer_ros.graph import PARAMETERS
from fer_ros.nodes.qos import ESTIMATES, IMAGES_OUT

from .images import bgr8, face
from .people import an_estimate

LIGHT = {
    "camera": {"source": "builtin", "width": 320, "height": 240},
    "faces": {"finder": "haar", "reader": "none", "max_age_s": 0.0},
    "receiver": {"finder": "haar", "reader": "none"},
}


@pytest.fixture
def told(bench):
    """The newest status of a node, by name."""
    heard = bench.listen(DiagnosticArray, "/diagnostics")

    def newest(name):
        statuses = [s for array in heard for s in array.status if s.name == name]
        return statuses[-1] if statuses else None

    return newest


def values(status):
    return {pair.key: pair.value for pair in status.values}


def says(told, name, text, level):
    status = told(name)
    return status is not None and text in status.message and status.level == level


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_node_reports_once_a_second(bench, name):
    heard = bench.listen(DiagnosticArray, "/diagnostics")
    bench.start(name, LIGHT.get(name))
    bench.until(lambda: heard, "a first report")
    begun, before = monotonic(), len(heard)
    bench.until(lambda: len(heard) >= before + 3, "three more")
    assert 2.0 < monotonic() - begun < 6.0
    assert {status.name for array in heard for status in array.status} == {name}
    assert all(array.header.stamp.sec for array in heard)


def test_a_camera_tells_its_rate_and_that_it_is_well(bench, told):
    bench.start("camera", LIGHT["camera"])
    bench.until(lambda: says(told, "camera", "well", DiagnosticStatus.OK), "it is well")
    bench.until(lambda: float(values(told("camera"))["rate_hz"]) > 5.0, "it tells its rate")
    assert values(told("camera"))["source"] == "builtin"


def test_faces_tell_who_finds_and_reads_them(bench, told):
    bench.start("faces", LIGHT["faces"])
    images = bench.publisher(Image, "image_raw", IMAGES_OUT)
    bench.until(
        lambda: (
            images.publish(bgr8(face(), bench.now()))
            or values(told("faces") or DiagnosticStatus()).get("faces") == "1"
        ),
        "a face was seen",
    )
    assert values(told("faces"))["finder"] == "haar"
    assert float(values(told("faces"))["finding_ms"]) > 0


def test_a_node_to_which_nothing_comes_calls_it_an_error(bench, told):
    bench.start("estimator", {"error_after_s": 0.5})
    bench.until(lambda: says(told, "estimator", "nothing for", DiagnosticStatus.ERROR), "an error")
    assert values(told("estimator"))["model"] == "robot"


def test_in_the_cloud_it_is_no_error_that_no_robot_sends(bench, told):
    bench.start("receiver", {**LIGHT["receiver"], "error_after_s": 0.5})
    bench.start("estimator", {"machine": "cloud", "error_after_s": 0.5})
    bench.until(lambda: says(told, "receiver", "waiting for a robot", DiagnosticStatus.OK), "it waits")
    bench.until(lambda: says(told, "estimator", "as the robot sends", DiagnosticStatus.OK), "it waits, too")


def test_an_inactive_node_is_well(bench, told):
    bench.start("estimator", {"error_after_s": 0.5, "autostart": False})
    bench.until(
        lambda: says(told, "estimator", "unconfigured", DiagnosticStatus.OK), "it says that it is idle"
    )


def test_thresholds_are_parameters_that_may_change(bench, told):
    bench.start("conversation", {"error_after_s": 0.5, "warn_below_hz": 0.0})
    bench.until(lambda: says(told, "conversation", "nothing for", DiagnosticStatus.ERROR), "an error")
    never = ParameterValue(type=ParameterType.PARAMETER_DOUBLE, double_value=0.0)
    request = SetParameters.Request(parameters=[Parameter(name="error_after_s", value=never)])
    assert bench.call(SetParameters, "conversation/set_parameters", request).results[0].successful
    bench.until(lambda: says(told, "conversation", "well", DiagnosticStatus.OK), "no error any more")


def test_the_mode_and_its_reason_are_told(bench, told):
    bench.start("mode", {"robot_max_age_s": 0.0})
    own = bench.publisher(EmotionEstimate, "emotion/robot", ESTIMATES)
    bench.until(
        lambda: own.publish(an_estimate(bench.now())) or says(told, "mode", "OFFLINE", DiagnosticStatus.WARN),
        "a warning",
    )
    assert values(told("mode"))["mode"] == "OFFLINE"
    assert values(told("mode"))["reason"] in told("mode").message


def test_a_cut_link_is_told(bench, told):
    bench.start("uplink", {"error_after_s": 0.0, "warn_below_hz": 0.0})
    assert bench.call(SetLink, "set_link", SetLink.Request(cut=True)).success
    bench.until(lambda: says(told, "uplink", "the link is cut", DiagnosticStatus.WARN), "a warning")
    assert values(told("uplink"))["allow"] == "crops"


def test_robots_are_told_apart(bench, told):
    bench.start("mode", namespace="left")
    bench.until(lambda: told("left/mode"), "a report of the robot on the left")
