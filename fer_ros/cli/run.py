"""`fer_ros run`: the whole graph in one process and one executor, with a live table."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_ros.bags.about import about_run
from fer_ros.cli.options import add_parameters, given
from fer_ros.configuration import Values
from fer_ros.consent.params import CONTEXTS, FORBIDDEN, DeploymentParams, exception_in_force
from fer_ros.conversation.params import ConversationParams
from fer_ros.deployment import (
    EVERYWHERE,
    HRI,
    ROBOT_SHORT,
    WITHOUT_HRI,
    every_node,
    nodes_of,
    parameters,
    speaks_hri,
)
from fer_ros.environment import prepare_ros
from fer_ros.errors import FerError, ParameterError
from fer_ros.graph import FACES, PARAMETERS, NodeSpec
from fer_ros.sources.params import KINDS

if TYPE_CHECKING:
    from fer_ros.bags.writer import BagWriter

EPILOG = """examples:
  fer_ros run --duration 20                       the built-in source
  fer_ros run --source device --input 0           a camera
  fer_ros run --source video --input clip.mp4 --camera.loop true
  fer_ros run --source topic --input /camera/image_raw --use-sim-time
  fer_ros run --profile wifi --uplink.allow frames --uplink.rung 256x144@5
  fer_ros run --config my_robot.yaml --json
  fer_ros run --separate                          one process a node, each started again when it ends
  fer_ros run --web                               and a page that shows it, at the address that is printed
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
        description="Run camera, faces, estimators, link, mode switch and conversation.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_graph(parser)
    _add_session(parser)
    for name, (owner, parameter) in SHORT.items():
        if name not in CAMERA:
            parser.add_argument(
                f"--{name}", default=argparse.SUPPRESS, help=f"short for --{owner}.{parameter}"
            )
    for spec in every_node():
        for kind in PARAMETERS[spec.executable]:
            add_parameters(parser, spec.path, kind)
    parser.set_defaults(run=run)


def _add_graph(parser: argparse.ArgumentParser) -> None:
    """Options that say which nodes run, and where."""
    parser.add_argument(
        "--source", choices=(*KINDS, "topic"), default=argparse.SUPPRESS, help="where images come from"
    )
    parser.add_argument(
        "--input",
        default=argparse.SUPPRESS,
        help="device, file, folder, bag, or the image topic of --source topic",
    )
    parser.add_argument(
        "--config", type=Path, action="append", default=[], help="a ROS parameter file; repeatable"
    )
    parser.add_argument("--namespace", default="", help="of the whole graph: one for each robot on a network")
    parser.add_argument(
        "--no-cloud", action="store_true", help="the cloud's nodes run elsewhere, or not at all"
    )
    parser.add_argument(
        "--separate", action="store_true", help="one process a node; one that ends is started again"
    )
    parser.add_argument("--viewer", action="store_true", help="draw what is seen over the images")
    parser.add_argument(
        "--web", action="store_true", help="show that, and more, on a page for browsers of this machine"
    )
    parser.add_argument(
        "--deployment-context",
        choices=CONTEXTS,
        default=argparse.SUPPRESS,
        help=f"where the robot is, for every node; {' and '.join(FORBIDDEN)} need --exception",
    )
    parser.add_argument(
        "--exception",
        metavar="TEXT",
        default=argparse.SUPPRESS,
        help="the documented reason why expressions may be estimated at work or in education",
    )
    parser.add_argument(
        "--hri",
        choices=HRI,
        default="auto",
        help="tell faces and expressions as ROS 4 HRI (REP-155) does; auto: where hri_msgs is installed",
    )
    parser.add_argument(
        "--faces",
        choices=FACES,
        default="own",
        help="who finds faces; hri: another detector of ROS 4 HRI does",
    )


def _add_session(parser: argparse.ArgumentParser) -> None:
    """Options that say how long they run, what happens to them, and what is told of it."""
    parser.add_argument(
        "--duration", type=_positive, help="stop after this many seconds (default: when interrupted)"
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


def run(args: argparse.Namespace) -> int:
    """Run the graph until its time is over, its source has ended, or it is interrupted."""
    started = time.time()
    image_topic = _image_topic(args)
    specs = _specs(args, image_topic)
    values = _values(args, specs, without=CAMERA if image_topic else ())
    _check_record(args)
    _check_lawful(values)
    try:
        import rclpy

        from fer_ros.cli.live import Recording, Session
        from fer_ros.cli.page import settle_page
        from fer_ros.cli.running import Composed, Separate
        from fer_ros.nodes.process import start_ros
    except ImportError as error:
        raise FerError(
            f"fer_ros run needs ROS 2 and the built interfaces ({error}); see README, or `make build`"
        ) from error
    page = settle_page(values["web"]) if args.web else ""
    prepare_ros(sends_images=not args.separate)
    log_level = "info" if args.verbose else "warn"
    stopping = start_ros(["--ros-args", "--log-level", log_level])
    quiet = args.json or args.verbose
    recording = Recording(args.record, args.record_images, image_topic) if args.record else None
    try:
        graph = (Separate if args.separate else Composed)(specs, values, args.namespace, log_level)
        about = _about(values)
        with Session(
            graph, about, args.namespace, started, recording, use_sim_time=args.use_sim_time, page=page
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


def _specs(args: argparse.Namespace, image_topic: str) -> list[NodeSpec]:
    """The nodes to run."""
    hri = speaks_hri(args.hri, args.faces)
    if args.hri == "auto" and not (hri or args.json):
        print(WITHOUT_HRI)
    machine = "robot" if args.no_cloud else "both"
    return nodes_of(machine, image_topic, args.faces, hri=hri, viewer=args.viewer, web=args.web)


def _check_record(args: argparse.Namespace) -> None:
    """Refuse what cannot be recorded before anything starts."""
    from fer_ros.bags.writer import refuse_existing

    if args.record is not None:
        refuse_existing(args.record)
    elif args.record_images:
        raise ParameterError("--record-images needs a bag to record into: --record OUT")


def _check_lawful(values: Mapping[str, Values]) -> None:
    """Refuse what each node would refuse, in one line and before anything starts."""
    for own in values.values():
        where = {name: own[name] for name in EVERYWHERE if name in own}
        exception_in_force(DeploymentParams(**where))


def _tell_recorded(bag: BagWriter, as_json: bool) -> bool:
    """Say what is in the bag; whether that is everything."""
    if not as_json:
        lost = f", {bag.dropped} lost" if bag.dropped else ""
        print(f"recorded           {bag.written} messages in {bag.path}{lost}")
    return not (bag.failure or bag.dropped)


def _about(values: Mapping[str, Values]) -> dict[str, str]:
    """What a replay of the run needs besides its messages."""
    from fer_ros.conversation.policy import policy_path

    policy = values["conversation"].get("policy", ConversationParams().policy)
    try:
        text = policy_path(policy).read_text("utf-8")
    except OSError:  # the node says what is wrong with it
        text = ""
    return about_run(values, text)


def _image_topic(args: argparse.Namespace) -> str:
    if getattr(args, "source", "") != "topic":
        return ""
    if not getattr(args, "input", ""):
        raise ParameterError("--source topic needs an image topic: --input /camera/image_raw")
    return str(args.input)


def _values(args: argparse.Namespace, specs: Sequence[NodeSpec], without: Sequence[str]) -> dict[str, Values]:
    """Parameters from the package's files, the user's files, and the options, in this order."""
    everywhere = {name: getattr(args, name) for name in EVERYWHERE if name in args}
    options = {"/**": everywhere, **given(args)} if everywhere else given(args)  # a node's own option wins
    for name, (owner, parameter) in SHORT.items():
        if name in args and name not in without:
            options.setdefault(owner, {})[parameter] = getattr(args, name)
    values = parameters(args.config, options, specs)
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
