"""One node in a process that somebody supervises: python -m fer_ros.nodes.child PATH, and a job on stdin.

The job is one line. Then stdin stays open for as long as the supervisor lives: when it is closed, by whom or
by what death ever, the node ends. Parameters come this way as nobody else can read it: not from the list of
processes, and not from a file. While the node works, stdout carries its heartbeat; what others would write
there goes to stderr.
"""

import json
import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from threading import Event, Thread
from typing import Any

from fer_ros.graph import NodeSpec
from fer_ros.nodes.priority import give_way

BEAT_S = 1.0
PATIENCE_S = 5.0  # for a node to end by itself
STDIN, STDOUT, STDERR = 0, 1, 2


@dataclass(frozen=True)
class Job:
    """What a child is to run.

    Attributes:
        spec: the node.
        values: parameter → value.
        namespace: of the graph.
        log_level: one of ROS's.
    """

    spec: NodeSpec
    values: Mapping[str, Any]
    namespace: str
    log_level: str

    def as_line(self) -> bytes:
        """The job as a line of JSON."""
        return json.dumps(asdict(self)).encode() + b"\n"


def read_job(line: bytes) -> Job:
    """The job that `Job.as_line` wrote."""
    told = json.loads(line)
    spec = told.pop("spec")
    remappings = tuple((old, new) for old, new in spec.pop("remappings"))
    return Job(NodeSpec(**spec, remappings=remappings), **told)


def main() -> int:
    """Run the node of the job until it is stopped, or nobody supervises it; the exit status."""
    give_way(sys.argv[1].rpartition("/")[2])
    from fer_ros.nodes.main import make_nodes  # much is imported with them: now, with that priority
    from fer_ros.nodes.process import run_program

    with open(STDIN, "rb", buffering=0, closefd=False) as told:
        job = read_job(told.readline())
    supervisor = os.dup(STDOUT)
    os.dup2(STDERR, STDOUT)
    path = job.spec.path
    return run_program(
        path,
        [path, "--ros-args", "--log-level", job.log_level],
        lambda: make_nodes([job.spec], {path: job.values}, job.namespace),
        lambda stopping: Thread(target=_follow, args=(stopping,), name="supervisor", daemon=True).start(),
        _Heart(supervisor).beat,
    )


class _Heart:
    """Tells the supervisor that the node works, now and then."""

    def __init__(self, supervisor: int) -> None:
        os.set_blocking(supervisor, False)
        self._supervisor = supervisor
        self._next = 0.0  # s

    def beat(self) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + BEAT_S
            with suppress(OSError):  # nobody reads: the node ends soon, or the supervisor is stopped
                os.write(self._supervisor, b".")


def _follow(stopping: Event) -> None:
    """End with the supervisor; `os.read`, as a thread that waits in sys.stdin would disturb the end."""
    while os.read(STDIN, 1):
        pass
    stopping.set()
    time.sleep(PATIENCE_S)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
