"""`fer_ros run`: the whole graph in one process and one executor, with a live table."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fer_ros.bags.writer import BagWriter, refuse_existing
from fer_ros.cli.options import add_parameters, given
from fer_ros.configuration import Values
from fer_ros.deployment import ROBOT_SHORT, nodes_of, parameters
from fer_ros.environment import prepare_ros
from fer_ros.errors import FerError, ParameterError
from fer_ros.graph import PARAMETERS
from fer_ros.sources.params import KINDS

EPILOG = """examples:
  fer_ros run --duration 20                       the built-in source
  fer_ros run --source device --input 0           a camera
  fer_ros run --source video --input clip.mp4 --camera.loop true
  fer_ros run --source topic --input /camera/image_raw --use-sim-time
  fer_ros run --profile wifi --uplink.allow frames --uplink.rung 256x144@5
  fer_ros run --config my_robot.yaml --json
  fer_ros run --duration 25 --profile wifi --cut-link 8 5 --record cut     then: fer_ros link plot cut

--record writes estimates, modes, link, cues and faces without their crops, whatever --source is: no picture.
With --record-images images, crops and what is sent to the cloud are in the bag too.

exit status: 0 when estimates of a face came out, 1 when none did, the graph could not run, or not everything
was recorded
"""

SHORT = {**ROBOT_SHORT, "policy": ("conversation", "policy")}
CAMERA = ("source", "input")  # of these, what chooses the graph too


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "run",
        help="run the whole graph",
        description="Run camera, faces, estimators, link, mode switch and conversation in one process.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--source", choices=(*KINDS, "topic"), default=argparse.SUPPRESS, help="where images come from"
    )
    parser.add_argument(
        "--input",
        default=argparse.SUPPRESS,
        help="device, file, folder, bag, or the image topic of --source topic",
    )
    parser.add_argument(
        "--duration", type=_positive, help="stop after this many seconds (default: when interrupted)"
    )
    parser.add_argument(
        "--config", type=Path, action="append", default=[], help="a ROS parameter file; repeatable"
    )
    parser.add_argument("--namespace", default="", help="of the whole graph: one for each robot on a network")
    parser.add_argument(
        "--no-cloud", action="store_true", help="the cloud's nodes run elsewhere, or not at all"
    )
    parser.add_argument("--use-sim-time", action="store_true", help="take the time from /clock")
    parser.add_argument(
        "--cut-link",
        type=_positive,
        nargs=2,
        metavar=("AT", "FOR"),
        help="cut the link after AT s, for FOR s",
    )
    parser.add_argument(
        "--record", type=Path, metavar="OUT", help="write a rosbag2 folder (MCAP), no pictures"
    )
    parser.add_argument("--record-images", action="store_true", help="record pictures of people too")
    parser.add_argument("--json", action="store_true", help="no live table; the summary as one JSON object")
    parser.add_argument("--verbose", action="store_true", help="let the nodes log instead of the live table")
    for name, (owner, parameter) in SHORT.items():
        if name not in CAMERA:
            parser.add_argument(
                f"--{name}", default=argparse.SUPPRESS, help=f"short for --{owner}.{parameter}"
            )
    for spec in nodes_of("both"):
        for kind in PARAMETERS[spec.executable]:
            add_parameters(parser, spec.path, kind)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the graph until its time is over, its source has ended, or it is interrupted."""
    started = time.time()
    image_topic = _image_topic(args)
    specs = nodes_of("robot" if args.no_cloud else "both", image_topic)
    values = _values(args, without=CAMERA if image_topic else ())
    _check_record(args)
    try:
        import rclpy

        from fer_ros.cli.live import Recording, Session
        from fer_ros.nodes.process import start_ros
    except ImportError as error:
        raise FerError(
            f"fer_ros run needs ROS 2 and the built interfaces ({error}); see README, or `make build`"
        ) from error
    prepare_ros()
    stopping = start_ros(["--ros-args", "--log-level", "info" if args.verbose else "warn"])
    quiet = args.json or args.verbose
    recording = Recording(args.record, args.record_images, image_topic) if args.record else None
    try:
        with Session(
            specs, values, args.namespace, started, recording, use_sim_time=args.use_sim_time
        ) as session:
            summary = session.run(args.duration, args.cut_link, stopping.is_set, quiet=quiet)
    finally:
        rclpy.try_shutdown()
    if not args.json:
        print(summary.text())
    whole = session.recorder is None or _tell_recorded(session.recorder.bag, args.json)
    print(json.dumps(summary.as_dict()))
    if not summary.flowed:
        print(f"fer_ros: {summary.why_not()}", file=sys.stderr)
    return 0 if summary.flowed and whole else 1


def _check_record(args: argparse.Namespace) -> None:
    """Refuse what cannot be recorded before anything starts."""
    if args.record is not None:
        refuse_existing(args.record)
    elif args.record_images:
        raise ParameterError("--record-images needs a bag to record into: --record OUT")


def _tell_recorded(bag: BagWriter, as_json: bool) -> bool:
    """Say what is in the bag; whether that is everything."""
    if not as_json:
        lost = f", {bag.dropped} lost" if bag.dropped else ""
        print(f"recorded           {bag.written} messages in {bag.path}{lost}")
    return not (bag.failure or bag.dropped)


def _image_topic(args: argparse.Namespace) -> str:
    if getattr(args, "source", "") != "topic":
        return ""
    if not getattr(args, "input", ""):
        raise ParameterError("--source topic needs an image topic: --input /camera/image_raw")
    return str(args.input)


def _values(args: argparse.Namespace, without: Sequence[str]) -> dict[str, Values]:
    """Parameters from the package's files, the user's files, and the options, in this order."""
    options = given(args)
    for name, (owner, parameter) in SHORT.items():
        if name in args and name not in without:
            options.setdefault(owner, {})[parameter] = getattr(args, name)
    values = parameters(args.config, options)
    if args.use_sim_time:
        values = {path: {**some, "use_sim_time": True} for path, some in values.items()}
    return values


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds") from error
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} s: give a time above 0")
    return value
