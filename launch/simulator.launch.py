"""The graph on the camera of a simulator, in simulated time; with gazebo:=true Gazebo is started too.

ros2 launch fer_ros simulator.launch.py --show-args
ros2 launch fer_ros simulator.launch.py                       beside examples/simulator/camera.py
ros2 launch fer_ros simulator.launch.py input:=/my_robot/head/image_raw composed:=true
ros2 launch fer_ros simulator.launch.py gazebo:=true gui:=true

The arguments of robot.launch.py hold here too; source is topic and use_sim_time true.
"""

from pathlib import Path
from shlex import quote

from ament_index_python import PackageNotFoundError, get_package_share_directory
from launch import Action, LaunchContext, LaunchDescription
from launch.actions import IncludeLaunchDescription, OpaqueFunction
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node

from fer_ros.errors import ParameterError
from fer_ros.nodes.launching import TRUTH, argument
from fer_ros.resources import share

IMAGES = "/sim/camera/image_raw"
GAZEBO = share("config") / "gazebo"


def generate_launch_description() -> LaunchDescription:
    """The robot's launch file with a simulator's camera; Gazebo when the arguments are known."""
    graph = IncludeLaunchDescription(
        PythonLaunchDescriptionSource(str(share("launch") / "robot.launch.py")),
        launch_arguments={
            "source": "topic",
            "input": LaunchConfiguration("input"),
            "use_sim_time": "true",
        }.items(),
    )
    return LaunchDescription(
        [
            argument("input", "Image topic of the simulator's camera.", IMAGES),
            argument("gazebo", "Start Gazebo with a world, and its bridge to ROS.", "false", TRUTH),
            argument("world", "World file that Gazebo loads.", str(GAZEBO / "person.sdf")),
            argument(
                "bridge", "Which of Gazebo's topics ROS gets (ros_gz_bridge).", str(GAZEBO / "bridge.yaml")
            ),
            argument("gui", "Show Gazebo's window; false: it needs no screen.", "false", TRUTH),
            OpaqueFunction(function=_gazebo),
            graph,
        ]
    )


def _gazebo(context: LaunchContext) -> list[Action]:
    given = context.launch_configurations
    if given["gazebo"] != "true":
        return []
    screen = "" if given["gui"] == "true" else "-s --headless-rendering "
    return [
        IncludeLaunchDescription(
            PythonLaunchDescriptionSource(str(_ros_gz_sim() / "launch" / "gz_sim.launch.py")),
            launch_arguments={
                "gz_args": f"-r {screen}{quote(given['world'])}",  # a shell reads it
                "on_exit_shutdown": "true",
            }.items(),
        ),
        Node(
            package="ros_gz_bridge",
            executable="parameter_bridge",
            name="gazebo_bridge",
            parameters=[{"config_file": given["bridge"]}],
            output="screen",
        ),
    ]


def _ros_gz_sim() -> Path:
    try:
        return Path(get_package_share_directory("ros_gz_sim"))
    except PackageNotFoundError as error:
        raise ParameterError(
            "gazebo:=true needs Gazebo and ros_gz (Jazzy on Ubuntu: apt install ros-jazzy-ros-gz); "
            "any other simulator can publish input instead"
        ) from error
