"""Every node killed again and again: `python -m benchmarks.respawn` prints one JSON line at its end.

`fer_ros run --separate` runs the whole graph; each node in turn is killed without a warning, and it is waited
until the graph is whole again: the node is active, and estimates of a face come from the robot and the cloud.
"""

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import rclpy
from fer_ros.msg import EmotionEstimate
from lifecycle_msgs.srv import GetState
from rcl_interfaces.srv import GetParameters
from rclpy.client import Client
from rclpy.experimental import EventsExecutor
from rclpy.node import Node
from rich.console import Console
from rich.progress import track

from benchmarks.processes import child_of
from fer_ros.deployment import nodes_of
from fer_ros.graph import PARAMETERS, NodeSpec
from fer_ros.lifecycle import ManagedParams
from fer_ros.nodes.messages import seconds
from fer_ros.nodes.qos import RESULTS

DOMAIN = 97  # nobody else's
COMMAND = [sys.executable, "-c", "import sys; from fer_ros.cli.main import main; sys.exit(main())"]
# As light as it gets: what is measured is how the graph comes back, not the reader of faces.
LIGHT: dict[str, Any] = {
    "camera.width": 320,
    "camera.height": 240,
    "camera.distance_m": 0.8,
    "camera.rate_hz": 15,
    "faces.finder": "haar",
    "faces.reader": "none",
    "cloud/receiver.finder": "haar",
    "faces.max_age_s": 2.0,
    "estimator.max_age_s": 2.0,
    "mode.robot_max_age_s": 2.0,
}
PATIENCE_S = 60.0  # of a machine that does other work, too
CALM_S = 1.0  # at most, from a graph that is whole to the next death
ASK_EVERY_S = 0.05
TOPICS = ("emotion", "emotion/cloud")
WORKS = re.compile(r"fer_ros: ([a-z_/]+) works again, ([0-9.]+) s after its start")


class NotBackError(Exception):
    """The graph did not become whole again."""


@dataclass
class Lives:
    """What the deaths of one node cost.

    Attributes:
        back_s: from the kill until the graph was whole.
        active_s: from the start of the new process until its node was active, by its own word.
    """

    back_s: list[float] = field(default_factory=list)
    active_s: list[float] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "kills": len(self.back_s),
            "back_s": {"median": round(median(self.back_s), 2), "max": round(max(self.back_s), 2)},
            "active_s": {"median": round(median(self.active_s), 2), "max": round(max(self.active_s), 2)},
        }


class Witness:
    """Hears what any subscriber hears, and asks nodes how they are."""

    def __init__(self, specs: Sequence[NodeSpec]) -> None:
        self._node = Node("witness")
        self._newest = dict.fromkeys(TOPICS, 0.0)  # stamp of the newest estimate of a face, s
        for topic in TOPICS:
            self._node.create_subscription(
                EmotionEstimate, topic, lambda msg, topic=topic: self._hear(topic, msg), RESULTS
            )
        self._clients = {spec.path: self._client(spec) for spec in specs}
        self._executor = EventsExecutor()
        self._executor.add_node(self._node)

    def is_active(self, path: str) -> bool:
        """Ask a node whether it is active; False where it does not answer soon."""
        client = self._clients[path]
        managed = client.srv_type is GetState
        asked = client.call_async(GetState.Request() if managed else GetParameters.Request())
        self.spin(asked.done, ASK_EVERY_S)
        answer = asked.result() if asked.done() else None
        client.remove_pending_request(asked)
        return answer is not None and (not managed or answer.current_state.label == "active")

    def flows(self, since: float) -> bool:
        """Whether robot and cloud have estimated a face in images later than `since`, s."""
        return min(self._newest.values()) > since

    def spin(self, until: Callable[[], bool], limit_s: float) -> bool:
        """Listen until something is so; whether it became so in time."""
        end = time.monotonic() + limit_s
        while not (met := until()) and time.monotonic() < end:
            self._executor.spin_once(timeout_sec=0.01)
        return met

    def close(self) -> None:
        """Listen no more."""
        self._executor.shutdown()
        self._node.destroy_node()

    def _hear(self, topic: str, msg: EmotionEstimate) -> None:
        if msg.probabilities:
            self._newest[topic] = max(self._newest[topic], seconds(msg.header.stamp))

    def _client(self, spec: NodeSpec) -> Client:
        if ManagedParams in PARAMETERS[spec.executable]:
            return self._node.create_client(GetState, f"{spec.path}/get_state")
        return self._node.create_client(GetParameters, f"{spec.path}/get_parameters")


class Trial:
    """A graph whose nodes are killed, one after the other."""

    def __init__(self, supervisor: int, witness: Witness, seed: int) -> None:
        self._supervisor = supervisor
        self._witness = witness
        self._random = random.Random(seed)

    def wait_until_whole(self, paths: Sequence[str]) -> None:
        """Wait for the beginning."""
        for path in paths:
            self._until(lambda path=path: self._witness.is_active(path), f"{path} active at the start")
        self._until(lambda: self._witness.flows(0.0), "estimates of robot and cloud at the start")

    def kill(self, path: str, lives: Lives) -> None:
        """Kill a node at some moment, and wait until the graph is whole again."""
        calm_s = self._random.uniform(0.0, CALM_S)
        self._witness.spin(lambda: False, calm_s)
        old = child_of(self._supervisor, path)
        killed = time.time()
        os.kill(old, signal.SIGKILL)
        self._until(lambda: child_of(self._supervisor, path) not in (0, old), f"{path} started again")
        self._until(lambda: self._witness.is_active(path), f"{path} active again")
        active = time.time()
        self._until(lambda: self._witness.flows(active), f"estimates again after the death of {path}")
        lives.back_s.append(time.time() - killed)

    def _until(self, condition: Callable[[], bool], what: str) -> None:
        if not self._witness.spin(condition, PATIENCE_S):
            raise NotBackError(f"not within {PATIENCE_S:.0f} s: {what}")


@contextmanager
def running(said: Path) -> Iterator["subprocess.Popen[str]"]:
    """The graph under its supervisor, which is interrupted at the end; `said` takes its words."""
    options = [part for name, value in LIGHT.items() for part in (f"--{name}", str(value))]
    with said.open("w") as words:
        process = subprocess.Popen(
            [*COMMAND, "run", "--separate", "--json", *options],
            stdout=subprocess.PIPE,
            stderr=words,
            text=True,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE_S)


def measure(kills: int, wanted: Sequence[str], seed: int) -> dict[str, Any]:
    """Kill every wanted node so often, each in turn; the figures.

    Raises:
        NotBackError: the graph did not become whole again.
    """
    specs = nodes_of("both")
    paths = [spec.path for spec in specs if not wanted or spec.path in wanted]
    lives: dict[str, Lives] = defaultdict(Lives)
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said"
        try:
            with running(said) as process:
                witness = Witness(specs)
                trial = Trial(process.pid, witness, seed)
                trial.wait_until_whole([spec.path for spec in specs])
                console = Console(stderr=True)
                turns = [path for _ in range(kills) for path in paths]
                for path in track(turns, "killing", console=console, disable=not console.is_terminal):
                    trial.kill(path, lives[path])
                witness.close()
        except NotBackError as error:
            raise NotBackError(f"{error}\n{said.read_text()[-2000:]}") from error
        for path, active_s in WORKS.findall(said.read_text()):
            lives[path].active_s.append(float(active_s))
        summary = json.loads((process.stdout.read() if process.stdout else "").splitlines()[-1])
    return {
        "nodes": {path: lives[path].as_dict() for path in paths},
        "slowest_start_s": round(max(max(lives[path].active_s) for path in paths), 2),
        "slowest_return_s": round(max(max(lives[path].back_s) for path in paths), 2),
        "restarts": sum(summary["restarts"].values()),
        "status": process.returncode,
    }


def main() -> int:
    """Print the figures; status 1 where the graph did not come back."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=20, help="of each node (default 20)")
    parser.add_argument("--nodes", nargs="+", default=[], help="only these, e.g. mode cloud/estimator")
    parser.add_argument("--seed", type=int, default=1, help="of the moments (default 1)")
    parser.add_argument("--domain", type=int, default=DOMAIN, help=f"ROS domain (default {DOMAIN})")
    parser.add_argument("--json", action="store_true", help="no table")
    args = parser.parse_args()
    os.environ |= {"ROS_DOMAIN_ID": str(args.domain), "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST"}
    rclpy.init()
    try:
        figures = measure(args.kills, args.nodes, args.seed)
    except NotBackError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        rclpy.shutdown()
    if not args.json:
        print(table(figures))
    print(json.dumps(figures))
    return 0


def table(figures: dict[str, Any]) -> str:
    """One line a node."""
    lines = [f"{'node':<18}kills  back, median and max  start to active, max"]
    for path, of in figures["nodes"].items():
        back, active = of["back_s"], of["active_s"]
        spans = f"{back['median']:>8.2f} s {back['max']:>8.2f} s {active['max']:>12.2f} s"
        lines.append(f"{path:<18}{of['kills']:>5}  {spans}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
