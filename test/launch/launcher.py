"""What `ros2 launch` does with a launch file, without the command: launcher.py FILE [NAME:=VALUE ...]."""

import sys

from launch import LaunchService
from launch.actions import IncludeLaunchDescription
from launch.launch_description_sources import PythonLaunchDescriptionSource

if __name__ == "__main__":
    file, *arguments = sys.argv[1:]
    service = LaunchService(argv=arguments, noninteractive=True)  # stop the nodes too
    service.include_launch_description(
        IncludeLaunchDescription(
            PythonLaunchDescriptionSource(file),
            launch_arguments=[tuple(argument.split(":=", 1)) for argument in arguments],
        )
    )
    sys.exit(service.run())
