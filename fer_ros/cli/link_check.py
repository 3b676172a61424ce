"""`fer_ros link check`: the emulator against theory, as docs/link.md has it."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from fer_ros.evaluate.markdown import table
from fer_ros.link.theory import Comparison, comparisons
from fer_ros.link.traces import Trace, read_trace
from fer_ros.resources import share

HEADER = ("what", "closed form", "in theory", "measured", "difference", "tolerance")


def add(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser(
        "check",
        help="compare the emulator with theory",
        description="Send through the emulator and compare with closed forms; half a minute.",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object, for programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure and print; 1 where a figure is out of its tolerance."""
    found = list(comparisons(_traces()))
    if args.json:
        rows = [{**asdict(c), "difference": c.difference, "holds": c.holds} for c in found]
        print(json.dumps({"comparisons": rows}))
    else:
        print(table(HEADER, map(_row, found)))
    return 0 if all(comparison.holds for comparison in found) else 1


def _traces() -> Iterator[Trace]:
    yield from map(read_trace, sorted((share("config") / "links" / "traces").glob("*.trace")))


def _row(c: Comparison) -> list[str]:
    unit = f" {c.unit}" if c.unit else ""
    mark = "" if c.holds else " (missed)"
    return [
        c.what,
        f"`{c.formula}`",
        f"{_figure(c.expected)}{unit}",
        f"{_figure(c.measured)}{unit}",
        f"{100 * c.difference:+.2f} %{mark}",
        f"{100 * c.tolerance:g} %",
    ]


def _figure(value: float) -> str:
    return f"{value:.0f}" if value >= 1000 else f"{value:.4g}"
