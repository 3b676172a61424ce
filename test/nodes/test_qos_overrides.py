"""`qos_overrides`: how images and payloads travel can be changed from outside, for each topic by its name."""

import pytest
from rclpy.qos import ReliabilityPolicy

from fer_ros.errors import ParameterError

from .program import fer_ros, node

BUILT_IN = {"finder": "haar", "reader": "none"}
SMALL = {"width": 64, "height": 48}
RELIABLE, BEST_EFFORT = ReliabilityPolicy.RELIABLE, ReliabilityPolicy.BEST_EFFORT
TAKERS = [
    pytest.param("faces", BUILT_IN, "image_raw", id="faces"),
    pytest.param("faces", {**BUILT_IN, "transport": "compressed"}, "image_raw/compressed", id="compressed"),
    pytest.param("uplink", {"allow": "frames"}, "image_raw", id="uplink"),
    pytest.param("receiver", BUILT_IN, "payload", id="receiver"),
]
SENDERS = [
    pytest.param({}, "image_raw", id="raw"),
    pytest.param({"compressed": True}, "image_raw/compressed", id="compressed"),
    pytest.param({"calibration": "EYE"}, "camera_info", id="camera_info"),
]
EYE = """
image_width: 64
image_height: 48
camera_matrix: {rows: 3, cols: 3, data: [50.0, 0.0, 32.0, 0.0, 50.0, 24.0, 0.0, 0.0, 1.0]}
distortion_model: plumb_bob
distortion_coefficients: {rows: 1, cols: 5, data: [0.0, 0.0, 0.0, 0.0, 0.0]}
rectification_matrix: {rows: 3, cols: 3, data: [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]}
projection_matrix: {rows: 3, cols: 4, data: [50.0, 0.0, 32.0, 0.0, 0.0, 50.0, 24.0, 0.0, 0.0, 0.0, 1.0, 0.0]}
"""


def override(topic, end, **policies):
    return {f"qos_overrides.{topic}.{end}.{policy}": value for policy, value in policies.items()}


def reliability(bench, topic, end):
    infos = getattr(bench.probe, f"get_{end}s_info_by_topic")
    return bench.until(lambda: infos(topic), f"a {end} of {topic}")[0].qos_profile.reliability


@pytest.mark.parametrize(("executable", "parameters", "topic"), TAKERS)
def test_what_is_taken_best_effort_can_be_had_reliably(bench, executable, parameters, topic):
    bench.start(executable, parameters, permitted=False)
    assert reliability(bench, f"/{topic}", "subscription") == BEST_EFFORT
    other = override(f"/left/{topic}", "subscription", reliability="reliable", depth=2)
    own = bench.start(executable, {**parameters, **other}, "left", permitted=False)
    assert reliability(bench, f"/left/{topic}", "subscription") == RELIABLE
    assert [s.qos_profile.depth for s in own.subscriptions if s.topic_name == f"/left/{topic}"] == [2]


@pytest.mark.parametrize(("parameters", "topic"), SENDERS)
def test_images_can_be_sent_best_effort(bench, tmp_path, parameters, topic):
    (tmp_path / "eye.yaml").write_text(EYE)
    given = {**SMALL, **{k: str(tmp_path / "eye.yaml") if v == "EYE" else v for k, v in parameters.items()}}
    bench.start("camera", given)
    assert reliability(bench, f"/{topic}", "publisher") == RELIABLE
    other = override(f"/left/{topic}", "publisher", reliability="best_effort")
    bench.start("camera", {**given, **other}, "left")
    assert reliability(bench, f"/left/{topic}", "publisher") == BEST_EFFORT


def test_an_override_for_another_topic_changes_nothing(bench):
    other = override("/eye", "subscription", reliability="reliable")
    bench.start("faces", {**BUILT_IN, **other}, permitted=False)
    assert reliability(bench, "/image_raw", "subscription") == BEST_EFFORT


def test_an_override_for_one_node_leaves_the_others_of_its_process_alone(bench):
    bench.start("camera", {**SMALL, **override("/image_raw", "publisher", reliability="best_effort")})
    bench.start("faces", {**BUILT_IN, **override("/image_raw", "subscription", reliability="reliable")})
    bench.start("camera", SMALL, "left")
    bench.start("faces", BUILT_IN, "left")
    assert reliability(bench, "/left/image_raw", "publisher") == RELIABLE
    assert reliability(bench, "/left/image_raw", "subscription") == BEST_EFFORT


def test_an_override_can_be_given_on_the_command_line(bench, programs, tmp_path):
    own = override("/image_raw", "subscription", reliability="reliable")
    programs(node(tmp_path, "faces", **BUILT_IN, **own))
    assert reliability(bench, "/image_raw", "subscription") == RELIABLE


def test_an_override_can_be_written_in_a_file_as_ros_nests_it(bench, programs, tmp_path):
    config = tmp_path / "mine.yaml"
    config.write_text(
        "faces:\n  ros__parameters:\n    finder: haar\n    qos_overrides:\n"
        "      /image_raw: {subscription: {reliability: reliable}}\n"
    )
    programs(fer_ros("run", "--json", "--duration", 60, "--no-cloud", "--config", config))
    assert reliability(bench, "/image_raw", "subscription") == RELIABLE


@pytest.mark.parametrize(
    "policies", [{"reliability": "sometimes"}, {"depth": -1}, {"depth": "many"}, {"history": "none"}], ids=str
)
@pytest.mark.parametrize(("executable", "end"), [("faces", "subscription"), ("camera", "publisher")])
def test_an_override_that_cannot_be_used_is_refused_with_what_can(bench, executable, end, policies):
    ((_, value),) = policies.items()
    with pytest.raises(ParameterError) as caught:
        bench.start(executable, override("/image_raw", end, **policies), permitted=False)
    assert str(caught.value).startswith("qos_overrides of image_raw cannot be used")
    assert "reliability reliable or best_effort" in str(caught.value)
    assert str(value) in str(caught.value) or value == -1  # of which rclpy does not say


def test_a_node_with_such_an_override_says_so_in_one_line(programs, tmp_path):
    own = override("/image_raw", "subscription", reliability="sometimes")
    ended = programs(node(tmp_path, "faces", finder="haar", **own)).end()
    assert ended.status == 1
    assert "qos_overrides of image_raw cannot be used" in ended.complaint
