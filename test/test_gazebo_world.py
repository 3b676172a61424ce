"""Gazebo's world, the bridge and the launch file name the same topics; Gazebo itself is not needed."""

import re
from math import pi, sqrt
from xml.etree import ElementTree

import cv2
import pytest
import yaml
from simulated_truth import PERSON

from fer_ros.resources import share

FOLDER = share("config") / "gazebo"


@pytest.fixture
def world():
    return ElementTree.parse(FOLDER / "person.sdf").getroot()


@pytest.fixture
def bridged():
    """ROS message → topic, of everything that the bridge carries."""
    bridges = yaml.safe_load((FOLDER / "bridge.yaml").read_text(encoding="utf-8"))
    for bridge in bridges:
        assert bridge["ros_topic_name"] == bridge["gz_topic_name"]
        assert bridge["direction"] == "GZ_TO_ROS"
        assert bridge["ros_type_name"].rpartition("/")[2] == bridge["gz_type_name"].rpartition(".")[2]
    return {bridge["ros_type_name"].rpartition("/")[2]: bridge["ros_topic_name"] for bridge in bridges}


def test_the_bridge_carries_what_the_camera_publishes(world, bridged):
    sensor = world.find(".//sensor[@type='camera']")
    published = {
        "Clock": "/clock",
        "Image": sensor.findtext("topic"),
        "CameraInfo": sensor.findtext("camera/camera_info_topic"),
    }
    assert bridged == published


def test_the_launch_file_listens_where_the_bridge_speaks(bridged):
    text = (share("launch") / "simulator.launch.py").read_text(encoding="utf-8")
    assert re.search(r'^IMAGES = "(.+)"$', text, re.MULTILINE).group(1) == bridged["Image"]


def test_the_world_has_what_a_camera_needs(world):
    systems = {plugin.get("filename") for plugin in world.findall("world/plugin")}
    assert {"gz-sim-physics-system", "gz-sim-sensors-system"} <= systems
    assert world.findtext(".//gz_frame_id") == world.findtext(".//optical_frame_id") == "head_camera_optical"


def test_the_person_is_life_size_and_its_texture_is_there(world):
    picture = world.find(".//link[@name='picture']")
    _, width_m, height_m = map(float, picture.findtext(".//box/size").split())
    assert (width_m, height_m) == pytest.approx(PERSON.size_m, abs=1e-3)
    texture = cv2.imread(str(FOLDER / picture.findtext(".//albedo_map")))
    assert texture.shape[1] / texture.shape[0] == pytest.approx(width_m / height_m, rel=0.01)


def test_the_springs_move_the_person_as_the_world_says(world):
    """Between 0.6 and 3 m in 9 s, and 17 degrees to either side in 13 s."""
    start_m = float(world.findtext(".//link[@name='picture']/pose").split()[0])
    rest_m, period_s = spring(world, "distance", inertia=1.0)
    assert (start_m, start_m + 2 * rest_m) == pytest.approx((0.6, 3.0))
    assert period_s == pytest.approx(9.0, abs=0.1)
    start = float(world.findtext(".//model[@name='person']/pose").split()[5])
    rest, period_s = spring(world, "bearing", inertia=100.0)
    assert (start, start + 2 * rest) == pytest.approx((-0.3, 0.3))
    assert period_s == pytest.approx(13.0, abs=0.1)


def spring(world, joint, inertia):
    """(where a joint would rest, its period in s)."""
    axis = world.find(f".//joint[@name='{joint}']/axis/dynamics")
    assert float(axis.findtext("damping")) == float(axis.findtext("friction")) == 0.0
    stiffness = float(axis.findtext("spring_stiffness"))
    return float(axis.findtext("spring_reference")), 2 * pi * sqrt(inertia / stiffness)
