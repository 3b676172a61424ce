"""`make bench-switch`: the switch between robot and cloud under faults at moments that nobody chose.

The last line is one JSON object; the status is 1 where a figure misses its target. What the figures
mean: docs/switch.md.
"""

import argparse
import gc
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from benchmarks.switch_faults import OSCILLATION_S, SIMULATED, Report, draw, oscillate, suffer
from benchmarks.switch_sender import ShippedSender
from benchmarks.switch_watch import Watch
from benchmarks.switch_world import Sender, SteadySender, World, profiles

Figures = dict[str, Any]

HEALTHY_S = 20.0  # at the beginning, with a link that was always good
SETTLED = 20  # faults, about five minutes: queues are filled; from here on memory must not grow
FREQUENCIES_HZ = (0.1, 0.125, 0.15, 0.2, 0.25, 0.3, 0.5, 0.7, 1.0, 1.4, 2.0)
HEALTHY_SHARES = (0.3, 0.5, 0.7, 0.9)
PAGE_KB = 4

# Figure → the most that it may be.
TARGETS = {
    "max_gap_ms": 100.0,
    "out_of_order": 0,
    "max_age_ms": 250.0,
    "max_detect_ms": 400.0,
    "max_online_age_ms": 400.0,
    "max_return_s": 3.0,
    "max_switches_per_5s": 1.0,
    "lost_by_switch": 0,
    "published_twice": 0,
    "memory_growth_kb": 1024,
}

SENDERS: dict[str, Callable[[], Sender]] = {"steady": SteadySender, "shipped": ShippedSender}


def simulated(number: int, seed: int, report: Report, sender: str = "shipped") -> Figures:
    """Figures of `number` drawn faults and of an oscillating link, in simulated time."""
    links = profiles()
    watch = Watch()
    world = World(seed, links["wifi"], watch, SENDERS[sender]())
    begun = world.now
    faults = list(draw(SIMULATED, number, seed, links))
    world.run(HEALTHY_S)
    suffer(world, faults[:SETTLED], watch.switching, lambda *_: None)
    settled_kb = resident_kb()
    suffer(world, faults[SETTLED:], watch.switching, report)
    world.run(HEALTHY_S)
    grown_kb = resident_kb() - settled_kb
    return {
        "faults": number,
        **figures_of(watch, sum(world.selector.dropped.values())),
        **oscillations(seed, report, sender),
        "memory_growth_kb": max(grown_kb, 0),
        "simulated_s": round(world.now - begun),
    }


def figures_of(watch: Watch, dropped: int) -> Figures:
    """Figures of one run."""
    stream = watch.stream
    return {
        **stream.figures(),
        **watch.switching.figures(),
        "max_cloud_part_age_ms": round(1e3 * stream.max_cloud_age_s, 1),
        "dropped_with_reason": dropped,
        "lost_by_switch": stream.offered - stream.passed - dropped,
    }


def oscillations(seed: int, report: Report, sender: str) -> Figures:
    """Switches under links that come and go regularly, each from a healthy beginning."""
    cases = [(hz, share) for hz in FREQUENCIES_HZ for share in HEALTHY_SHARES]
    found = []
    for done, (hz, share) in enumerate(cases):
        found.append(_oscillation(hz, share, seed, sender))
        report("oscillating links", done + 1, len(cases))
    return {key: max(one[key] for one in found) for key in found[0]}


def _oscillation(hz: float, healthy_share: float, seed: int, sender: str) -> Figures:
    watch = Watch()
    world = World(seed, profiles()["wifi"], watch, SENDERS[sender]())
    world.run(HEALTHY_S)
    watch.switching.restart()
    oscillate(world, hz, healthy_share, OSCILLATION_S)
    return watch.switching.rates(OSCILLATION_S)


def missed(figures: Figures) -> list[str]:
    """Figures above their targets, in words."""
    return [
        f"{key} is {figures[key]}, at most {most} was promised"
        for key, most in TARGETS.items()
        if key in figures and not figures[key] <= most
    ]


def resident_kb() -> int:
    """Memory of this process, kB."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_KB


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; status 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.switch", description=__doc__)
    parser.add_argument("--faults", type=int, help="number (default 1000, with --real 100)")
    parser.add_argument("--seed", type=int, default=1, help="of everything that is drawn")
    parser.add_argument("--sender", choices=tuple(SENDERS), default="shipped", help="of the simulated robot")
    parser.add_argument("--real", action="store_true", help="real time, real nodes, real processes")
    args = parser.parse_args(arguments)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def report(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        if args.real:
            from benchmarks.switch_real import real  # needs ROS

            figures = real(args.faults or 100, args.seed, report)
        else:
            figures = simulated(args.faults or 1000, args.seed, report, args.sender)
    complaints = missed(figures)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    print(json.dumps(figures))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
