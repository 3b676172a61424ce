"""Cores, memory, clocks and ports."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fer_ros.doctor.finding import Finding, failure, fine, warning

GRAPH_MB = 600  # the graph takes 421 with images of 1280x720, and other programs want some, too
STEP_S = 0.005  # that the time of day may move against time that only passes, while this runs
COARSE_S = 0.001
ROOT = Path("/")


@dataclass(frozen=True)
class Clocks:
    """What was read of the clocks.

    Attributes:
        synchronised: whether the kernel is told the time; None where it does not say.
        moved_s: how far the time of day moved against time that only passes, while somebody looked.
        resolution_s: of the coarser of the two.
    """

    synchronised: bool | None
    moved_s: float
    resolution_s: float


def cores(count: int) -> Finding:
    """Processor cores that this process may use."""
    if count < 2:
        return warning(
            "cores", f"{count}: robot and cloud share it", "run the cloud elsewhere: fer_ros run --no-cloud"
        )
    return fine("cores", str(count))


def memory(root: Path = ROOT) -> Finding:
    """Memory that is available."""
    try:
        lines = (line.split() for line in (root / "proc/meminfo").read_text().splitlines())
        free_mb = next(int(words[1]) for words in lines if words[0] == "MemAvailable:") / 1000
    except (OSError, StopIteration, ValueError):
        return warning("memory", "it is not told how much there is", f"see that {GRAPH_MB} MB are free")
    if free_mb < GRAPH_MB:
        return warning(
            "memory", f"{free_mb:.0f} MB available; the graph takes up to {GRAPH_MB}", "end other programs"
        )
    return fine("memory", f"{free_mb:.0f} MB available")


def clocks(read: Clocks) -> Iterator[Finding]:
    """Whether stamps of two machines mean the same, and time flows evenly."""
    if read.synchronised is None:
        yield warning("clock", "the kernel does not say whether it is right", NTP)
    elif read.synchronised:
        yield fine("clock", "synchronised")
    else:
        yield warning("clock", "not synchronised: stamps would not compare with other machines'", NTP)
    if abs(read.moved_s) > STEP_S:
        text = f"the time of day moved by {1000 * read.moved_s:.1f} ms while this ran"
        yield warning("time of day", text, "wait until it is set; let NTP slew, not step")
    elif read.resolution_s > COARSE_S:
        text = f"its resolution is {1000 * read.resolution_s:.1f} ms"
        yield warning("time of day", text, "boot with a high-resolution clock source")
    else:
        yield fine("time of day", f"steady, in steps of {read.resolution_s * 1e9:.0f} ns")


NTP = "apt install chrony, or on the machine around a container; one machine alone needs none"


def page(host: str, port: int) -> Finding:
    """Whether the live page's address is free."""
    where = f"{host}:{port}"
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return warning(
            "page", f"{where} is taken ({error.strerror})", "end what listens there, or give --web.port 0"
        )
    return fine("page", f"{where} is free")


def providers(found: list[str]) -> Finding:
    """Where ONNX Runtime can compute."""
    if "CPUExecutionProvider" not in found:
        return failure("ONNX Runtime", f"no provider for this CPU among {found}", "pip install onnxruntime")
    return fine("ONNX Runtime", ", ".join(name.removesuffix("ExecutionProvider") for name in found))
