"""Programs: one node, or a whole graph, in a process that ends cleanly when it is told to."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from typing import Any

import rclpy
import yaml
from rclpy.logging import get_logger
from rclpy.signals import SignalHandlerOptions
from rclpy.utilities import remove_ros_args

from fer_ros.deployment import HRI, MACHINES, WITHOUT_HRI, nodes_of, parameters, speaks_hri
from fer_ros.errors import FerError
from fer_ros.graph import FACES
from fer_ros.nodes.main import make_nodes, node_class, spin, start
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.priority import give_way
from fer_ros.nodes.transport import SENDERS, image_transport

EPILOG = """examples:
  ros2 run fer_ros graph
  ros2 run fer_ros graph --machine robot --image-topic /camera/image_raw
  ros2 run fer_ros graph --config my_robot.yaml --options '{camera: {source: device, input: "0"}}'

What is for people to look at never runs in this process: start `ros2 run fer_ros viewer` and
`ros2 run fer_ros web` beside it.
"""


def run_node(executable: str, arguments: Sequence[str]) -> int:
    """Run one node until it is stopped; the exit status.

    Args:
        executable: a key of main.NODES.
        arguments: those of the process, its name first.
    """
    give_way(executable)
    return run_program(executable, arguments, lambda: [node_class(executable)()])


def run_graph(arguments: Sequence[str]) -> int:
    """Run every node of a machine in one process and one executor until it is stopped; the exit status."""
    args = _parser().parse_args(remove_ros_args(arguments)[1:])

    def make() -> list[FerNode]:
        hri = speaks_hri(args.hri, args.faces)
        if args.hri == "auto" and not hri and args.machine != "cloud":
            get_logger("graph").info(WITHOUT_HRI)
        specs = nodes_of(args.machine, args.image_topic, args.faces, hri=hri)
        return make_nodes(specs, parameters(args.config, args.options, specs), args.namespace)

    return run_program("graph", arguments, make)


def run_program(
    program: str,
    arguments: Sequence[str],
    make: Callable[[], list[FerNode]],
    begin: Callable[[Event], None] = lambda _: None,
    beat: Callable[[], None] = lambda: None,
) -> int:
    """Run nodes until they are stopped; the exit status, and one line where it is not 0.

    Args:
        program: its name, for that line.
        arguments: those of the process, its name first.
        make: makes the nodes.
        begin: called with the event that ends the program when it is set.
        beat: called again and again while the nodes work.
    """
    nodes: list[FerNode] = []
    try:
        if program.rpartition("/")[2] in SENDERS:
            os.environ.update(image_transport(os.environ))
        stopping = start_ros(arguments)
        begin(stopping)
        nodes = make()
        start(nodes)

        def over() -> bool:
            beat()
            return stopping.is_set()

        spin(nodes, over)
    except FerError as error:
        words = str(error).split()  # a parser's message may have several lines
        print(f"{program}: {' '.join(words)}", file=sys.stderr)  # noqa: T201 the last word of a program
        return 1
    finally:
        for node in nodes:
            node.destroy_node()
        rclpy.try_shutdown()
    return 0


def start_ros(arguments: Sequence[str]) -> Event:
    """Start ROS in this process, which then has to end when the returned event is set.

    SIGINT and SIGTERM set it; a second one ends the process at once. rclpy's own handler would
    invalidate the context under the feet of callbacks and threads that are just publishing.
    """
    stopping = Event()

    def stop(number: int, _: object) -> None:
        stopping.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    rclpy.init(args=list(arguments), signal_handler_options=SignalHandlerOptions.NO)
    return stopping


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="graph",
        description="Run the nodes of the robot, of the cloud, or both, in one process.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--machine", choices=MACHINES, default="both", help="whose nodes (default both)")
    parser.add_argument("--image-topic", default="", help="take these images; no camera node is started")
    parser.add_argument("--faces", choices=FACES, default="own", help="hri: another node finds faces")
    parser.add_argument("--hri", choices=HRI, default="auto", help="tell all as ROS 4 HRI does, too")
    parser.add_argument("--namespace", default="", help="of the whole graph")
    parser.add_argument(
        "--config", type=Path, action="append", default=[], help="a ROS parameter file; repeatable"
    )
    parser.add_argument(
        "--options",
        type=_mapping,
        default={},
        help="node → parameter → value, as YAML or JSON; wins over files",
    )
    return parser


def _mapping(text: str) -> dict[str, Any]:
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not YAML") from error
    if not isinstance(value, dict) or not all(isinstance(entry, dict) for entry in value.values()):
        raise argparse.ArgumentTypeError(f"{text!r} does not map nodes to their parameters")
    return value
