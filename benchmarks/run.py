"""`make bench`: every figure of the README on this machine, printed and written to benchmarks/.

Close other programs first: what else the machine does is measured too. Machines differ, and the same one
differs from hour to hour, so MediaPipe's time for a face is measured before and after every part: times are
compared with their targets after division by how much slower it was than where the targets were set.
"""

import argparse
import json
import platform
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2

from benchmarks import graph, perception
from benchmarks.models import models
from benchmarks.report import check, table, to_markdown

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
REPORT = HERE / "results.md"

Figures = dict[str, Any]


def composed() -> Figures:
    """The graph in one process, the robot in charge, the cloud at work behind wifi."""
    return graph.composed(60, "--mode", "offline", "--profile", "wifi")


def online() -> Figures:
    """The same with the cloud in charge: what a wifi costs."""
    return graph.composed(30, "--mode", "automatic", "--profile", "wifi")


def haar() -> Figures:
    """The graph where no third-party model is."""
    return graph.composed(
        30, "--mode", "offline", "--profile", "wifi", "--finder", "haar", "--reader", "none"
    )


def separate() -> Figures:
    """One process a node, with the Fast DDS profile of the launch files."""
    return graph.separate(60)


def separate_default() -> Figures:
    """One process a node, with Fast DDS's own settings."""
    return graph.separate(10, with_profile=False)


def found() -> Figures:
    """Found share and cost by face width, 1280x720."""
    return {
        name: perception.found_by_size(*name.split("+"))
        for name in ("yunet+none", "yunet+mediapipe", "haar+none")
    }


def faces() -> Figures:
    """Cost of finding, following and reading one and five faces."""
    return {name: perception.cost_by_faces(*name.split("+")) for name in ("yunet+mediapipe", "haar+none")}


PARTS: dict[str, Callable[[], Figures]] = {
    "composed": composed,
    "online": online,
    "haar": haar,
    "separate": separate,
    "separate_default": separate_default,
    "own_code": perception.own_code,
    "video": perception.video_rate,
    "faces": faces,
    "found": found,
    "models": models,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the parts, compare them with their targets; status 1 where one is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all by default")
    args = parser.parse_args(arguments)
    unknown = [part for part in args.parts if part not in PARTS]
    if unknown:
        parser.error(f"{unknown[0]} is not a part; choose of {', '.join(PARTS)}")
    # One thread, as on a robot's core, and figures that compare between machines.
    cv2.setNumThreads(1)
    results = json.loads(RESULTS.read_text()) if RESULTS.is_file() and args.parts else {}
    machines = results.setdefault("machines", {})
    for part in args.parts or PARTS:
        print(f"{part}: {(PARTS[part].__doc__ or '').splitlines()[0]}", file=sys.stderr, flush=True)
        before = perception.slowness()
        results[part] = PARTS[part]()
        machines[part] = _machine()
        results.setdefault("slowness", {})[part] = (before + perception.slowness()) / 2
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    targets = check(results)
    REPORT.write_text(to_markdown(results, targets))
    print(table(targets))
    return 0 if all(target.met for target in targets) else 1


def _machine() -> str:
    names = [
        line.split(":")[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return f"{len(names)} x {names[0] if names else platform.processor()}, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
