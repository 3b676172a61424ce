"""The cloud's nodes, for the other machine; the robot then runs with cloud:=false.

ros2 launch fer_ros cloud.launch.py --show-args
ros2 launch fer_ros cloud.launch.py composed:=true
"""

from launch import Action, LaunchContext, LaunchDescription
from launch.actions import OpaqueFunction

from fer_ros.deployment import CLOUD_SHORT
from fer_ros.nodes.launching import common_arguments, parameter_arguments, start


def generate_launch_description() -> LaunchDescription:
    """Arguments first; the nodes when their values are known."""
    return LaunchDescription(
        [
            *parameter_arguments(CLOUD_SHORT, {}),
            *common_arguments(),
            OpaqueFunction(function=_start),
        ]
    )


def _start(context: LaunchContext) -> list[Action]:
    return start(context, "cloud", CLOUD_SHORT)
