"""The graph on a robot, by default with the cloud's nodes beside it.

ros2 launch fer_ros robot.launch.py --show-args
ros2 launch fer_ros robot.launch.py source:=device input:=0
ros2 launch fer_ros robot.launch.py source:=topic input:=/camera/image_raw composed:=true
ros2 launch fer_ros robot.launch.py web:=true
"""

from launch import Action, LaunchContext, LaunchDescription
from launch.actions import OpaqueFunction

from fer_ros.deployment import HRI, ROBOT_SHORT
from fer_ros.graph import FACES
from fer_ros.link.profiles import load_profiles
from fer_ros.nodes.launching import (
    TRUTH,
    argument,
    common_arguments,
    image_topic_of,
    parameter_arguments,
    start,
)
from fer_ros.resources import share
from fer_ros.sources.params import KINDS

SHORT = {name: owner for name, owner in ROBOT_SHORT.items() if owner[0] != "camera"}


def generate_launch_description() -> LaunchDescription:
    """Arguments first; the nodes when their values are known."""
    profiles = tuple(load_profiles(share("config") / "links"))
    return LaunchDescription(
        [
            argument(
                "source",
                "What gives the images; topic: another node publishes them.",
                choices=(*KINDS, "topic"),
            ),
            argument("input", "Device index or path, video file, image folder, bag, or image topic."),
            *parameter_arguments(SHORT, {"profile": profiles}),
            argument(
                "cloud", "Start the cloud's nodes here too; false: elsewhere, or not at all.", "true", TRUTH
            ),
            argument("faces", "Who finds faces; hri: another detector of ROS 4 HRI does.", "own", FACES),
            argument("viewer", "Draw what is seen over the images: overlay/image_raw.", "false", TRUTH),
            argument("web", "Show that, and more, on a page; its address is printed.", "false", TRUTH),
            argument("hri", "Tell all as ROS 4 HRI does, too; auto: where hri_msgs is.", "auto", HRI),
            *common_arguments(),
            OpaqueFunction(function=_start),
        ]
    )


def _start(context: LaunchContext) -> list[Action]:
    given = context.launch_configurations
    machine = "both" if given["cloud"] == "true" else "robot"
    return start(context, machine, ROBOT_SHORT, image_topic_of(given))
