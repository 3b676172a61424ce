"""The launch files, run: nodes start, estimates flow, and nothing is left when they are stopped."""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest

WITHOUT_LAUNCH = "launch and launch_ros are not installed; they come with ROS, not from PyPI"
pytest.importorskip("launch_ros.actions", reason=WITHOUT_LAUNCH)

from ament_index_python import PackageNotFoundError, get_package_prefix  # noqa: E402
from diagnostic_msgs.msg import DiagnosticArray  # noqa: E402
from fer_ros.msg import EmotionEstimate, FaceArray, LinkStatus  # noqa: E402
from launch import LaunchContext  # noqa: E402
from launch.launch_description_sources import get_launch_description_from_python_launch_file  # noqa: E402
from lifecycle_msgs.msg import Transition  # noqa: E402
from lifecycle_msgs.srv import ChangeState, GetState  # noqa: E402
from nodes.images import bgr8, nobody  # noqa: E402
from sensor_msgs.msg import Image  # noqa: E402

from benchmarks.processes import children_of  # noqa: E402
from fer_ros.graph import LOOKED_AT, cloud_graph, robot_graph  # noqa: E402
from fer_ros.nodes.qos import IMAGES_OUT, LATCHED  # noqa: E402
from fer_ros.resources import share  # noqa: E402

LAUNCHER = Path(__file__).parent / "launcher.py"
ROBOT, CLOUD = ({spec.path for spec in specs} for specs in (robot_graph(), cloud_graph()))
QUICK = """
camera: {ros__parameters: {width: 640, height: 360, rate_hz: 10.0, distance_m: 1.0}}
uplink: {ros__parameters: {profile: lan}}
"**/faces": {ros__parameters: {finder: haar, reader: none, max_age_s: 0.0}}
"**/receiver": {ros__parameters: {finder: haar}}
"**/estimator": {ros__parameters: {max_age_s: 0.0}}
"""


@pytest.fixture
def launch(programs, monkeypatch, tmp_path):
    """Runs a launch file with arguments, in a process group of its own."""
    try:
        get_package_prefix("fer_ros")
    except (PackageNotFoundError, OSError):  # nothing is sourced: the environment of the tests is the prefix
        monkeypatch.setenv("AMENT_PREFIX_PATH", sys.prefix)
    config = tmp_path / "quick.yaml"
    config.write_text(QUICK)
    started = []

    def start(file, **arguments):
        given = [f"{name}:={value}" for name, value in {"config": config, **arguments}.items()]
        started.append(programs([LAUNCHER, share("launch") / file, *given], start_new_session=True))
        return started[-1]

    yield start
    for program in started:
        if program.process.poll() is None:
            program.interrupt()
        with suppress(ProcessLookupError):
            os.killpg(program.process.pid, signal.SIGKILL)


@pytest.mark.parametrize("composed", ["false", "true"])
def test_estimates_of_robot_and_cloud_flow_until_the_launch_is_interrupted(bench, launch, composed):
    robot, cloud = (bench.listen(EmotionEstimate, f"emotion/{name}") for name in ("robot", "cloud"))
    chosen = bench.listen(EmotionEstimate, "emotion")
    running = launch("robot.launch.py", composed=composed)
    bench.until(lambda: robot and cloud and chosen, "estimates on all three topics", deadline_s=60.0)
    bench.until(lambda: nodes(bench) == ROBOT | CLOUD, "every node of the graph")
    assert ended_cleanly(running)


@pytest.mark.parametrize("composed", ["false", "true"])
def test_the_page_comes_beside_the_graph(bench, launch, composed, tmp_path):
    config = tmp_path / "page.yaml"
    config.write_text(QUICK + "web: {ros__parameters: {port: 0}}\n")
    running = launch("robot.launch.py", composed=composed, web="true", config=config)
    bench.until(lambda: nodes(bench) == ROBOT | CLOUD | set(LOOKED_AT), "every node, and the page's")
    told = bench.listen(DiagnosticArray, "/diagnostics")
    bench.until(lambda: {"viewer", "web"} <= {s.name for m in told for s in m.status}, "their word")
    ended = running.interrupt()
    assert ended.status == 0, ended.err
    assert "page  http://127.0.0.1:" in ended.out + ended.err


@pytest.mark.parametrize(
    ("composed", "paths"),
    [("false", ROBOT | CLOUD), ("true", {"composed/both"})],
    ids=["one each", "composed"],
)
def test_every_process_has_the_enclave_of_its_policy(bench, launch, composed, paths):
    launch("robot.launch.py", namespace="left", composed=composed)

    def enclaves():
        nodes = bench.probe.get_node_names_and_namespaces_with_enclaves()
        return {enclave for _, namespace, enclave in nodes if namespace != "/"}

    bench.until(lambda: enclaves() == {f"/fer_ros/left/{path}" for path in paths}, "the enclaves")


def test_an_argument_left_alone_leaves_the_configuration(bench, launch):
    links = bench.listen(LinkStatus, "link", LATCHED)
    launch("robot.launch.py", composed="true", cloud="false")
    assert bench.until(lambda: links, "the state of the link")[0].profile == "lan"


def test_an_argument_wins_over_the_configuration(bench, launch):
    links = bench.listen(LinkStatus, "link", LATCHED)
    launch("robot.launch.py", composed="true", cloud="false", profile="edge")
    assert bench.until(lambda: links, "the state of the link")[0].profile == "edge"


@pytest.mark.parametrize("composed", ["false", "true"])
def test_a_topic_of_somebody_else_takes_the_place_of_the_camera(bench, launch, composed):
    faces = bench.listen(FaceArray, "/r2/faces")
    launch(
        "robot.launch.py",
        source="topic",
        input="/driver/image_raw",
        namespace="r2",
        cloud="false",
        composed=composed,
    )
    images = bench.publisher(Image, "/driver/image_raw", IMAGES_OUT)  # faces; no picture is allowed to leave

    def show():  # again and again: that the publisher has found its readers does not say that they found it
        images.publish(bgr8(nobody(), bench.now()))
        return faces

    bench.until(show, "faces of the published images")
    bench.until(lambda: nodes(bench, "/r2/") == ROBOT - {"camera"}, "the robot's nodes without the camera")


def test_the_cloud_runs_on_another_machine(bench, launch):
    launch("robot.launch.py", cloud="false", composed="true")
    running = launch("cloud.launch.py")
    cloud = bench.listen(EmotionEstimate, "emotion/cloud")
    bench.until(lambda: cloud, "an estimate of the cloud, on the robot", deadline_s=60.0)
    bench.until(lambda: nodes(bench) == ROBOT | CLOUD, "the nodes of both")
    assert ended_cleanly(running)


@pytest.mark.parametrize(("composed", "program"), [("false", "estimator"), ("true", "graph")])
def test_what_is_killed_is_started_again(bench, launch, composed, program):
    estimates = bench.listen(EmotionEstimate, "emotion")
    running = launch("robot.launch.py", composed=composed, cloud="false", respawn_delay="0.1")
    bench.until(lambda: estimates, "estimates", deadline_s=60.0)
    old = process(running, program)
    os.kill(old, signal.SIGKILL)
    bench.until(lambda: process(running, program) not in (0, old), f"{program} again")
    estimates.clear()
    bench.until(lambda: estimates, "estimates again", deadline_s=60.0)


def test_without_respawn_what_is_killed_stays_away(bench, launch):
    running = launch("robot.launch.py", composed="true", respawn="false")
    bench.until(lambda: process(running, "graph"), "the process of the graph")
    os.kill(process(running, "graph"), signal.SIGKILL)
    ended = running.end()
    assert "process has died" in ended.out + ended.err


def test_without_autostart_the_user_moves_the_nodes(bench, launch):
    launch("robot.launch.py", autostart="false", cloud="false")
    for steps, label in (
        ([], "unconfigured"),
        ([Transition.TRANSITION_CONFIGURE], "inactive"),
        ([Transition.TRANSITION_ACTIVATE], "active"),
    ):
        for step in steps:
            request = ChangeState.Request(transition=Transition(id=step))
            assert bench.call(ChangeState, "/estimator/change_state", request).success
        state = bench.call(GetState, "/estimator/get_state", GetState.Request()).current_state
        assert state.label == label


def test_a_delay_that_is_no_number_is_refused(launch):
    ended = launch("robot.launch.py", respawn_delay="soon").end()
    assert "respawn_delay:=soon is not a number of seconds" in ended.out + ended.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param({"source": "topic"}, "source:=topic needs an image topic", id="no topic"),
        pytest.param({"config": "gone.yaml"}, "configuration gone.yaml cannot be read", id="no file"),
        pytest.param({"profile": "5g"}, "Valid options are: ['', ", id="no such profile"),
        pytest.param({"source": "video", "composed": "true"}, "graph: ", id="a node that cannot start"),
    ],
)
def test_what_cannot_be_launched_is_said(launch, arguments, says):
    ended = launch("robot.launch.py", cloud="false", **arguments).end()
    assert says in ended.out + ended.err


@pytest.mark.parametrize("file", ["robot.launch.py", "cloud.launch.py"])
def test_every_argument_is_described(file):
    description = get_launch_description_from_python_launch_file(str(share("launch") / file))
    arguments = description.get_launch_arguments()
    assert arguments
    for argument in arguments:
        assert len(argument.description) > 20
        default = "".join(part.perform(LaunchContext()) for part in argument.default_value)
        assert argument.choices is None or default in argument.choices


def nodes(bench, namespace="/"):
    """Paths of the graph's nodes, without the test's own."""
    found = {f"{space.rstrip('/')}/{name}" for name, space in bench.probe.get_node_names_and_namespaces()}
    return {path.removeprefix(namespace) for path in found - {"/probe"}}


def process(running, program):
    """The process of a node, or of the graph, that a launch has started; 0: there is none."""
    for pid, arguments in children_of(running.process.pid).items():
        if any(argument.endswith(f"/fer_ros/{program}") for argument in arguments):
            return pid
    return 0


def ended_cleanly(running):
    """Interrupt; every process ends well, and none is left in the group."""
    ended = running.interrupt()
    assert ended.status == 0, ended.out + ended.err
    assert "process has died" not in ended.out + ended.err
    with pytest.raises(ProcessLookupError):
        os.killpg(running.process.pid, 0)
    return True
