"""`fer_ros security`: what each node may do, as SROS 2 policies."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fer_ros.configuration import Values
from fer_ros.deployment import MACHINES, WITHOUT_HRI, nodes_of, parameters, speaks_hri
from fer_ros.environment import meet_nobody
from fer_ros.errors import FerError, ParameterError
from fer_ros.graph import FACES, NodeSpec, robot_graph
from fer_ros.security import Uses, enclave, policies, table

EPILOG = """examples:
  fer_ros security                                    what each node uses with the default parameters
  fer_ros security --out policies                     a policy for each node, and for each composed machine
  fer_ros security --out policies --namespace left --config my_robot.yaml
  fer_ros security --out policies --image-topic /camera/image_raw --hri on

The nodes are made, asked, and destroyed; nothing is sent or heard. `ros2 security` makes keys and permissions
of the policies: docs/security.md.
"""

ABOUT = """# What each node may do

Written by `fer_ros security`, with the policies beside it; how to use them: docs/security.md. Names are
relative to the node's namespace, or absolute; a `*` stands for the id of a face. Left out is what every node
may: publish /diagnostics, /rosout and /parameter_events, and serve its own parameters, its type descriptions
and, where it has one, its life cycle.

"""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "security",
        help="write SROS 2 policies with the least permissions",
        description="Make every node of the graph, ask what it uses, and write that down as all it may use.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", type=Path, help="folder for the policies; none: a table is printed")
    parser.add_argument("--namespace", default="", help="of the whole graph: one for each robot on a network")
    parser.add_argument(
        "--image-topic", default="", help="somebody else's images, instead of the camera node's"
    )
    parser.add_argument(
        "--config", type=Path, action="append", default=[], help="a ROS parameter file; repeatable"
    )
    parser.add_argument(
        "--hri", choices=("on", "off"), default="off", help="whether composed machines speak ROS 4 HRI"
    )
    parser.add_argument("--faces", choices=FACES, default="own", help="who finds faces on composed machines")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Ask the nodes, and write."""
    try:
        import rclpy

        from fer_ros.nodes.usage import usage
    except ImportError as error:
        raise FerError(
            f"fer_ros security needs ROS 2 and the built interfaces ({error}); see README, or `make build`"
        ) from error
    specs = _specs(args)
    values = _harmless(parameters(args.config, {}, specs))
    meet_nobody()
    rclpy.init(args=["--ros-args", "--log-level", "warn"])
    try:
        nodes = usage(specs, values, args.namespace)
    finally:
        rclpy.try_shutdown()
    if args.out is None:
        print(table(nodes), end="")
    else:
        _write_all(nodes, args)
    if not speaks_hri("auto"):
        print(f"fer_ros: {WITHOUT_HRI}, and its nodes are left out", file=sys.stderr)
    return 0


def _specs(args: argparse.Namespace) -> list[NodeSpec]:
    """Every node that can be made here: those that run together first, as their parameters are asked for."""
    specs = _of("both", args)
    specs += robot_graph(args.image_topic, web=True)
    if speaks_hri("auto"):
        specs += [spec for faces in FACES for spec in robot_graph(args.image_topic, faces, hri=True)]
    found: dict[str, NodeSpec] = {}
    for spec in specs:
        found.setdefault(spec.path, spec)
    return list(found.values())


def _of(machine: str, args: argparse.Namespace) -> list[NodeSpec]:
    return nodes_of(machine, args.image_topic, args.faces, hri=speaks_hri(args.hri, args.faces))


def _harmless(values: dict[str, Values]) -> dict[str, Values]:
    """The same, but for a log, which does not hold that nodes were asked, and for the page's port."""
    nowhere, anywhere = {"audit_log": os.devnull}, {"port": 0}
    harmless = {path: {**some, **nowhere} if some.get("audit_log") else some for path, some in values.items()}
    return harmless | {path: {**some, **anywhere} for path, some in harmless.items() if path == "web"}


def _write_all(nodes: Sequence[Uses], args: argparse.Namespace) -> None:
    machines = {f"composed/{m}": [spec.path for spec in _of(m, args)] for m in MACHINES}
    for path, text in policies(nodes, machines, args.namespace).items():
        _write(args.out / f"{path}.xml", text)
        print(f"{enclave(path, args.namespace)}  {args.out / path}.xml")
    _write(args.out / "README.md", ABOUT + table(nodes))


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ParameterError(f"{path} cannot be written: {error.strerror}") from error
