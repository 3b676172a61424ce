"""The whole graph over ROS: composed in one process, and one process a node."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fer_ros.graph import NodeSpec, cloud_graph, robot_graph
from fer_ros.nodes.transport import image_transport

Figures = dict[str, Any]

NODE = "import sys; from fer_ros.nodes.process import run_node; sys.exit(run_node(sys.argv[1], sys.argv))"
COMMAND = "import sys; from fer_ros.cli.main import main; sys.exit(main())"
DOMAIN = 99  # nobody else's


def composed(duration_s: float, *options: str) -> Figures:
    """`fer_ros run` in a process of its own; its summary."""
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "run", "--duration", str(duration_s), "--json", *options],
        capture_output=True,
        text=True,
        check=False,
        env=_environment(),
    )
    if done.returncode != 0:
        raise RuntimeError(f"the graph did not run: {done.stderr[-500:]}")
    summary: Figures = json.loads(done.stdout.splitlines()[-1])
    return summary


def separate(duration_s: float, *, with_profile: bool = True) -> Figures:
    """One process a node, as the launch files start them, watched by another one."""
    environment = _environment()
    witness = {**environment, **(image_transport(environment) if with_profile else {})}
    with _processes(environment):
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.witness", str(duration_s)],
            capture_output=True,
            text=True,
            check=False,
            env=witness,
        )
    if done.returncode != 0:
        raise RuntimeError(f"the witness saw nothing: {done.stderr[-500:]}")
    seen: Figures = json.loads(done.stdout.splitlines()[-1])
    return seen


@contextmanager
def _processes(environment: dict[str, str]) -> Iterator[None]:
    """Every node but the camera, which the witness starts when all of them listen."""
    specs = [spec for spec in (*robot_graph(), *cloud_graph()) if spec.executable != "camera"]
    with tempfile.TemporaryDirectory() as logs:
        environment["ROS_LOG_DIR"] = logs
        running = [_start(spec, environment) for spec in specs]
        try:
            yield
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(10)


def _start(spec: NodeSpec, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    values = {**spec.parameters, **({"mode": "offline"} if spec.executable == "mode" else {})}
    arguments = ["--ros-args", "--log-level", "error"]
    if spec.namespace:
        arguments += ["-r", f"__ns:=/{spec.namespace}"]
    for name, value in values.items():
        arguments += ["-p", f"{name}:={value}"]
    return subprocess.Popen(
        [sys.executable, "-c", NODE, spec.executable, *arguments], env=environment, stderr=subprocess.DEVNULL
    )


def _environment() -> dict[str, str]:
    return {**os.environ, "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST", "ROS_DOMAIN_ID": str(DOMAIN)}
