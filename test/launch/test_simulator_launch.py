"""The graph on a simulator's camera, launched. What stands in for Gazebo says how it was started."""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest

WITHOUT_LAUNCH = "launch and launch_ros are not installed; they come with ROS, not from PyPI"
pytest.importorskip("launch_ros.actions", reason=WITHOUT_LAUNCH)

from fer_ros.msg import EmotionEstimate  # noqa: E402
from launch import LaunchContext  # noqa: E402
from launch.launch_description_sources import get_launch_description_from_python_launch_file  # noqa: E402
from nodes.images import bgr8, face  # noqa: E402
from rosgraph_msgs.msg import Clock  # noqa: E402
from sensor_msgs.msg import Image  # noqa: E402

from fer_ros.nodes.messages import seconds, to_time  # noqa: E402
from fer_ros.nodes.qos import IMAGES_OUT  # noqa: E402
from fer_ros.resources import share  # noqa: E402

FILE = share("launch") / "simulator.launch.py"
LAUNCHER = Path(__file__).parent / "launcher.py"
QUICK = """
"**/faces": {ros__parameters: {finder: haar, reader: none, max_age_s: 0.0}}
"**/estimator": {ros__parameters: {max_age_s: 0.0}}
"""
GAZEBO = """
from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, LogInfo
from launch.substitutions import LaunchConfiguration

def generate_launch_description():
    return LaunchDescription([LogInfo(msg=["gz sim ", LaunchConfiguration("gz_args")])])
"""
BRIDGE = f"#!{sys.executable}\nimport sys\nprint('bridge', *sys.argv[1:], flush=True)\n"


@pytest.fixture
def launch(programs, monkeypatch, tmp_path):
    """Runs the launch file with arguments, in a process group of its own."""
    monkeypatch.setenv("AMENT_PREFIX_PATH", os.environ.get("AMENT_PREFIX_PATH") or sys.prefix)
    config = tmp_path / "quick.yaml"
    config.write_text(QUICK)
    started = []

    def start(**arguments):
        common = {"config": config, "composed": "true", "cloud": "false"}
        given = [f"{name}:={value}" for name, value in (common | arguments).items()]
        started.append(programs([LAUNCHER, FILE, *given], start_new_session=True))
        return started[-1]

    yield start
    for program in started:
        with suppress(ProcessLookupError):
            os.killpg(program.process.pid, signal.SIGKILL)


@pytest.mark.parametrize("topic", ["/sim/camera/image_raw", "/other/eye"])
def test_the_graph_takes_a_simulators_images_and_time(bench, launch, topic):
    estimates = bench.listen(EmotionEstimate, "emotion")
    launch(**({} if topic == "/sim/camera/image_raw" else {"input": topic}))
    clock = bench.publisher(Clock, "/clock")
    images = bench.publisher(Image, topic, IMAGES_OUT)
    passed = []

    def show():
        passed.append(7.0 + 0.05 * len(passed))
        clock.publish(Clock(clock=to_time(passed[-1])))
        images.publish(bgr8(face(), passed[-1]))
        return [e for e in estimates if e.face_id]

    seen = bench.until(show, "an estimate of the simulated person", deadline_s=60.0)
    assert all(7.0 <= seconds(e.header.stamp) <= passed[-1] and e.latency_s < 5.0 for e in seen)


def test_gazebo_is_given_its_world_and_the_bridge_its_topics(launch, monkeypatch, tmp_path):
    prefix = tmp_path / "ros_gz"
    write(prefix / "share" / "ros_gz_sim" / "launch" / "gz_sim.launch.py", GAZEBO)
    write(prefix / "lib" / "ros_gz_bridge" / "parameter_bridge", BRIDGE).chmod(0o755)
    for package in ("ros_gz_sim", "ros_gz_bridge"):
        write(prefix / "share" / "ament_index" / "resource_index" / "packages" / package, "")
    monkeypatch.setenv("AMENT_PREFIX_PATH", f"{prefix}{os.pathsep}{sys.prefix}")
    running = launch(gazebo="true")
    lines = []
    for line in running.process.stdout:
        lines.append(line)
        if "bridge --ros-args" in line:
            break
    assert f"gz sim -r -s --headless-rendering {share('config')}/gazebo/person.sdf" in "".join(lines)
    assert any("bridge --ros-args" in line and "gazebo_bridge" in line for line in lines), lines


def test_without_gazebo_it_is_said_how_to_get_it(launch):
    ended = launch(gazebo="true").end()
    assert "apt install ros-jazzy-ros-gz" in ended.out + ended.err


def test_every_argument_is_described():
    description = get_launch_description_from_python_launch_file(str(FILE))
    own = {argument.name: argument for argument in description.get_launch_arguments()}
    assert {"input", "gazebo", "world", "bridge", "gui", "composed", "namespace"} <= set(own)
    for argument in own.values():
        assert len(argument.description) > 20
        default = "".join(part.perform(LaunchContext()) for part in argument.default_value)
        assert argument.choices is None or default in argument.choices


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path
