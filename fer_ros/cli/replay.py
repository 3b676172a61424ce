"""`fer_ros replay`: a recorded run decided again, and compared with the recording."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_ros.bags.about import NODES, POLICY, recorded_values
from fer_ros.cli.options import add_parameters, given
from fer_ros.cli.watching import bar, warn
from fer_ros.configuration import Values, read_parameter_file, resolve
from fer_ros.deployment import OWN_FILES, nodes_of
from fer_ros.environment import meet_nobody
from fer_ros.errors import FerError
from fer_ros.resources import share

if TYPE_CHECKING:
    from fer_ros.bags.comparison import Verdict
    from fer_ros.bags.words import Words

EPILOG = """examples:
  fer_ros run --duration 25 --cut-link 8 5 --record run      and then
  fer_ros replay run
  fer_ros replay run --mode.offline_after_s 0.5              what would have been different?
  fer_ros replay run --policy museum_guide --json

The nodes mode and conversation get the recorded messages again, each at the very time at which it was judged,
with the recorded parameters and policy, unless --config or options say otherwise. Where the recording holds
crops of faces (--record-images), emotion/robot is made again too. Everything that a message says is
compared; only latency_s of emotion/robot is a measurement of the machine and left out. Nothing is heard from
or sent to other nodes. What is exact and what is not: docs/recording.md.

exit status: 0 when the replay says what the recording says, 1 when it does not, or cannot be made
"""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "replay",
        help="decide a recorded run again, and compare",
        description="Replay a recording of `fer_ros run --record` under simulated time.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("bag", type=Path, help="a folder of --record, or the .mcap file in it")
    parser.add_argument("--namespace", default="", help="of the robot, where the bag holds several")
    parser.add_argument(
        "--config", type=Path, action="append", default=[], help="a ROS parameter file; repeatable"
    )
    parser.add_argument("--policy", default=argparse.SUPPRESS, help="short for --conversation.policy")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    for node, kind in NODES.items():
        add_parameters(parser, node, kind)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Replay and compare."""
    from fer_ros.bags.comparison import compare
    from fer_ros.bags.words import Words

    words = Words(args.bag, args.namespace)
    for about in (words.damage, "" if words.exact else f"{args.bag}: {NOT_EXACT}"):
        if about:
            warn(about)
    try:
        import rclpy

        from fer_ros.nodes.process import start_ros
        from fer_ros.nodes.replayed import Replayed
    except ImportError as error:
        raise FerError(
            f"fer_ros replay needs ROS 2 and the built interfaces ({error}); see README, or `make build`"
        ) from error
    meet_nobody()
    with tempfile.TemporaryDirectory() as folder, bar("replaying") as progress:
        values = _values(args, words, Path(folder))
        stopping = start_ros(["--ros-args", "--log-level", "error"])

        def report(share: float) -> None:
            progress.update(progress.task_ids[0], completed=share)

        try:
            replayed = Replayed(words, values, stopping.is_set, report)
        finally:
            rclpy.try_shutdown()
    verdicts = [
        compare(topic, words.said[topic], said, words.span_ns) for topic, said in replayed.said.items()
    ]
    _tell(args, words, verdicts)
    return 0 if all(verdict.same for verdict in verdicts) else 1


NOT_EXACT = (
    "its times are those at which a recorder heard, not those of the decisions; "
    "record with `fer_ros run --record` to replay exactly"
)


def _values(args: argparse.Namespace, words: Words, folder: Path) -> dict[str, Values]:
    """Parameters: the package's, the recorded ones, those of the user's files, and options; the last wins."""
    options = given(args)
    if "policy" in args:
        options.setdefault("conversation", {})["policy"] = args.policy
    own = [read_parameter_file(share("config") / name) for name in OWN_FILES]
    files = [read_parameter_file(path) for path in args.config]
    recorded = recorded_values(words.about)
    if text := words.about.get(POLICY):
        policy = folder / f"{Path(recorded['conversation']['policy']).stem}.yaml"
        policy.write_text(text, "utf-8")
        recorded["conversation"]["policy"] = str(policy)
    return resolve(nodes_of("both"), [*own, recorded, *files], options)


def _more(verdict: Verdict) -> str:
    return f"none ({verdict.not_recorded} more, not recorded any more)" if verdict.not_recorded else "none"


def _tell(args: argparse.Namespace, words: Words, verdicts: Sequence[Verdict]) -> None:
    from rich.console import Console
    from rich.table import Table

    same = all(verdict.same for verdict in verdicts)
    if args.json:
        topics = {verdict.topic: verdict.as_dict() for verdict in verdicts}
        print(json.dumps({"bag": str(args.bag), "same": same, "exact": words.exact, "topics": topics}))
        return
    table = Table(title=f"{args.bag}")
    for name in ("topic", "recorded", "replayed", "equal", "first difference"):
        table.add_column(name, justify="right" if name in ("recorded", "replayed", "equal") else "left")
    for verdict in verdicts:
        numbers = (verdict.recorded, verdict.replayed, verdict.equal)
        table.add_row(verdict.topic, *map(str, numbers), verdict.first or _more(verdict))
    Console(file=sys.stdout).print(table)
    print("the replay says what the recording says" if same else "the replay differs")
