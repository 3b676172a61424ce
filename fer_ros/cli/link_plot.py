"""`fer_ros link plot`: a recorded run drawn over time."""

from __future__ import annotations

import argparse
import json
import sys
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fer_ros.errors import ParameterError
from fer_ros.link.ladder import load_ladder
from fer_ros.resources import share

if TYPE_CHECKING:
    from fer_ros.bags.run import RecordedRun
    from fer_ros.evaluate.run_figures import RunFigures

SUFFIX = ".png"


def add(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser(
        "plot",
        help="draw a recorded run: mode, rung, rates, age and both estimates over time",
        description="Draw what `fer_ros run --record` wrote, as one PNG. No ROS is needed.",
    )
    parser.add_argument("bag", type=Path, metavar="BAG", help="a rosbag2 folder, .mcap or .db3 file")
    parser.add_argument(
        "--out", type=Path, default=Path("link.png"), metavar="PNG", help="file (default link.png)"
    )
    parser.add_argument("--namespace", default="", help="of the robot, where the bag holds several")
    parser.add_argument("--json", action="store_true", help="the figures as one JSON object, for programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read, draw, and say the figures."""
    from fer_ros.bags.run import read_run
    from fer_ros.evaluate import canvas
    from fer_ros.evaluate.run_figures import figures_of
    from fer_ros.evaluate.run_plot import run_plot

    if args.out.suffix.lower() != SUFFIX:
        raise ParameterError(f"{args.out} is no name for a plot; it takes one that ends in {SUFFIX}")
    canvas.require_matplotlib()
    recorded = read_run(args.bag, args.namespace)
    if recorded.damage:
        print(f"fer_ros: {recorded.damage}", file=sys.stderr)
    figures = figures_of(recorded)
    ladder = load_ladder(share("config") / "ladder.yaml")
    canvas.save(run_plot(recorded, ladder, title_of(recorded, figures)), args.out)
    print(json.dumps(figures.as_dict()) if args.json else f"{args.out}: {_text(figures)}")
    return 0


def title_of(recorded: RecordedRun, figures: RunFigures) -> str:
    """A title that says the run, its links and whose face it is about."""
    links = ", ".join(dict.fromkeys(at.profile for at in recorded.link)) or "no report of a link"
    face = recorded.main_face
    others = f", {face} of {recorded.faces} faces" if recorded.faces > 1 else ""
    return f"{recorded.name}: {figures.span_s:.0f} s over {links}{others}"


def _text(figures: RunFigures) -> str:
    return (
        f"{figures.span_s:.1f} s, {figures.mode_changes} mode changes, {figures.results} cloud results "
        f"{_number(figures.arrival_p50_ms)} ms old on arrival (p95 {_number(figures.arrival_p95_ms)} ms), "
        f"longest gap between estimates {_number(figures.longest_gap_ms)} ms"
    )


def _number(value: float) -> str:
    return f"{value:.0f}" if isfinite(value) else "-"
