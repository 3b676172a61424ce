"""Faults in real time: the robot's nodes and the cloud's as two groups of processes, and a witness here.

The witness hears what any subscriber hears, asks `set_link` to cut and slow the link, and kills the
cloud's group without a warning. Nothing leaves this machine.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from typing import Any

import rclpy
from fer_ros.msg import EmotionEstimate, OperatingMode
from fer_ros.srv import SetLink
from rclpy.experimental import EventsExecutor

from benchmarks.switch_faults import OSCILLATION_S, REAL, Report, draw, oscillate, suffer
from benchmarks.switch_seen import Seen
from benchmarks.switch_world import profiles
from fer_ros.link.profiles import LinkProfile
from fer_ros.nodes.messages import seconds
from fer_ros.nodes.node import FerNode
from fer_ros.nodes.qos import LATCHED, RESULTS

Figures = dict[str, Any]

DOMAIN = 98  # nobody else's
GRAPH = (
    "import sys; from fer_ros.nodes.process import run_graph; sys.exit(run_graph(['graph', *sys.argv[1:]]))"
)
LINK = "wifi"
# As light as it gets: what is measured is the switch, not the reader of faces.
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "camera": {"width": 640, "height": 360, "rate_hz": 30.0},
    "faces": {"reader": "none"},
    "uplink": {"profile": LINK},
}
PATIENCE_S = 60.0
HEALTHY_S = 15.0  # at the beginning, with a link that was always good
OSCILLATION_HZ = 0.5
LOOK_UP_S = 0.05


class Witness(FerNode):
    """Hears the robot's topics and asks for faults of the link."""

    def __init__(self, seen: Seen) -> None:
        super().__init__("witness")
        self._seen = seen
        self.create_subscription(EmotionEstimate, "emotion", self._on_emotion, RESULTS)
        self.create_subscription(EmotionEstimate, "emotion/robot", self._on_robot, RESULTS)
        self.create_subscription(EmotionEstimate, "emotion/cloud", self._on_cloud, RESULTS)
        self.create_subscription(OperatingMode, "mode", self._on_mode, LATCHED)
        self.link = self.create_client(SetLink, "set_link")

    def _on_emotion(self, msg: EmotionEstimate) -> None:
        self._seen.passed(seconds(msg.header.stamp), msg.face_id, msg.source, self.now())

    def _on_robot(self, msg: EmotionEstimate) -> None:
        self._seen.offered(seconds(msg.header.stamp), msg.face_id, self.now())

    def _on_cloud(self, msg: EmotionEstimate) -> None:
        self._seen.switching.result(seconds(msg.header.stamp), self.now())

    def _on_mode(self, msg: OperatingMode) -> None:
        self._seen.changed(msg.mode, self.now())


class RealWorld:
    """Two groups of processes, and the time of the clock on the wall."""

    def __init__(self, seen: Seen, environment: Mapping[str, str]) -> None:
        self._seen = seen
        self._environment = environment
        self._witness = Witness(seen)
        self._executor = EventsExecutor()
        self._executor.add_node(self._witness)
        self._groups: dict[str, subprocess.Popen[bytes]] = {}
        for machine in ("robot", "cloud"):
            self._start(machine)

    @property
    def now(self) -> float:
        """The time, s."""
        return self._witness.now()

    def run(self, seconds: float) -> None:
        """Let time pass."""
        end = time.monotonic() + seconds
        self._until(lambda: time.monotonic() >= end, "time passes")

    def cut(self, cut: bool) -> None:
        """Cut the link, or mend it."""
        self._ask(SetLink.Request(cut=cut))

    def change_link(self, profile: LinkProfile | None) -> None:
        """Put another profile in force; None: the first one again."""
        self._ask(SetLink.Request(profile=profile.name if profile else LINK))

    def kill_cloud(self) -> None:
        """End the cloud's processes, without a warning."""
        self._kill("cloud")

    def start_cloud(self) -> None:
        """Start the cloud's processes again, and return when a fresh result came."""
        self._start("cloud")
        since = self.now
        self._until(lambda: self._seen.switching.freshest > since, "the restarted cloud gives fresh results")

    def wait_for_online(self) -> None:
        """Return when the robot uses the cloud."""
        self._until(self._witness.link.service_is_ready, "set_link is there")
        self._until(lambda: self._seen.switching.online, "the robot is ONLINE")

    def close(self) -> None:
        """End everything that was started."""
        for machine in list(self._groups):
            self._kill(machine)
        self._executor.shutdown()
        self._witness.destroy_node()

    def _start(self, machine: str) -> None:
        # On one machine the cloud must not take what the robot would have for itself.
        polite = ["nice", "-n", "10"] if machine == "cloud" else []
        command = [*polite, sys.executable, "-c", GRAPH, "--machine", machine]
        command += ["--options", json.dumps(OPTIONS)]
        command += ["--ros-args", "--log-level", "error"]
        self._groups[machine] = subprocess.Popen(
            command, env=dict(self._environment), start_new_session=True, stdout=subprocess.DEVNULL
        )

    def _kill(self, machine: str) -> None:
        group = self._groups.pop(machine)
        os.killpg(group.pid, signal.SIGKILL)
        group.wait()

    def _ask(self, request: SetLink.Request) -> None:
        future = self._witness.link.call_async(request)
        self._until(future.done, "set_link answers")
        if not future.result().success:
            raise RuntimeError(f"set_link refused: {future.result().message}")

    def _until(self, condition: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > end:
                raise RuntimeError(f"it did not happen within {PATIENCE_S:g} s that {what}")
            self._executor.spin_once(timeout_sec=LOOK_UP_S)


def real(number: int, seed: int, report: Report) -> Figures:
    """Figures of `number` drawn faults in real time; RuntimeError where the graph does not come up."""
    own = {"ROS_DOMAIN_ID": str(DOMAIN), "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST"}
    os.environ.update(own)
    seen = Seen()
    with tempfile.TemporaryDirectory() as logs:
        os.environ["ROS_LOG_DIR"] = logs
        rclpy.init()
        world = RealWorld(seen, os.environ)
        try:
            world.wait_for_online()
            world.run(HEALTHY_S)
            seen.begin()
            faults = list(draw(REAL, number, seed, profiles()))
            suffer(world, faults, seen.switching, report)
            world.run(HEALTHY_S)
            figures = {"faults": number, **seen.figures()}
            seen.switching.restart()
            oscillate(world, OSCILLATION_HZ, 0.5, OSCILLATION_S)
        finally:
            world.close()
            rclpy.shutdown()
    return {**figures, **seen.switching.rates(OSCILLATION_S)}
